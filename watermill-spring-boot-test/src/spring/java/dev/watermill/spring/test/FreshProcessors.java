package dev.watermill.spring.test;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.watermill.spring.WaterMillProcessor;

import org.springframework.aop.framework.ProxyProcessorSupport;
import org.springframework.beans.factory.annotation.AutowiredAnnotationBeanPostProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Makes processors anew, as a process that is started again does: what they had in fields
 * is gone. All other beans are those of the application, unless they are named.
 */
final class FreshProcessors {

	/** What of a bean's making is repeated: nothing that makes it known to others. */
	private static final Set<String> REPEATED = Set.of(
			"org.springframework.context.support.ApplicationContextAwareProcessor",
			"org.springframework.context.annotation.CommonAnnotationBeanPostProcessor",
			"org.springframework.boot.context.properties.ConfigurationPropertiesBindingPostProcessor");

	private final ConfigurableListableBeanFactory beanFactory;

	private final List<String> names;

	/**
	 * Create an object that makes processors.
	 * @param beanFactory where they are
	 * @param others the types of other beans to make anew
	 */
	FreshProcessors(ConfigurableListableBeanFactory beanFactory, Class<?>... others) {
		this.beanFactory = beanFactory;
		this.names = Arrays.stream(beanFactory.getBeanDefinitionNames())
			.filter((name) -> isProcessor(name)
					|| Arrays.stream(others).anyMatch((type) -> beanFactory.isTypeMatch(name, type)))
			.toList();
	}

	/**
	 * Make them.
	 * @return where they are, to be destroyed by the caller
	 */
	DefaultListableBeanFactory make() {
		DefaultListableBeanFactory fresh = new DefaultListableBeanFactory(this.beanFactory);
		fresh.copyConfigurationFrom(this.beanFactory);
		List<BeanPostProcessor> kept = fresh.getBeanPostProcessors()
			.stream()
			.filter((processor) -> processor instanceof ProxyProcessorSupport
					|| REPEATED.contains(processor.getClass().getName()))
			.toList();
		fresh.getBeanPostProcessors().clear();
		AutowiredAnnotationBeanPostProcessor autowiring = new AutowiredAnnotationBeanPostProcessor();
		autowiring.setBeanFactory(fresh);
		fresh.addBeanPostProcessor(autowiring);
		kept.forEach(fresh::addBeanPostProcessor);
		for (String name : this.names) {
			BeanDefinition definition = this.beanFactory.getBeanDefinition(name);
			if (definition instanceof AbstractBeanDefinition known) {
				fresh.registerBeanDefinition(name, known.cloneBeanDefinition());
			}
		}
		return fresh;
	}

	private boolean isProcessor(String name) {
		Class<?> type = this.beanFactory.getType(name, false);
		if (type == null) {
			return false;
		}
		return this.beanFactory.findAnnotationOnBean(name, WaterMillProcessor.class, false) != null
				|| !MethodIntrospector
					.selectMethods(ClassUtils.getUserClass(type),
							(MethodIntrospector.MetadataLookup<WaterMillProcessor>) (method) -> AnnotatedElementUtils
								.hasAnnotation(method, Bean.class) ? null
										: AnnotatedElementUtils.findMergedAnnotation(method, WaterMillProcessor.class))
					.isEmpty();
	}

}
