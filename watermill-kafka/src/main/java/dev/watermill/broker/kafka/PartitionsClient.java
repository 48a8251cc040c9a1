package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that reads several partitions of a topic, of which some may pause. Used by
 * one thread.
 */
final class PartitionsClient {

	private static final Duration POLL = Duration.ofMillis(100);

	private final Consumer<byte[], byte[]> consumer;

	private final Map<TopicPartition, PartitionSource> sources = new LinkedHashMap<>();

	/** What was polled ahead of its turn. */
	private final Deque<ConsumerRecords<byte[], byte[]>> pending = new ArrayDeque<>();

	/** What came instead of records that were polled ahead of their turn. */
	private @Nullable OffsetOutOfRangeException failure;

	PartitionsClient(Consumer<byte[], byte[]> consumer) {
		this.consumer = consumer;
	}

	Consumer<byte[], byte[]> consumer() {
		return this.consumer;
	}

	/**
	 * Read a partition, too. It has to seek before the next poll.
	 */
	void add(PartitionSource source) {
		this.sources.put(source.partition(), source);
		this.consumer.assign(this.sources.keySet());
	}

	/**
	 * Read a partition no more.
	 */
	void remove(PartitionSource source) {
		this.sources.remove(source.partition());
		this.consumer.assign(this.sources.keySet());
	}

	/**
	 * Let some partitions pause, and all others go on.
	 */
	void pauseOnly(Collection<TopicPartition> partitions) {
		Set<TopicPartition> resumed = new HashSet<>(this.consumer.paused());
		resumed.removeAll(partitions);
		if (!resumed.isEmpty()) {
			this.consumer.resume(resumed);
		}
		if (!partitions.isEmpty()) {
			this.consumer.pause(partitions);
		}
	}

	/**
	 * Wait a little for records.
	 * @throws OffsetOutOfRangeException if what stood at the position of a partition is
	 * gone
	 */
	ConsumerRecords<byte[], byte[]> poll() {
		ConsumerRecords<byte[], byte[]> records = this.pending.poll();
		if (records != null) {
			return records;
		}
		OffsetOutOfRangeException known = this.failure;
		this.failure = null;
		if (known != null) {
			throw known;
		}
		records = this.consumer.poll(POLL);
		for (PartitionSource source : this.sources.values()) {
			source.polled(records);
		}
		return records;
	}

	/**
	 * Wait a little for records before those that were polled are done with. They come
	 * again with the next {@link #poll()}.
	 */
	ConsumerRecords<byte[], byte[]> pollAhead() {
		if (this.failure != null) {
			return ConsumerRecords.empty();
		}
		ConsumerRecords<byte[], byte[]> records;
		try {
			records = this.consumer.poll(POLL);
		}
		catch (OffsetOutOfRangeException ex) {
			this.failure = ex;
			return ConsumerRecords.empty();
		}
		if (!records.isEmpty()) {
			this.pending.add(records);
		}
		for (PartitionSource source : this.sources.values()) {
			source.polled(records);
		}
		return records;
	}

	/**
	 * Whether something was polled ahead of its turn, so that the partitions have to stay
	 * what they are.
	 */
	boolean isAhead() {
		return !this.pending.isEmpty() || this.failure != null;
	}

}
