package dev.watermill.spring.test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An element, or a result, with what a record of a topic has besides its value: for
 * processors that ask for it, by {@code #key}, {@code @RecordHeader} or the context of a
 * delivery. Immutable.
 *
 * @param value the element, {@code null} for a tombstone
 * @param key the key, {@code null} for none
 * @param timestamp when it was written or happened, {@code null} if nobody says
 * @param headers the headers by their names, as texts
 * @since 0.1.0
 */
public record StreamRecord(@Nullable Object value, @Nullable String key, @Nullable Instant timestamp,
		Map<String, String> headers) {

	/**
	 * Create a record.
	 * @param value the element
	 * @param key the key
	 * @param timestamp when it was written or happened
	 * @param headers the headers by their names
	 */
	public StreamRecord {
		headers = Map.copyOf(headers);
	}

	/**
	 * Return a record of nothing but a value.
	 * @param value the element, {@code null} for a tombstone
	 * @return the record
	 */
	public static StreamRecord of(@Nullable Object value) {
		return new StreamRecord(value, null, null, Map.of());
	}

	/**
	 * Return this record with a key.
	 * @param newKey the key
	 * @return another record
	 */
	public StreamRecord withKey(String newKey) {
		return new StreamRecord(this.value, newKey, this.timestamp, this.headers);
	}

	/**
	 * Return this record with a timestamp.
	 * @param newTimestamp when it was written or happened
	 * @return another record
	 */
	public StreamRecord withTimestamp(Instant newTimestamp) {
		return new StreamRecord(this.value, this.key, newTimestamp, this.headers);
	}

	/**
	 * Return this record with one more header.
	 * @param name the name of the header
	 * @param text its value
	 * @return another record
	 */
	public StreamRecord withHeader(String name, String text) {
		Map<String, String> more = new HashMap<>(this.headers);
		more.put(name, text);
		return new StreamRecord(this.value, this.key, this.timestamp, more);
	}

	static StreamRecord of(@Nullable Object value, MemoryRecord record) {
		Map<String, String> texts = new HashMap<>();
		record.headers().forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.UTF_8)));
		return new StreamRecord(value, DecodedBatch.text(record.key()), record.timestamp(), texts);
	}

	byte @Nullable [] keyBytes() {
		return (this.key != null) ? this.key.getBytes(StandardCharsets.UTF_8) : null;
	}

	Map<String, byte[]> headerBytes() {
		Map<String, byte[]> bytes = new HashMap<>();
		this.headers.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
		return bytes;
	}

}
