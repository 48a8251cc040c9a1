package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StreamSource;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of one lane, one after another. A transaction begins with the first
 * record; a commit puts the offsets of every group into it. After any failure this is
 * closed, which aborts what is open, and another one made, which goes on from what is
 * committed: nobody has to know in which state a failed client is. Used by whoever holds
 * the lane, one thread at a time, but for failures of records.
 */
final class TransactionLog implements CommitLog {

	private static final Logger logger = LoggerFactory.getLogger(TransactionLog.class);

	private final KafkaConnection connection;

	private final CommitScope scope;

	private final GroupPositions positions;

	private final Tenure tenure;

	private final Producer<byte[], byte[]> producer;

	private final TransactionFailures failures;

	private CommitLog.Origin origin = CommitLog.Origin.UNKNOWN;

	/** What was read or committed last. */
	private @Nullable Map<CommitGroup, OffsetAndMetadata> last;

	private boolean reset;

	private boolean open;

	private long openedAt;

	/** How many records the transaction has. */
	private long records;

	TransactionLog(KafkaConnection connection, CommitScope scope, GroupPositions positions, Tenure tenure,
			Producer<byte[], byte[]> producer) {
		this.connection = connection;
		this.scope = scope;
		this.positions = positions;
		this.tenure = tenure;
		this.producer = producer;
		this.failures = new TransactionFailures(connection, scope, positions, tenure);
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.connection.transactions().answer(key, this);
	}

	Map<String, StreamSource<?>> inputs() {
		return this.scope.inputs();
	}

	int partition() {
		return this.scope.lane().lane();
	}

	@Override
	public @Nullable Checkpoint read() {
		GroupPositions.Committed committed = this.positions.read();
		if (!committed.reset()) {
			committed = this.positions.complete(committed, this.tenure.lastCommit());
		}
		this.tenure.before(committed.session());
		this.origin = committed.origin();
		this.reset = committed.reset();
		this.last = this.positions.toRepeat(committed);
		return committed.checkpoint();
	}

	@Override
	public CommitLog.Origin origin() {
		return this.origin;
	}

	@Override
	public void requireNothingWritten() {
		if (this.scope.startFrom() == null && !this.reset) {
			new ExistingResults(this.connection).requireNone(this.scope, this.positions);
		}
	}

	@Override
	public Optional<CommitLog.Holder> holder() {
		LaneId lane = this.scope.lane();
		return Optional.of(new CommitLog.Holder(lane,
				"the mill '" + lane.mill() + "' with the transactional id " + this.connection.transactionalId(lane),
				this.scope.session()));
	}

	@Override
	public Optional<Duration> timeLimit() {
		return Optional.ofNullable(this.tenure.timeLimit());
	}

	/**
	 * Commit once more what is committed, which only the holder of the id can. It also
	 * says who has it now, to whoever had it and tries to go on.
	 */
	@Override
	public void requireHeld() {
		if (this.open) {
			throw new IllegalStateException("Something is written already");
		}
		if (this.last == null) {
			read();
		}
		Map<CommitGroup, OffsetAndMetadata> offsets = this.last;
		this.positions.requireTopics();
		if (offsets != null) {
			commit(offsets);
		}
	}

	/**
	 * Send a record as part of the transaction.
	 * @param written is called when it is written or lost, see {@link #noting(Function)}
	 */
	void send(ProducerRecord<byte[], byte[]> message, Callback written) {
		begin();
		this.records++;
		try {
			this.producer.send(message, written);
		}
		catch (RuntimeException ex) {
			throw failed(ex);
		}
		// a client that can't take a record has waited for long, and would for each one
		BrokerException loss = this.failures.loss();
		if (loss != null) {
			throw this.failures.explainLoss(loss, age());
		}
	}

	/**
	 * Return what a client calls about records that were sent, so that it is known if one
	 * could not be written. It stays in memory while they are on their way, with what it
	 * refers to.
	 * @param explain says what could not be written
	 */
	Callback noting(Function<Exception, BrokerException> explain) {
		return (metadata, ex) -> {
			if (ex != null) {
				this.failures.lost(explain.apply(ex));
			}
		};
	}

	@Override
	public boolean isFull() {
		return this.tenure.size().isReached(this.records);
	}

	@Override
	public void commit(Checkpoint checkpoint) {
		commit(this.positions.toCommit(checkpoint));
		this.tenure.lastCommit().is(checkpoint);
	}

	void commit(Map<CommitGroup, OffsetAndMetadata> offsets) {
		begin();
		try {
			this.connection.commitTurns().commit(() -> finish(offsets));
			this.open = false;
			this.last = offsets;
			this.tenure.announced();
			this.records = 0;
		}
		catch (RuntimeException ex) {
			BrokerException problem = failed(ex);
			if (problem instanceof BrokerUnavailableException) {
				this.tenure.size().unanswered(this.records);
			}
			throw problem;
		}
	}

	private void finish(Map<CommitGroup, OffsetAndMetadata> offsets) {
		long start = System.nanoTime();
		CommitGroup.atOnce(offsets)
			.forEach((of) -> this.producer.sendOffsetsToTransaction(CommitGroup.byPartition(of),
					this.connection.metadata(of.keySet().iterator().next())));
		this.producer.commitTransaction();
		this.tenure.size().committed(this.records, Duration.ofNanos(System.nanoTime() - start));
	}

	@Override
	public void leave(String place) {
		commit(this.positions.toLeave(place));
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
		return this.failures.explain(failure, age());
	}

	private Duration age() {
		return this.open ? Duration.ofNanos(System.nanoTime() - this.openedAt) : Duration.ZERO;
	}

	/**
	 * Let go, and abort what is open, so that readers of the outputs need not wait for
	 * its time-out. Where the cluster does not answer, closing tries it for a moment;
	 * else the next one to take the id ends it.
	 */
	@Override
	public void close() {
		// an interrupted client would not take the time
		boolean interrupted = Thread.interrupted();
		try {
			if (this.open && !this.failures.isFenced() && !this.failures.isAway()) {
				abort();
			}
			this.producer.close(this.failures.isFenced() ? Duration.ZERO : KafkaConnection.PATIENCE);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void abort() {
		try {
			this.producer.abortTransaction();
			this.open = false;
		}
		catch (RuntimeException ex) {
			logger.debug("The transaction of the mill '{}' could not be aborted", this.scope.lane().mill(), ex);
		}
	}

}
