package dev.watermill.broker.kafka;

import java.time.Duration;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.CommitTimedOutException;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Why a transaction failed: what its client says first is seldom the reason. Used by one
 * thread at a time, but for failures of records.
 */
final class TransactionFailures {

	private final KafkaConnection connection;

	private final CommitScope scope;

	private final GroupPositions positions;

	private final Tenure tenure;

	private boolean fenced;

	private boolean away;

	/** What became of a record, {@code null} as long as none was lost. */
	private volatile @Nullable BrokerException lost;

	TransactionFailures(KafkaConnection connection, CommitScope scope, GroupPositions positions, Tenure tenure) {
		this.connection = connection;
		this.scope = scope;
		this.positions = positions;
		this.tenure = tenure;
	}

	/**
	 * Whether the transactional id is not this one's any more.
	 */
	boolean isFenced() {
		return this.fenced;
	}

	/**
	 * Whether the cluster did not answer last.
	 */
	boolean isAway() {
		return this.away;
	}

	/**
	 * Keep what became of a record: the first failure, unless it only says that others
	 * came with one that is reported later. Called by the client's own thread.
	 */
	void lost(BrokerException problem) {
		BrokerException known = this.lost;
		if (known == null || (!KafkaFailures.isCause(known) && KafkaFailures.isCause(problem))) {
			this.lost = problem;
		}
	}

	/**
	 * What became of a record that certainly is lost, so that the transaction can't be
	 * committed.
	 * @return the failure, {@code null} if there is none, or one that has a cause which
	 * the commit will tell
	 */
	@Nullable BrokerException loss() {
		BrokerException known = this.lost;
		return (known != null && (isTimedOut(known) || KafkaFailures.isCause(known))) ? known : null;
	}

	private static boolean isTimedOut(BrokerException problem) {
		return problem.getCause() instanceof TimeoutException;
	}

	/**
	 * Explain the loss of a record.
	 * @param age how long the transaction has been open
	 */
	BrokerException explainLoss(BrokerException loss, Duration age) {
		if (isTimedOut(loss)) {
			this.away = true;
			return loss;
		}
		return explain(loss, age);
	}

	/**
	 * Explain a failure of the transaction.
	 * @param age how long the transaction has been open
	 */
	BrokerException explain(RuntimeException failure, Duration age) {
		BrokerException reason = this.lost;
		if (reason != null && KafkaFailures.isCause(reason) && !KafkaFailures.isFenced(reason)) {
			// whatever the client runs into after that
			return reason;
		}
		if (KafkaFailures.isFenced(failure) || (reason != null && KafkaFailures.isFenced(reason))) {
			this.fenced = true;
			return fenced(failure, age);
		}
		BrokerException translated = KafkaFailures.translate(
				"The transaction of the mill '" + this.scope.lane().mill() + "' could not be committed", failure);
		boolean mendable = reason instanceof BrokerUnavailableException
				&& !(translated instanceof BrokerUnavailableException);
		BrokerException problem = (reason == null || mendable) ? translated : reason;
		this.away = problem instanceof BrokerUnavailableException;
		return problem;
	}

	/**
	 * Say why the transactional id is not this one's any more: the transaction took too
	 * long, so Kafka ended it. All else is another instance, be it only about to say so.
	 */
	private BrokerException fenced(RuntimeException failure, Duration age) {
		Duration timeout = timeoutOf(age);
		if (timeout == null) {
			return TransactionPlace.takenOver(this.scope);
		}
		return new CommitTimedOutException("The transaction of the mill '" + this.scope.lane().mill()
				+ "' was open for " + age.toMillis() + " ms, longer than " + ProducerConfig.TRANSACTION_TIMEOUT_CONFIG
				+ " (" + timeout.toMillis() + " ms): a delivery took too long, so Kafka ended it. Make the function "
				+ "faster, or raise the time-out.", failure);
	}

	/**
	 * Return the time-out by which Kafka ended the transaction.
	 * @return the time-out, {@code null} if it did not, or that isn't known
	 */
	private @Nullable Duration timeoutOf(Duration age) {
		try {
			TransactionDescription found = new TopicAdmin(this.connection)
				.transaction(this.connection.transactionalId(this.scope.lane()));
			if (found == null || age.toMillis() < found.transactionTimeoutMs() || !isAborted(found.state())
					|| this.tenure.isTakenOverBy(this.positions.session())) {
				return null;
			}
			return Duration.ofMillis(found.transactionTimeoutMs());
		}
		catch (BrokerException ex) {
			return null;
		}
	}

	/**
	 * Whoever takes the id leaves it without a transaction, or begins one, or commits.
	 */
	private static boolean isAborted(TransactionState state) {
		return switch (state) {
			case PREPARE_ABORT, COMPLETE_ABORT, PREPARE_EPOCH_FENCE -> true;
			default -> false;
		};
	}

}
