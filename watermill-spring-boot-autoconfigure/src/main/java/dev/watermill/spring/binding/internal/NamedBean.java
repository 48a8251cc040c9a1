package dev.watermill.spring.binding.internal;

import java.util.List;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.naming.internal.NearestName;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Finds a bean that a property names.
 *
 * @since 0.1.0
 */
public final class NamedBean {

	private NamedBean() {
	}

	/**
	 * Find the bean.
	 * @param <T> the type it has to have
	 * @param beanFactory where it is
	 * @param name its name
	 * @param type the type it has to have
	 * @param property the property that names it, in full
	 * @return the bean
	 * @throws InvalidBindingException if there is none
	 */
	public static <T> T get(ListableBeanFactory beanFactory, String name, Class<T> type, String property) {
		if (beanFactory.containsBean(name) && beanFactory.isTypeMatch(name, type)) {
			return beanFactory.getBean(name, type);
		}
		List<String> known = List.of(beanFactory.getBeanNamesForType(type));
		throw new InvalidBindingException(
				property + " names the bean '" + name + "', but there is no "
						+ (beanFactory.containsBean(name) ? type.getSimpleName() + " of this name" : "such bean") + ".",
				NearestName.question(name, known) + "Define a bean of this name and of type " + type.getSimpleName()
						+ (known.isEmpty() ? "." : ", or name one that exists: " + String.join(", ", known) + "."));
	}

}
