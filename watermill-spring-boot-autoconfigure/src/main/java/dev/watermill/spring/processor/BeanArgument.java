package dev.watermill.spring.processor;

import dev.watermill.spring.diagnostics.MissingArgumentException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.annotation.SynthesizingMethodParameter;

/**
 * Finds the bean for an argument that is no stream, by the rules for any injection.
 */
final class BeanArgument {

	private BeanArgument() {
	}

	static @Nullable Object resolve(ProcessorSource source, Argument argument) {
		DependencyDescriptor descriptor = new DependencyDescriptor(
				new SynthesizingMethodParameter(source.method(), argument.index()), true);
		descriptor.setContainingClass(source.type());
		descriptor.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
		try {
			Object bean = source.beanFactory().resolveDependency(descriptor, source.beanName());
			if (bean == null && argument.parameter().getParameterType().isPrimitive()) {
				throw missing(source, argument, null);
			}
			return bean;
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new MissingArgumentException(source.subject() + " needs one bean for its " + argument.describe()
					+ ", but there are " + ex.getNumberOfBeansFound()
					+ ((ex.getBeanNamesFound() != null) ? ": " + String.join(", ", ex.getBeanNamesFound()) : "") + ".",
					"Choose one with @Qualifier on the argument, or mark one as @Primary.", ex);
		}
		catch (NoSuchBeanDefinitionException ex) {
			throw missing(source, argument, ex);
		}
	}

	private static MissingArgumentException missing(ProcessorSource source, Argument argument,
			@Nullable BeansException cause) {
		return new MissingArgumentException(
				source.subject() + " needs a bean for its " + argument.describe() + ", but there is none.",
				"Define such a bean, or mark the argument as @Nullable. If it is meant to be a stream, make it a Map "
						+ "keyed by the type of another stream argument, or put @JoinOn or @FromStream on it.",
				cause);
	}

}
