package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Map;

import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.MillTakenOverException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of mills that write a topic: each covers results, the offsets of all
 * nodes and whatever else the lane commits.
 */
final class TransactionPlace implements CommitPlace {

	private final KafkaConnection connection;

	private final KafkaTopic topic;

	/** The start of the mill that took the id last through this object. */
	private volatile @Nullable String session;

	TransactionPlace(KafkaConnection connection, KafkaTopic topic) {
		this.connection = connection;
		this.topic = topic;
	}

	@Override
	public boolean isTransactional() {
		return true;
	}

	@Override
	public String location() {
		return "Kafka transactions";
	}

	@Override
	public CommitLog open(CommitScope scope) {
		GroupPositions positions = new GroupPositions(this.connection, scope, this.topic);
		if (scope.session().equals(this.session)) {
			requireNoOther(positions, scope);
		}
		return take(scope, positions);
	}

	/**
	 * Take the transactional id: whoever has it can commit nothing from now on. Only then
	 * positions are read, so nobody can move them any more.
	 */
	private TransactionLog take(CommitScope scope, GroupPositions positions) {
		new TopicAdmin(this.connection).requireWritable(this.topic);
		Producer<byte[], byte[]> producer = null;
		try {
			producer = this.connection.producer(scope.lane(), this.topic.clientSettings());
			producer.initTransactions();
			this.session = scope.session();
			return new TransactionLog(this.connection, scope, positions, producer);
		}
		catch (RuntimeException ex) {
			if (producer != null) {
				producer.close(Duration.ZERO);
			}
			throw KafkaFailures.translate("The transactional id '" + this.connection.transactionalId(scope.lane())
					+ "' of the mill '" + scope.lane().mill() + "' can't be taken", ex);
		}
	}

	/**
	 * A lane that begins again, after a failure, within one start of its mill must not
	 * take the id back from another instance.
	 */
	private void requireNoOther(GroupPositions positions, CommitScope scope) {
		String last = positions.session();
		if (last != null && !last.equals(scope.session())) {
			throw takenOver(scope);
		}
	}

	static MillTakenOverException takenOver(CommitScope scope) {
		return new MillTakenOverException("another instance took over the mill '" + scope.lane().mill() + "' (lane "
				+ scope.lane().lane() + "), so this one can commit nothing. Start it again to take it back.");
	}

	@Override
	public void reset(CommitScope scope) {
		GroupPositions positions = new GroupPositions(this.connection, scope, this.topic);
		try (TransactionLog log = take(scope, positions)) {
			Map<GroupPositions.Group, OffsetAndMetadata> forgotten = positions.toForget();
			log.commit(forgotten);
		}
	}

}
