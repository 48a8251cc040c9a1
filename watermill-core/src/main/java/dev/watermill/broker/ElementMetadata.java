package dev.watermill.broker;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a broker knows of an element besides its value.
 *
 * @param timestamp when the element was written or happened, {@code null} if the broker
 * keeps no time
 * @param headers the headers of the record, by name; empty if there are none
 * @since 0.1.0
 */
public record ElementMetadata(@Nullable Instant timestamp, Map<String, byte[]> headers) {

	/**
	 * Create metadata.
	 * @param timestamp when the element was written or happened
	 * @param headers the headers of the record, by name
	 */
	public ElementMetadata {
		headers = Map.copyOf(headers);
	}

}
