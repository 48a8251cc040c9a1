package dev.watermill.broker;

import java.lang.reflect.Type;
import java.util.Map;

/**
 * What is known of a stream when a mill is assembled.
 *
 * @param <T> the type of the elements
 * @param name the name of the stream, unique within its mill
 * @param type the Java type of the elements
 * @param properties the broker's own settings for this stream, as its user wrote them
 * @since 0.1.0
 */
public record StreamDefinition<T>(String name, Type type, Map<String, String> properties) {

	/**
	 * Create a definition.
	 * @param name the name of the stream, unique within its mill
	 * @param type the Java type of the elements
	 * @param properties the broker's own settings for this stream
	 */
	public StreamDefinition {
		properties = Map.copyOf(properties);
	}

	/**
	 * Return the definition of a stream without settings.
	 * @param <T> the type of the elements
	 * @param name the name of the stream
	 * @param type the Java type of the elements
	 * @return the definition
	 */
	public static <T> StreamDefinition<T> of(String name, Class<T> type) {
		return new StreamDefinition<>(name, type, Map.of());
	}

}
