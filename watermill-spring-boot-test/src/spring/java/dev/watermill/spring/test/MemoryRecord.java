package dev.watermill.spring.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a stream in memory: an element as JSON, with what records of topics have
 * besides.
 *
 * @param partition the number of the partition that it stands in
 * @param json the element in UTF-8, {@code null} for a tombstone
 * @param written the result that it was made of, {@code null} if it was given
 * @param key the key of the record
 * @param timestamp when it was written or happened
 * @param headers the headers of the record, by name
 * @param at when it is there for readers, after the start of the clock
 */
record MemoryRecord(int partition, byte @Nullable [] json, @Nullable Object written, byte @Nullable [] key,
		@Nullable Instant timestamp, Map<String, byte[]> headers, Duration at) implements RecordFacts {

	MemoryRecord(int partition, byte @Nullable [] json, @Nullable Object written, byte @Nullable [] key,
			@Nullable Instant timestamp, Map<String, byte[]> headers, Duration at) {
		// written out, since of a compact one compilers forget which arrays may be null
		this.partition = partition;
		this.json = json;
		this.written = written;
		this.key = key;
		this.timestamp = timestamp;
		this.headers = Map.copyOf(headers);
		this.at = at;
	}

	@Override
	public byte @Nullable [] header(String name) {
		return this.headers.get(name);
	}

}
