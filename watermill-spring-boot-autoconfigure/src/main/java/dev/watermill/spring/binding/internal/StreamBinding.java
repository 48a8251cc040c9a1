package dev.watermill.spring.binding.internal;

import java.util.Map;

import dev.watermill.broker.Broker;

/**
 * Where a stream lives.
 *
 * @param property the property that says so, such as {@code file}
 * @param broker the broker
 * @param settings the broker's own settings for the stream
 * @since 0.1.0
 */
public record StreamBinding(String property, Broker broker, Map<String, String> settings) {

	/**
	 * Create a binding.
	 */
	public StreamBinding {
		settings = Map.copyOf(settings);
	}

}
