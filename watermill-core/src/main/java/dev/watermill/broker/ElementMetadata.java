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
 * @param partition the partition it stands in, -1 if there are none
 * @param offset its offset in the partition, -1 if there is none
 * @since 0.1.0
 */
public record ElementMetadata(@Nullable Instant timestamp, Map<String, byte[]> headers, int partition, long offset) {

	/**
	 * Create metadata.
	 * @param timestamp when the element was written or happened
	 * @param headers the headers of the record, by name
	 * @param partition the partition it stands in, -1 if there are none
	 * @param offset its offset in the partition, -1 if there is none
	 */
	public ElementMetadata {
		headers = Map.copyOf(headers);
	}

}
