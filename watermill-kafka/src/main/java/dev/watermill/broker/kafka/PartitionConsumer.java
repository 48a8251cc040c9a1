package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
 * Reads one partition from an offset on, as chunks of decoded elements, and knows how far
 * it reaches. Used by one thread, except for what it says of the end.
 */
final class PartitionConsumer {

	private static final Logger logger = LoggerFactory.getLogger(PartitionConsumer.class);

	private static final Duration POLL = Duration.ofMillis(100);

	/** How long nothing comes before the broker is asked whether that is right. */
	private static final long SILENCE = Duration.ofSeconds(1).toNanos();

	/** How long the last answer tells of the present. */
	private static final long FRESH = Duration.ofSeconds(3).toNanos();

	/** How long an open transaction may hold back what is there before it is told. */
	private static final long HELD_BACK = Duration.ofSeconds(10).toNanos();

	private final FetchTarget target;

	private final TopicPartition partition;

	private final RecordDecoding decoding;

	private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;

	private final TopicGuard guard;

	private @Nullable String topicId;

	/** Where the client stands, as it told when it last moved. */
	private @Nullable OffsetAndMetadata moved;

	private ConsumerRecords<byte[], byte[]> pending = ConsumerRecords.empty();

	private long silentSince = System.nanoTime();

	private long askedAt = this.silentSince;

	private boolean toldOfTransaction;

	/** When the broker answered last. */
	private volatile long answeredAt;

	/** Behind which offset it said there was nothing, -1 if there was something. */
	private volatile long nothingBehind = -1;

	private volatile long knownEnd = -1;

	private volatile long first;

	/** Behind the last mark that was seen, -1 if none was. */
	private volatile long markedEnd = -1;

	PartitionConsumer(FetchTarget target, RecordDecoding decoding,
			org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer, TopicGuard guard) {
		this.target = target;
		this.partition = target.partition();
		this.decoding = decoding;
		this.consumer = consumer;
		this.guard = guard;
	}

	/**
	 * Go where reading begins.
	 * @param positions where the readers begin, the first of them first
	 * @throws BrokerException if what stood there is gone
	 */
	void begin(List<KafkaPosition> positions) {
		long offset = positions.get(0).offset();
		this.topicId = this.guard.open(positions);
		this.consumer.assign(List.of(this.partition));
		try {
			this.first = Offsets.first(this.consumer, this.partition);
			if (offset < this.first) {
				throw lost(offset, this.first);
			}
			this.knownEnd = Offsets.end(this.consumer, this.partition);
			for (int i = positions.size() - 1; i >= 0; i--) {
				seek(positions.get(i));
			}
		}
		catch (OffsetOutOfRangeException ex) {
			throw gone(ex);
		}
		catch (TimeoutException ex) {
			throw new BrokerUnavailableException(this.target.topic().message("can't be read: Kafka does not answer"),
					ex);
		}
		answered(offset, offset >= this.knownEnd);
	}

	/**
	 * Go to a position, and see that the log reaches there still.
	 */
	private void seek(KafkaPosition position) {
		if (position.epoch() == KafkaPosition.UNKNOWN) {
			this.consumer.seek(this.partition, position.offset());
			return;
		}
		this.consumer.seek(this.partition, new OffsetAndMetadata(position.offset(), Optional.of(position.epoch()), ""));
		this.consumer.position(this.partition, KafkaConnection.PATIENCE);
	}

	private BrokerException lost(long offset, long first) {
		return new BrokerException(this.target.topic()
			.message("is to be read on from offset " + offset + ", but begins at " + first + " now: " + (first - offset)
					+ " records were deleted before they were read. Keep records longer (retention.ms, "
					+ "retention.bytes); to go on without them, reset the mill."));
	}

	/**
	 * Wait a little for records.
	 * @param last the chunk before
	 * @param chunks is given what came
	 */
	void poll(TopicChunk last, Consumer<TopicChunk> chunks) {
		this.guard.look();
		ConsumerRecords<byte[], byte[]> records = this.pending;
		this.pending = ConsumerRecords.empty();
		if (records.isEmpty()) {
			records = next(POLL);
		}
		if (records.isEmpty()) {
			long position = this.consumer.position(this.partition);
			if (position > last.end()) {
				// what was passed is no record: markers of transactions, or aborted ones
				TopicChunk passed = new TopicChunk(this.partition, this.topicId, 0, position, last);
				passed.endAt(position, epochAt(position));
				chunks.accept(passed);
			}
			silent(position);
			return;
		}
		List<ConsumerRecord<byte[], byte[]>> messages = records.records(this.partition);
		cut(messages, behind(records), last, chunks);
		this.silentSince = System.nanoTime();
		this.askedAt = this.silentSince;
		this.toldOfTransaction = false;
	}

	private ConsumerRecords<byte[], byte[]> next(Duration timeout) {
		try {
			ConsumerRecords<byte[], byte[]> records = this.consumer.poll(timeout);
			this.moved = records.nextOffsets().getOrDefault(this.partition, this.moved);
			if (!records.isEmpty()) {
				OptionalLong lag = this.consumer.currentLag(this.partition);
				long end = behind(records);
				lag.ifPresent((behind) -> this.knownEnd = end + behind);
				answered(end, lag.isPresent() && lag.getAsLong() == 0);
			}
			return records;
		}
		catch (OffsetOutOfRangeException ex) {
			throw gone(ex);
		}
	}

	private long behind(ConsumerRecords<byte[], byte[]> records) {
		OffsetAndMetadata next = records.nextOffsets().get(this.partition);
		return (next != null) ? next.offset() : this.consumer.position(this.partition);
	}

	/**
	 * The epoch of the leader that wrote what the client passed last, if that is where it
	 * stands.
	 */
	private int epochAt(long offset) {
		OffsetAndMetadata told = this.moved;
		return (told != null && told.offset() == offset) ? told.leaderEpoch().orElse(KafkaPosition.UNKNOWN)
				: KafkaPosition.UNKNOWN;
	}

	private BrokerException gone(OffsetOutOfRangeException failure) {
		long offset = failure.offsetOutOfRangePartitions().getOrDefault(this.partition, -1L);
		long first = Offsets.first(this.consumer, this.partition);
		if (offset < first) {
			return lost(offset, first);
		}
		long end = Offsets.end(this.consumer, this.partition);
		if (failure instanceof LogTruncationException truncation) {
			OffsetAndMetadata divergent = truncation.divergentOffsets().get(this.partition);
			end = (divergent != null) ? divergent.offset() : end;
		}
		return new BrokerException(this.target.topic()
			.message("is to be read on from offset " + offset + ", but what was read of it ends at " + end
					+ " now: it lost its tail (a leader that was behind took over, or a disk was lost), or was "
					+ "made anew. What stands there now may be "
					+ "other records. Reset the mill to begin at the start, or set the offsets of the consumer group '"
					+ this.target.group() + "' to where it is to go on."));
	}

	/**
	 * Make chunks of records: a mark ends one.
	 */
	private void cut(List<ConsumerRecord<byte[], byte[]>> messages, long behind, TopicChunk last,
			Consumer<TopicChunk> chunks) {
		TopicChunk chunk = new TopicChunk(this.partition, this.topicId, messages.size(), last.end(), last);
		this.decoding.begin(messages);
		for (int i = 0; i < messages.size(); i++) {
			ConsumerRecord<byte[], byte[]> message = messages.get(i);
			if (!chunk.takes(message)) {
				chunks.accept(chunk);
				chunk = new TopicChunk(this.partition, this.topicId, messages.size() - i, chunk.end(), chunk);
			}
			if (!EndOfStreamRecord.is(message)) {
				chunk.add(this.decoding.decode(message), message);
				continue;
			}
			forgetInterrupt();
			this.guard.lookAtMark(i == messages.size() - 1);
			chunk.mark(message);
			this.markedEnd = message.offset() + 1;
			int rest = messages.size() - i - 1;
			if (rest == 0) {
				long end = behindMark(behind);
				chunk.endAt(end, epochAt(end));
			}
			chunks.accept(chunk);
			chunk = new TopicChunk(this.partition, this.topicId, rest, chunk.end(), chunk);
		}
		if (!chunk.isEmpty()) {
			chunk.endAt(behind, epochAt(behind));
			chunks.accept(chunk);
		}
		forgetInterrupt();
	}

	/**
	 * Nobody interrupts this thread but code of the user's that read an element: the
	 * client would take it for its own end.
	 */
	private static void forgetInterrupt() {
		Thread.interrupted();
	}

	/**
	 * Pass the marker of the transaction that wrote the mark, so that nothing seems to be
	 * left when the stream is over.
	 */
	private long behindMark(long behind) {
		for (int i = 0; i < 3; i++) {
			if (this.consumer.currentLag(this.partition).orElse(1) == 0) {
				break;
			}
			ConsumerRecords<byte[], byte[]> more = next(POLL);
			if (!more.isEmpty()) {
				this.pending = more;
				return Math.max(behind, more.records(this.partition).get(0).offset());
			}
		}
		return Math.max(behind, this.consumer.position(this.partition));
	}

	private void silent(long position) {
		long now = System.nanoTime();
		if (now - this.askedAt < SILENCE && this.nothingBehind >= 0) {
			return;
		}
		this.askedAt = now;
		try {
			this.knownEnd = Offsets.end(this.consumer, this.partition);
		}
		catch (TimeoutException ex) {
			throw new BrokerUnavailableException(this.target.topic().message("can't be read: Kafka does not answer"),
					ex);
		}
		answered(position, position >= this.knownEnd);
		if (this.nothingBehind >= 0 && now - this.silentSince > HELD_BACK && !this.toldOfTransaction) {
			tellOfTransaction(position);
		}
	}

	/**
	 * Keep knowing how far the partition reaches while nothing is fetched, since those
	 * who read are slow, or hang.
	 */
	void lookAtEnd() {
		long now = System.nanoTime();
		if (now - this.askedAt < SILENCE) {
			return;
		}
		this.askedAt = now;
		try {
			this.knownEnd = Offsets.end(this.consumer, this.partition);
		}
		catch (TimeoutException ex) {
			// whoever reads on gets to know
		}
	}

	private void tellOfTransaction(long position) {
		long end = new TopicAdmin(this.target.connection()).uncommittedEnd(this.target.topic(), this.partition);
		if (end > position) {
			logger.warn("{}", this.target.topic()
				.message("shows nothing behind offset " + position + ", although " + (end - position)
						+ " more are there: a transaction of another producer is open since. It ends, at the latest, "
						+ "after that producer's transaction.timeout.ms; kafka-transactions.sh find-hanging shows it."));
			this.toldOfTransaction = true;
		}
		else {
			this.silentSince = System.nanoTime();
		}
	}

	private void answered(long position, boolean everythingRead) {
		this.answeredAt = System.nanoTime();
		this.nothingBehind = everythingRead ? position : -1;
	}

	/**
	 * Whether the broker said, a moment ago, that nothing is behind an offset. It says so
	 * of what was polled, which a reader may have yet to be given. Thread-safe.
	 */
	boolean isCaughtUp(long offset) {
		long end = this.nothingBehind;
		return end >= 0 && offset >= end && System.nanoTime() - this.answeredAt < FRESH;
	}

	/**
	 * How much of the partition stands before an offset, from 0 to 1, as far as it ends
	 * with a mark. Thread-safe.
	 */
	OptionalDouble progress(long offset) {
		long end = this.markedEnd;
		return (end > this.first) ? OptionalDouble.of(Math.min(1, (offset - this.first) / (double) (end - this.first)))
				: OptionalDouble.empty();
	}

	/**
	 * Where the partition ends as far as it is known, -1 if it is not. Thread-safe.
	 */
	long knownEnd() {
		return this.knownEnd;
	}

}
