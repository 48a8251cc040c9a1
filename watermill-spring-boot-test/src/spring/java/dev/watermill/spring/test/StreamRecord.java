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
 * @param partition the partition that it stands in, from 0
 * @since 0.1.0
 */
public record StreamRecord(@Nullable Object value, @Nullable String key, @Nullable Instant timestamp,
		Map<String, String> headers, int partition) {

	/**
	 * Create a record.
	 * @param value the element
	 * @param key the key
	 * @param timestamp when it was written or happened
	 * @param headers the headers by their names
	 * @param partition the partition that it stands in
	 * @throws IllegalArgumentException if the partition is less than 0
	 */
	public StreamRecord {
		headers = Map.copyOf(headers);
		if (partition < 0) {
			throw new IllegalArgumentException("Partitions are counted from 0, but this is " + partition);
		}
	}

	/**
	 * Return a record of nothing but a value.
	 * @param value the element, {@code null} for a tombstone
	 * @return the record
	 */
	public static StreamRecord of(@Nullable Object value) {
		return new StreamRecord(value, null, null, Map.of(), 0);
	}

	/**
	 * Return this record with a key.
	 * @param newKey the key
	 * @return another record
	 */
	public StreamRecord withKey(String newKey) {
		return new StreamRecord(this.value, newKey, this.timestamp, this.headers, this.partition);
	}

	/**
	 * Return this record with a timestamp.
	 * @param newTimestamp when it was written or happened
	 * @return another record
	 */
	public StreamRecord withTimestamp(Instant newTimestamp) {
		return new StreamRecord(this.value, this.key, newTimestamp, this.headers, this.partition);
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
		return new StreamRecord(this.value, this.key, this.timestamp, more, this.partition);
	}

	/**
	 * Return this record in a partition. Partition p of all streams that are partitioned
	 * makes the lane p of a mill.
	 * @param number the number of the partition, from 0
	 * @return another record
	 */
	public StreamRecord inPartition(int number) {
		return new StreamRecord(this.value, this.key, this.timestamp, this.headers, number);
	}

	static StreamRecord of(@Nullable Object value, MemoryRecord record) {
		Map<String, String> texts = new HashMap<>();
		record.headers().forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.UTF_8)));
		return new StreamRecord(value, DecodedBatch.text(record.key()), record.timestamp(), texts, record.partition());
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
