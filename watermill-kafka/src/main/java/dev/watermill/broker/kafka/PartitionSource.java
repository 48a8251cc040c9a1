package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the partitions that a client reads: where it stands, what came of it, and what
 * its silence means. Used by the client's thread.
 */
final class PartitionSource {

	private static final Logger logger = LoggerFactory.getLogger(PartitionSource.class);

	/** How long nothing comes before the broker is asked whether that is right. */
	private static final long SILENCE = Duration.ofSeconds(1).toNanos();

	/** How long an open transaction may hold back what is there before it is reported. */
	private static final long HELD_BACK = Duration.ofSeconds(10).toNanos();

	private final FetchTarget target;

	private final TopicPartition partition;

	private final PartitionsClient client;

	private final TopicGuard guard;

	private final PartitionEnd end;

	private final ChunkCutter cutter;

	private @Nullable String topicId;

	/** Where the client stands, as of when it last moved. */
	private @Nullable OffsetAndMetadata moved;

	private long silentSince = System.nanoTime();

	private long askedAt = this.silentSince;

	private boolean transactionReported;

	PartitionSource(FetchTarget target, RecordDecoding decoding, PartitionsClient client, TopicGuard guard,
			PartitionEnd end) {
		this.target = target;
		this.partition = target.partition();
		this.client = client;
		this.guard = guard;
		this.end = end;
		this.cutter = new ChunkCutter(this, decoding);
	}

	TopicPartition partition() {
		return this.partition;
	}

	/**
	 * Go where reading begins.
	 * @param positions where the readers begin, the first of them first
	 * @throws BrokerException if what stood there is gone
	 */
	void begin(List<KafkaPosition> positions) {
		long offset = positions.get(0).offset();
		this.topicId = this.guard.open(this.target.lane(), positions);
		this.client.add(this);
		try {
			long first = Offsets.first(this.client.consumer(), this.partition);
			this.end.begin(first);
			if (offset < first) {
				throw lost(offset, first);
			}
			this.end.at(Offsets.end(this.client.consumer(), this.partition));
			for (int i = positions.size() - 1; i >= 0; i--) {
				seek(positions.get(i));
			}
		}
		catch (OffsetOutOfRangeException ex) {
			throw gone(ex);
		}
		catch (TimeoutException ex) {
			throw away(ex);
		}
		this.end.answered(offset, offset >= this.end.known());
	}

	/**
	 * Go to a position, and see that the log reaches there still.
	 */
	private void seek(KafkaPosition position) {
		if (position.epoch() == KafkaPosition.UNKNOWN) {
			this.client.consumer().seek(this.partition, position.offset());
			return;
		}
		this.client.consumer()
			.seek(this.partition, new OffsetAndMetadata(position.offset(), Optional.of(position.epoch()), ""));
		this.client.consumer().position(this.partition, KafkaConnection.PATIENCE);
	}

	private BrokerException lost(long offset, long first) {
		return new BrokerException(this.target.topic()
			.message("is to be read on from offset " + offset + ", but begins at " + first + " now: " + (first - offset)
					+ " records were deleted before they were read. Keep records longer (retention.ms, "
					+ "retention.bytes); to go on without them, reset the mill."));
	}

	private BrokerUnavailableException away(TimeoutException failure) {
		return new BrokerUnavailableException(this.target.topic().message("can't be read: Kafka does not answer"),
				failure);
	}

	/**
	 * Say what happened to what stood at the position.
	 */
	BrokerException gone(OffsetOutOfRangeException failure) {
		long offset = failure.offsetOutOfRangePartitions().getOrDefault(this.partition, -1L);
		long first = Offsets.first(this.client.consumer(), this.partition);
		if (offset < first) {
			return lost(offset, first);
		}
		long last = Offsets.end(this.client.consumer(), this.partition);
		if (failure instanceof LogTruncationException truncation) {
			OffsetAndMetadata divergent = truncation.divergentOffsets().get(this.partition);
			last = (divergent != null) ? divergent.offset() : last;
		}
		return new BrokerException(this.target.topic()
			.message("is to be read on from offset " + offset + ", but what was read of it ends at " + last
					+ " now: it lost its tail (a leader that was behind took over, or a disk was lost), or was "
					+ "made anew. What stands there now may be "
					+ "other records. Reset the mill to begin at the start, or set the offsets of the consumer group '"
					+ this.target.group() + "' to where it is to go on."));
	}

	/**
	 * Note how far the client came, whether or not it is the turn of its records.
	 */
	void polled(ConsumerRecords<byte[], byte[]> records) {
		this.moved = records.nextOffsets().getOrDefault(this.partition, this.moved);
		if (!records.records(this.partition).isEmpty()) {
			OptionalLong lag = this.client.consumer().currentLag(this.partition);
			long behind = behind(records);
			lag.ifPresent((left) -> this.end.at(behind + left));
			this.end.answered(behind, lag.isPresent() && lag.getAsLong() == 0);
		}
	}

	/**
	 * Take what was polled of this partition.
	 * @param records what was polled of all partitions
	 * @param last the chunk before
	 * @param chunks is given what came
	 */
	void take(ConsumerRecords<byte[], byte[]> records, TopicChunk last, Consumer<TopicChunk> chunks) {
		List<ConsumerRecord<byte[], byte[]>> messages = records.records(this.partition);
		if (!messages.isEmpty()) {
			// others may have been polled ahead of their turn since
			this.moved = records.nextOffsets().getOrDefault(this.partition, this.moved);
			this.cutter.cut(messages, behind(records), last, chunks);
			this.silentSince = System.nanoTime();
			this.askedAt = this.silentSince;
			this.transactionReported = false;
		}
		else if (records.isEmpty() || System.nanoTime() - this.askedAt >= SILENCE) {
			// next to others that come, nothing of this one says little
			silent(last, chunks);
		}
	}

	private void silent(TopicChunk last, Consumer<TopicChunk> chunks) {
		long position = this.client.consumer().position(this.partition);
		if (position > last.end()) {
			// what was passed is no record: markers of transactions, or aborted ones
			TopicChunk passed = chunk(0, last);
			passed.endAt(position, epochAt(position));
			chunks.accept(passed);
		}
		long now = System.nanoTime();
		if (now - this.askedAt < SILENCE && this.end.isReached()) {
			return;
		}
		this.askedAt = now;
		try {
			this.end.at(Offsets.end(this.client.consumer(), this.partition));
		}
		catch (TimeoutException ex) {
			throw away(ex);
		}
		this.end.answered(position, position >= this.end.known());
		if (this.end.isReached() && now - this.silentSince > HELD_BACK && !this.transactionReported) {
			reportTransaction(position);
		}
	}

	/**
	 * Keep knowing how far the partition reaches while nothing of it is fetched, since
	 * those who read are slow, or hang.
	 */
	void peekEnd() {
		long now = System.nanoTime();
		if (now - this.askedAt < SILENCE) {
			return;
		}
		this.askedAt = now;
		try {
			this.end.at(Offsets.end(this.client.consumer(), this.partition));
		}
		catch (TimeoutException ex) {
			// whoever reads on gets to know
		}
	}

	private void reportTransaction(long position) {
		long last = new TopicAdmin(this.target.connection()).uncommittedEnd(this.target.topic(), this.partition);
		if (last > position) {
			logger.warn("{}", this.target.topic()
				.message("shows nothing behind offset " + position + ", although " + (last - position)
						+ " more are there: a transaction of another producer is open since. It ends, at the latest, "
						+ "after that producer's transaction.timeout.ms; kafka-transactions.sh find-hanging shows it."));
			this.transactionReported = true;
		}
		else {
			this.silentSince = System.nanoTime();
		}
	}

	private long behind(ConsumerRecords<byte[], byte[]> records) {
		OffsetAndMetadata next = records.nextOffsets().get(this.partition);
		return (next != null) ? next.offset() : this.client.consumer().position(this.partition);
	}

	/**
	 * Begin a chunk.
	 */
	TopicChunk chunk(int capacity, TopicChunk before) {
		return new TopicChunk(this.partition, this.topicId, capacity, before.end(), before);
	}

	/**
	 * The epoch of the leader that wrote what the client passed last, if that is where it
	 * stands.
	 */
	int epochAt(long offset) {
		OffsetAndMetadata stands = this.moved;
		return (stands != null && stands.offset() == offset) ? stands.leaderEpoch().orElse(KafkaPosition.UNKNOWN)
				: KafkaPosition.UNKNOWN;
	}

	/**
	 * See that the topic is what it was where a mark says that a stream is over.
	 * @param last whether it is the last record that was polled
	 */
	void marked(ConsumerRecord<byte[], byte[]> mark, boolean last) {
		this.guard.checkAtMark(last);
		this.end.marked(mark.offset() + 1);
	}

	/**
	 * Pass the marker of the transaction that wrote a mark, so that nothing seems to be
	 * left when the stream is over.
	 */
	long behindMark(long behind) {
		for (int i = 0; i < 3; i++) {
			if (this.client.consumer().currentLag(this.partition).orElse(1) == 0) {
				break;
			}
			List<ConsumerRecord<byte[], byte[]>> more = this.client.pollAhead().records(this.partition);
			if (!more.isEmpty()) {
				return Math.max(behind, more.get(0).offset());
			}
		}
		return Math.max(behind, this.client.consumer().position(this.partition));
	}

}
