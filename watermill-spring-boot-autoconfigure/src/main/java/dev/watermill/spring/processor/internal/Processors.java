package dev.watermill.spring.processor.internal;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidProcessorException;
import dev.watermill.spring.naming.internal.RelaxedName;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Finds the processing functions among the beans of an application.
 *
 * @since 0.1.0
 */
public final class Processors {

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Create an object that finds processing functions.
	 * @param beanFactory where the beans are
	 */
	public Processors(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Find all processing functions.
	 * @return the processors, in the order of the beans
	 * @throws dev.watermill.spring.diagnostics.MillConfigurationException if one of them
	 * can't be used
	 */
	public List<Processor> find() {
		return sources(true).stream().map(this::toProcessor).toList();
	}

	/**
	 * Find where processing functions are.
	 * @param eager whether beans may be created in order to know what type they have
	 */
	List<ProcessorSource> sources(boolean eager) {
		List<ProcessorSource> sources = new ArrayList<>();
		for (String beanName : this.beanFactory.getBeanNamesForType(Object.class, true, eager)) {
			Class<?> type = ScopedProxyUtils.isScopedTarget(beanName) ? null : targetClass(beanName);
			if (type != null && !type.getName().startsWith("org.springframework.")) {
				find(beanName, ClassUtils.getUserClass(type), sources);
			}
		}
		return sources;
	}

	private @Nullable Class<?> targetClass(String beanName) {
		try {
			String scoped = ScopedProxyUtils.getTargetBeanName(beanName);
			return AutoProxyUtils.determineTargetClass(this.beanFactory,
					this.beanFactory.containsBeanDefinition(scoped) ? scoped : beanName);
		}
		catch (RuntimeException | LinkageError ex) {
			// A type that can't be loaded belongs to a bean that nobody can use
			return null;
		}
	}

	private void find(String beanName, Class<?> type, List<ProcessorSource> found) {
		BeanDefinition definition = this.beanFactory.containsBeanDefinition(beanName)
				? this.beanFactory.getMergedBeanDefinition(beanName) : null;
		WaterMillProcessor annotation = annotation(type, definition);
		if (annotation == null && !AnnotationUtils.isCandidateClass(type, WaterMillProcessor.class)) {
			return;
		}
		List<Map.Entry<Method, WaterMillProcessor>> methods = (annotation != null) ? ProcessorMethods.annotated(type)
				: ProcessorMethods.annotatedIfLoadable(type);
		if (annotation != null) {
			checkNotBoth(type, methods);
			String mill = name(annotation, beanName.equals(type.getName()) ? type.getSimpleName() : beanName);
			Method method = ProcessorMethods.single(mill, type, new ContainerCallbacks(definition));
			found.add(new ProcessorSource(mill, beanName, type, method, this.beanFactory));
		}
		methods.forEach((entry) -> {
			ProcessorMethods.checkAnnotated(type, entry.getKey());
			found.add(new ProcessorSource(name(entry.getValue(), entry.getKey().getName()), beanName, type,
					entry.getKey(), this.beanFactory));
		});
	}

	private static @Nullable WaterMillProcessor annotation(Class<?> type, @Nullable BeanDefinition definition) {
		if (definition instanceof RootBeanDefinition bean && bean.getResolvedFactoryMethod() != null) {
			WaterMillProcessor annotation = AnnotatedElementUtils.findMergedAnnotation(bean.getResolvedFactoryMethod(),
					WaterMillProcessor.class);
			if (annotation != null) {
				return annotation;
			}
		}
		return AnnotatedElementUtils.getMergedAnnotation(type, WaterMillProcessor.class);
	}

	private static void checkNotBoth(Class<?> type, List<Map.Entry<Method, WaterMillProcessor>> methods) {
		if (!methods.isEmpty()) {
			throw new InvalidProcessorException("The class " + ClassUtils.getShortName(type)
					+ " is annotated with @WaterMillProcessor, and so are " + "methods of it: "
					+ String.join(", ", methods.stream().map((entry) -> entry.getKey().getName()).toList()) + ".",
					"Annotate the class, if it has one processing function, or the methods, with @Component on the "
							+ "class.");
		}
	}

	private String name(WaterMillProcessor annotation, String defaultName) {
		String name = this.beanFactory.resolveEmbeddedValue(annotation.value());
		return (name != null && !name.isBlank()) ? name.trim() : RelaxedName.kebab(defaultName);
	}

	private Processor toProcessor(ProcessorSource source) {
		Signature signature = new Signature(source);
		ProcessorBeanCheck.scope(source);
		Object bean = this.beanFactory.getBean(source.beanName());
		ProcessorBeanCheck.synchronous(source, bean);
		return signature.toProcessor(bean, ProcessorMethods.invocable(source, bean));
	}

}
