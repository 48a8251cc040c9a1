package dev.watermill.spring.kafka;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Gets a bean of which topics need one.
 */
final class OneBean {

	private OneBean() {
	}

	static <T> T required(ObjectProvider<T> beans, String type) {
		T bean = available(beans, type);
		if (bean == null) {
			throw new InvalidBindingException(
					"Streams are bound to Kafka topics, but there is no " + type + " bean to connect with.",
					"Add the dependency org.springframework.boot:spring-boot-starter-kafka, whose auto-configuration "
							+ "makes one, or define one.");
		}
		return bean;
	}

	static <T> @Nullable T available(ObjectProvider<T> beans, String type) {
		try {
			return beans.getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new InvalidBindingException(
					"Streams are bound to Kafka topics, but there are several " + type + " beans to connect with"
							+ ((ex.getBeanNamesFound() != null) ? ": " + String.join(", ", ex.getBeanNamesFound()) : "")
							+ ".",
					"Mark one as @Primary, or the others as @Bean(defaultCandidate = false). A stream in another "
							+ "cluster names the KafkaBroker bean of that in its property broker.",
					ex);
		}
	}

}
