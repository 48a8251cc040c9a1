package dev.watermill.spring.processor.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.watermill.spring.diagnostics.MillConfigurationException.MissingArgumentException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;

/**
 * Finds the bean for an argument that is no stream, by the rules for any injection.
 */
final class BeanArgument {

	private BeanArgument() {
	}

	/**
	 * Find the bean.
	 * @param used is given the names of the beans that the argument stands for
	 */
	static @Nullable Object resolve(ProcessorSource source, Argument argument, Set<String> used) {
		DependencyDescriptor descriptor = new DependencyDescriptor(
				new SynthesizingMethodParameter(source.method(), argument.index()), true);
		descriptor.setContainingClass(source.type());
		descriptor.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
		try {
			Set<String> found = new LinkedHashSet<>();
			Object bean = source.beanFactory().resolveDependency(descriptor, source.beanName(), found, null);
			if (found.isEmpty()) {
				// an Optional or an ObjectProvider, which says so only when it is asked
				found.addAll(ofType(source, argument));
			}
			found.forEach((name) -> ProcessorBeanCheck.argumentScope(source, argument, name));
			used.addAll(found);
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

	private static List<String> ofType(ProcessorSource source, Argument argument) {
		ResolvableType type = ResolvableType.forMethodParameter(argument.parameter());
		return type.hasGenerics() ? List.of(source.beanFactory().getBeanNamesForType(type.getGeneric(), true, false))
				: List.of();
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
