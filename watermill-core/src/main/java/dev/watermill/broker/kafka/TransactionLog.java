package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitHolder;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.CommitTimedOutException;
import dev.watermill.broker.LaneId;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one lane, one after another. A transaction begins with the first
 * record; a commit puts the offsets of every group into it. After any failure this is
 * closed and another one made, which goes on from what is committed: nobody has to know
 * in which state a failed client is. Used by one thread, but for failures of records.
 */
final class TransactionLog implements CommitLog {

	/**
	 * How long another instance has, which took the id, to say so in the positions.
	 */
	private static final Duration TAKE_OVER = Duration.ofSeconds(3);

	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

	private final KafkaConnection connection;

	private final CommitScope scope;

	private final GroupPositions positions;

	private final Producer<byte[], byte[]> producer;

	private boolean open;

	private boolean broken;

	private long openedAt;

	/** What became of a record, as the client's own thread tells. */
	private volatile @Nullable BrokerException lost;

	TransactionLog(KafkaConnection connection, CommitScope scope, GroupPositions positions,
			Producer<byte[], byte[]> producer) {
		this.connection = connection;
		this.scope = scope;
		this.positions = positions;
		this.producer = producer;
	}

	KafkaConnection connection() {
		return this.connection;
	}

	int partition() {
		return this.scope.lane().lane();
	}

	@Override
	public @Nullable Checkpoint read() {
		GroupPositions.Committed committed = this.positions.read();
		Checkpoint checkpoint = committed.checkpoint();
		if (checkpoint == null) {
			if (!committed.reset() && this.scope.startFrom() == null) {
				new ExistingResults(this.connection).requireNone(this.scope, committed.missing());
			}
			return null;
		}
		if (committed.missing().isEmpty() && !this.scope.session().equals(committed.session())) {
			// says who has the id now, to whoever had it and tries to go on
			commit(checkpoint);
		}
		return checkpoint;
	}

	@Override
	public Optional<CommitHolder> holder() {
		LaneId lane = this.scope.lane();
		return Optional.of(new CommitHolder(lane,
				"the mill '" + lane.mill() + "' with the transactional id " + this.connection.transactionalId(lane),
				this.scope.session()));
	}

	@Override
	public Optional<Duration> timeLimit() {
		return Optional
			.of(new TopicAdmin(this.connection).transactionTimeout(this.connection.transactionalId(this.scope.lane())));
	}

	/**
	 * Send a record as part of the transaction.
	 */
	void send(KafkaTopic topic, ProducerRecord<byte[], byte[]> message) {
		begin();
		try {
			this.producer.send(message, (metadata, ex) -> {
				if (ex != null && this.lost == null) {
					this.lost = KafkaFailures.translate(topic.message("could not take a result"), ex);
				}
			});
		}
		catch (RuntimeException ex) {
			throw failed(ex);
		}
	}

	@Override
	public void commit(Checkpoint checkpoint) {
		commit(this.positions.toCommit(checkpoint));
	}

	void commit(Map<GroupPositions.Group, OffsetAndMetadata> offsets) {
		begin();
		try {
			offsets.forEach((group, offset) -> this.producer.sendOffsetsToTransaction(Map.of(group.partition(), offset),
					this.positions.metadata(group)));
			this.producer.commitTransaction();
			this.open = false;
		}
		catch (RuntimeException ex) {
			throw failed(ex);
		}
	}

	private void begin() {
		if (this.open) {
			return;
		}
		try {
			this.producer.beginTransaction();
			this.open = true;
			this.openedAt = System.nanoTime();
		}
		catch (RuntimeException ex) {
			throw failed(ex);
		}
	}

	private BrokerException failed(RuntimeException failure) {
		this.broken = true;
		BrokerException reason = this.lost;
		if (KafkaFailures.isFenced(failure) || (reason != null && KafkaFailures.isFenced(reason))) {
			return fenced(failure);
		}
		return (reason != null) ? reason : KafkaFailures.translate(
				"The transaction of the mill '" + this.scope.lane().mill() + "' could not be committed", failure);
	}

	/**
	 * Tell who has the transactional id: another instance, which then stands in the
	 * positions; or nobody, since the transaction took too long and was ended.
	 */
	private BrokerException fenced(RuntimeException failure) {
		long deadline = System.nanoTime() + TAKE_OVER.toNanos();
		do {
			String session = this.positions.session();
			if (session != null && !session.equals(this.scope.session())) {
				return TransactionPlace.takenOver(this.scope);
			}
			LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
		}
		while (System.nanoTime() < deadline);
		Duration age = Duration.ofNanos(System.nanoTime() - this.openedAt);
		Duration timeout = new TopicAdmin(this.connection)
			.transactionTimeout(this.connection.transactionalId(this.scope.lane()));
		if (age.compareTo(timeout) >= 0) {
			return new CommitTimedOutException("The transaction of the mill '" + this.scope.lane().mill()
					+ "' was open for " + age.toMillis() + " ms, longer than "
					+ ProducerConfig.TRANSACTION_TIMEOUT_CONFIG + " (" + timeout.toMillis()
					+ " ms): a delivery took too long, so Kafka ended it. Make the function "
					+ "faster, or raise the time-out.", failure);
		}
		return KafkaFailures.translate(
				"The transaction of the mill '" + this.scope.lane().mill()
						+ "' was ended by Kafka, and no other instance has taken over",
				new KafkaException(failure.getMessage()));
	}

	@Override
	public void close() {
		if (this.open && !this.broken) {
			try {
				// so that readers of the outputs need not wait for its time-out
				this.producer.abortTransaction();
			}
			catch (RuntimeException ex) {
				this.broken = true;
			}
		}
		this.producer.close(this.broken ? Duration.ZERO : KafkaConnection.PATIENCE);
	}

}
