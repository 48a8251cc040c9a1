package dev.watermill.spring.binding;

import dev.watermill.broker.BrokerException;
import dev.watermill.spring.diagnostics.MillConfigurationException;
import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

/**
 * Knows one kind of place that streams live in, and the settings by which a stream is
 * bound to it. All beans of this type are asked.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BindingResolver {

	/**
	 * Resolve the binding of a stream.
	 * @param stream the name of the stream
	 * @param properties its settings
	 * @return the binding, {@code null} if the settings name no place of this kind
	 * @throws MillConfigurationException if they name one that can't be used
	 */
	@Nullable StreamBinding resolve(String stream, StreamProperties properties);

	/**
	 * Explain why the place of a stream can't be used with its settings, by the
	 * properties that they come from.
	 * @param stream the name of the stream
	 * @param properties its settings
	 * @param problem what the broker says
	 * @return the explanation, {@code null} if there is nothing to add
	 */
	default @Nullable MillConfigurationException explain(String stream, StreamProperties properties,
			BrokerException problem) {
		return null;
	}

}
