package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that reads several partitions of a topic, of which some may pause. What a
 * poll costs here depends on the partitions that came, not on those that are read. Used
 * by one thread.
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

	Collection<PartitionSource> sources() {
		return this.sources.values();
	}

	@Nullable PartitionSource source(TopicPartition partition) {
		return this.sources.get(partition);
	}

	int size() {
		return this.sources.size();
	}

	/**
	 * Read partitions, too. They have to seek before the next poll.
	 */
	void add(Collection<PartitionSource> added) {
		added.forEach((source) -> this.sources.put(source.partition(), source));
		this.consumer.assign(this.sources.keySet());
		// what was read before and paused would still do so
		this.consumer.resume(added.stream().map(PartitionSource::partition).toList());
	}

	/**
	 * Read partitions no more.
	 */
	void remove(Collection<PartitionSource> removed) {
		if (removed.stream().filter((source) -> this.sources.remove(source.partition(), source)).count() > 0) {
			this.consumer.assign(this.sources.keySet());
		}
	}

	/**
	 * Let a partition pause, or go on.
	 */
	void pause(PartitionSource source, boolean pauses) {
		List<TopicPartition> partition = List.of(source.partition());
		if (pauses) {
			this.consumer.pause(partition);
		}
		else {
			this.consumer.resume(partition);
		}
	}

	/**
	 * Wait a little for records, or until somebody wakes this thread.
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
		return pollNow();
	}

	/**
	 * Wait a little for records before those that were polled are done with. They come
	 * again with the next {@link #poll()}.
	 */
	ConsumerRecords<byte[], byte[]> pollAhead() {
		if (this.failure != null) {
			return ConsumerRecords.empty();
		}
		try {
			ConsumerRecords<byte[], byte[]> records = pollNow();
			if (!records.nextOffsets().isEmpty()) {
				this.pending.add(records);
			}
			return records;
		}
		catch (OffsetOutOfRangeException ex) {
			this.failure = ex;
			return ConsumerRecords.empty();
		}
	}

	private ConsumerRecords<byte[], byte[]> pollNow() {
		ConsumerRecords<byte[], byte[]> records;
		try {
			records = this.consumer.poll(POLL);
		}
		catch (WakeupException ex) {
			return ConsumerRecords.empty();
		}
		records.nextOffsets().forEach((partition, next) -> {
			PartitionSource source = this.sources.get(partition);
			if (source != null) {
				source.polled(records);
			}
		});
		return records;
	}

	/**
	 * Ask the consumer something for which a wake-up is no answer: it was meant for a
	 * poll that was over by then.
	 */
	static <V> V undisturbed(Supplier<V> question) {
		while (true) {
			try {
				return question.get();
			}
			catch (WakeupException ex) {
				// it comes once
			}
		}
	}

	/**
	 * Whether something was polled ahead of its turn, so that the partitions have to stay
	 * what they are.
	 */
	boolean isAhead() {
		return !this.pending.isEmpty() || this.failure != null;
	}

}
