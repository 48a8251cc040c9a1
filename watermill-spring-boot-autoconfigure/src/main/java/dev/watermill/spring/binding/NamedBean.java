package dev.watermill.spring.binding;

import java.util.List;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.naming.NearestName;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Finds a bean that a property names.
 */
final class NamedBean {

	private NamedBean() {
	}

	static <T> T get(ListableBeanFactory beanFactory, String name, Class<T> type, String property) {
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
