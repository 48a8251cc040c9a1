package dev.watermill.join.internal;

import java.util.Map;

import dev.watermill.broker.ElementMetadata;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where in a stream an element stands, and what is known of it besides itself. Whoever
 * holds it holds what the broker read there, and nothing of the merge, which may go on.
 * Immutable.
 *
 * @since 0.1.0
 */
public sealed interface Standing permits ReadStanding, NotedStanding {

	/**
	 * Where it is read again.
	 * @return the position, {@code null} for the start of the stream
	 */
	@Nullable Position position();

	/**
	 * Where it stands, for people.
	 * @return its origin
	 */
	String origin();

	/**
	 * Its key, of the first expression on its stream.
	 * @return the normal form of the key, {@code null} if there is no expression
	 */
	@Nullable Object key();

	/**
	 * What the broker knows of it.
	 * @return the metadata, {@code null} if there is none
	 */
	@Nullable ElementMetadata metadata();

	/**
	 * Its headers, which are asked for more often than the rest of its metadata.
	 * @return values by name, empty if there are none
	 */
	default Map<String, byte[]> headers() {
		ElementMetadata known = metadata();
		return (known != null) ? known.headers() : Map.of();
	}

}
