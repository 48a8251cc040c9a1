package dev.watermill.broker;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is to be known of a result besides its value, where it is written to a broker that
 * keeps such things.
 *
 * @param key the key of the record, {@code null} for none
 * @param timestamp the time of the record, {@code null} for the time of writing
 * @param headers the headers of the record, by name
 * @since 0.1.0
 */
public record ResultMetadata(@Nullable Object key, @Nullable Instant timestamp, Map<String, byte[]> headers) {

	/**
	 * Create metadata.
	 * @param key the key of the record
	 * @param timestamp the time of the record
	 * @param headers the headers of the record, by name
	 */
	public ResultMetadata {
		headers = Map.copyOf(headers);
	}

}
