package dev.watermill.broker;

import java.time.Instant;
import java.util.Map;

import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;

/**
 * What a broker knows of an element besides its value. Immutable, as far as nobody writes
 * to its arrays.
 *
 * @param timestamp when the element was written or happened, {@code null} if the broker
 * keeps no time
 * @param headers the headers of the record, by name; empty if there are none
 * @param partition the partition it stands in, -1 if there are none
 * @param offset its offset in the partition, -1 if there is none
 * @param key the key of the record, {@code null} if there is none
 * @since 0.1.0
 */
public record ElementMetadata(@Nullable Instant timestamp, Map<String, byte[]> headers, int partition, long offset,
		byte @Nullable [] key) implements RecordFacts {

	/**
	 * Create metadata.
	 * @param timestamp when the element was written or happened
	 * @param headers the headers of the record, by name
	 * @param partition the partition it stands in, -1 if there are none
	 * @param offset its offset in the partition, -1 if there is none
	 * @param key the key of the record
	 */
	public ElementMetadata(@Nullable Instant timestamp, Map<String, byte[]> headers, int partition, long offset,
			byte @Nullable [] key) {
		// written out, since of a compact one compilers forget which arrays may be null
		this.timestamp = timestamp;
		this.headers = Map.copyOf(headers);
		this.partition = partition;
		this.offset = offset;
		this.key = key;
	}

	/**
	 * Create metadata of a record without a key.
	 * @param timestamp when the element was written or happened
	 * @param headers the headers of the record, by name
	 * @param partition the partition it stands in, -1 if there are none
	 * @param offset its offset in the partition, -1 if there is none
	 */
	public ElementMetadata(@Nullable Instant timestamp, Map<String, byte[]> headers, int partition, long offset) {
		this(timestamp, headers, partition, offset, null);
	}

	@Override
	public byte @Nullable [] header(String name) {
		return this.headers.get(name);
	}

}
