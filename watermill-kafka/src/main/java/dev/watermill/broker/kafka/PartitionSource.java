package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.clients.admin.TopicDescription;
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

	/** How often it is asked whether what is held is there still. */
	private static final long BETWEEN_STARTS = Duration.ofSeconds(5).toNanos();

	/** How long an open transaction may hold back what is there before it is reported. */
	private static final long HELD_BACK = Duration.ofSeconds(10).toNanos();

	private final PartitionFeed feed;

	private final FetchTarget target;

	private final TopicPartition partition;

	private final PartitionsClient client;

	private final TopicGuard guard;

	private final PartitionEnd end;

	private final ChunkCutter cutter;

	/** Where the readers begin, the first of them first. */
	private final List<KafkaPosition> positions;

	private @Nullable String topicId;

	private long first = -1;

	/** Where the client stands, as of when it last moved. */
	private @Nullable OffsetAndMetadata moved;

	private long silentSince;

	private long askedAt;

	private boolean transactionReported;

	private long startAskedAt;

	/** Up to where what is needed was reported to be gone. */
	private long goneReported;

	PartitionSource(PartitionFeed feed, RecordDecoding decoding, PartitionsClient client, TopicGuard guard) {
		this.feed = feed;
		this.target = feed.target();
		this.partition = this.target.partition();
		this.client = client;
		this.guard = guard;
		this.end = feed.end();
		this.cutter = new ChunkCutter(this, decoding);
		this.positions = feed.positions();
	}

	PartitionFeed feed() {
		return this.feed;
	}

	FetchTarget target() {
		return this.target;
	}

	TopicPartition partition() {
		return this.partition;
	}

	/**
	 * See that the topic is what it was when the positions were committed.
	 * @throws BrokerException if it is not
	 */
	void identify(TopicDescription topic) {
		this.topicId = this.guard.open(topic, this.target, this.positions);
	}

	/**
	 * Note where the partition begins.
	 */
	void beginsAt(long offset) {
		this.first = offset;
		this.end.begin(offset);
	}

	/**
	 * Note where the partition ends.
	 */
	void endsAt(long offset) {
		this.end.at(offset);
		long position = (this.moved != null) ? this.moved.offset() : this.positions.get(0).offset();
		this.end.answered(position, position >= offset);
	}

	/**
	 * Whether it is known where the partition begins and ends.
	 */
	boolean isBounded() {
		return this.first >= 0 && this.end.known() >= 0;
	}

	/**
	 * Check that what is to be read first is there.
	 * @throws BrokerException if it was deleted
	 */
	void requireThere() {
		long offset = this.positions.get(0).offset();
		if (offset < this.first) {
			throw DataLossException.deleted(this.target.topic(), offset, this.first);
		}
	}

	/**
	 * In how many places readers begin.
	 */
	int places() {
		return this.positions.size();
	}

	/**
	 * Go to one of the places where readers begin.
	 */
	void seek(int place) {
		KafkaPosition position = this.positions.get(Math.min(place, places() - 1));
		if (position.epoch() == KafkaPosition.UNKNOWN) {
			this.client.consumer().seek(this.partition, position.offset());
			return;
		}
		this.client.consumer()
			.seek(this.partition, new OffsetAndMetadata(position.offset(), Optional.of(position.epoch()), ""));
	}

	/**
	 * See that the log reaches to where the client went.
	 * @throws OffsetOutOfRangeException if that of this partition, or another one, does
	 * not
	 */
	void confirm(Duration patience) {
		try {
			PartitionsClient.undisturbed(() -> this.client.consumer().position(this.partition, patience));
		}
		catch (TimeoutException ex) {
			throw away(ex);
		}
	}

	/**
	 * Note that reading begins.
	 */
	void began() {
		this.silentSince = System.nanoTime();
		this.askedAt = this.silentSince;
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
		try {
			this.guard.checkNow();
		}
		catch (BrokerException ex) {
			// offsets of another topic say nothing
			return ex;
		}
		long begin = PartitionsClient.undisturbed(() -> Offsets.first(this.client.consumer(), this.partition));
		if (offset < begin) {
			return DataLossException.deleted(this.target.topic(), offset, begin);
		}
		long last = PartitionsClient.undisturbed(() -> Offsets.end(this.client.consumer(), this.partition));
		if (failure instanceof LogTruncationException truncation) {
			OffsetAndMetadata divergent = truncation.divergentOffsets().get(this.partition);
			last = (divergent != null) ? divergent.offset() : last;
		}
		return DataLossException.cut(this.target.topic(), offset, last, this.target.group());
	}

	/**
	 * Note how far the client came, whether or not it is the turn of its records.
	 */
	void polled(ConsumerRecords<byte[], byte[]> records) {
		OffsetAndMetadata next = Objects.requireNonNull(records.nextOffsets().get(this.partition));
		this.moved = next;
		OptionalLong lag = this.client.consumer().currentLag(this.partition);
		lag.ifPresent((left) -> this.end.at(next.offset() + left));
		this.end.answered(next.offset(), lag.isPresent() && lag.getAsLong() == 0);
	}

	/**
	 * Take what was polled of this partition.
	 * @param messages the records, none where the client passed what is no record:
	 * markers of transactions, or aborted ones
	 * @param next where the client stood behind them
	 */
	void take(List<ConsumerRecord<byte[], byte[]>> messages, OffsetAndMetadata next) {
		// others may have been polled ahead of their turn since
		this.moved = next;
		if (!messages.isEmpty()) {
			this.cutter.cut(messages, next.offset(), this.feed.last(), this.feed::append);
			this.silentSince = System.nanoTime();
			this.askedAt = this.silentSince;
			this.transactionReported = false;
			return;
		}
		TopicChunk last = this.feed.last();
		if (next.offset() > last.end()) {
			TopicChunk passed = chunk(0, last);
			passed.endAt(next.offset(), epochAt(next.offset()));
			this.feed.append(passed);
		}
	}

	/**
	 * Whether the broker is to be asked where the partition ends, which it says by itself
	 * only of what it gives.
	 * @param nothing whether nothing came of any partition: next to others that come,
	 * nothing of this one says little
	 */
	boolean asksForEnd(long now, boolean nothing) {
		boolean asks = now - this.askedAt >= SILENCE || (nothing && !this.end.isReached() && !this.feed.isFull());
		if (asks) {
			this.askedAt = now;
		}
		return asks;
	}

	/**
	 * Whether the broker is to be asked where the partition begins, since a mill holds
	 * what it has read long ago.
	 */
	boolean asksForStart(long now) {
		OffsetAndMetadata stands = this.moved;
		long needed = this.feed.offsets().needed();
		boolean asks = needed >= 0 && stands != null && needed < stands.offset()
				&& now - this.startAskedAt >= BETWEEN_STARTS;
		if (asks) {
			this.startAskedAt = now;
		}
		return asks;
	}

	/**
	 * Note where the partition begins now, and report what a mill holds that is gone.
	 */
	void startsAt(long offset) {
		long needed = this.feed.offsets().needed();
		if (offset > Math.max(needed, this.goneReported)) {
			this.goneReported = offset;
			logger.warn("{}", this.target.topic()
				.message("begins at offset " + offset + " now, but is to be read again from offset " + needed
						+ " on after a restart: elements from there on are held. As long as the mill runs its "
						+ "results are right; a restart is a loss of data then. Keep records longer "
						+ "(retention.ms, retention.bytes), or give the join a smaller tolerance or " + "distance."));
		}
	}

	/**
	 * Whether an open transaction may be what holds records back.
	 */
	boolean mayBeHeldBack(long now) {
		return this.end.isReached() && now - this.silentSince > HELD_BACK && !this.transactionReported;
	}

	/**
	 * Note where the partition ends, the records of open transactions among what is
	 * before.
	 * @param last the offset, -1 if that can't be found out
	 */
	void endsUncommittedAt(long last) {
		this.silentSince = System.nanoTime();
		long position = (this.moved != null) ? this.moved.offset() : this.positions.get(0).offset();
		if (last > position && this.end.isReached()) {
			logger.warn("{}", this.target.topic()
				.message("shows nothing behind offset " + position + ", although " + (last - position)
						+ " more are there: a transaction of another producer is open since. It ends, at the latest, "
						+ "after that producer's transaction.timeout.ms; kafka-transactions.sh find-hanging shows it."));
			this.transactionReported = true;
		}
	}

	/**
	 * Begin a chunk.
	 */
	TopicChunk chunk(int capacity, TopicChunk before) {
		return new TopicChunk(this.partition, this.topicId, capacity, before.end(), before, this.target.originals());
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
		return Math.max(behind, PartitionsClient.undisturbed(() -> this.client.consumer().position(this.partition)));
	}

}
