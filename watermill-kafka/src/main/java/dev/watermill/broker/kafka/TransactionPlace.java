package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.ReservedName;
import dev.watermill.broker.StreamSource;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.producer.Producer;

/**
 * The transactions of mills that write a topic: each covers results, the offsets of all
 * nodes and whatever else the lane commits.
 */
final class TransactionPlace implements CommitPlace {

	private final KafkaConnection connection;

	private final KafkaTopic topic;

	private final IntSupplier lanes;

	/** Of the start of the mill that asked last, for each lane. */
	private final Map<LaneId, Tenure> tenures = new ConcurrentHashMap<>();

	/**
	 * Create a place.
	 * @param topic the topic whose stream has the place
	 * @param lanes how many lanes the mill is known to have
	 */
	TransactionPlace(KafkaConnection connection, KafkaTopic topic, IntSupplier lanes) {
		this.connection = connection;
		this.topic = topic;
		this.lanes = lanes;
	}

	@Override
	public boolean isTransactional() {
		return true;
	}

	@Override
	public boolean covers(StreamSource<?> source) {
		return source.participant(this.connection.topics()).isPresent();
	}

	@Override
	public String location() {
		return "Kafka transactions";
	}

	@Override
	public Set<ReservedName> reservedNames(CommitScope scope) {
		ReservedName id = new ReservedName("transactional id", this.connection.transactionalId(scope.lane()));
		boolean hasGroup = !scope.inputs(this.connection.topics()).isEmpty();
		return hasGroup ? Set.of(id)
				: Set.of(id, new ReservedName(KafkaSource.GROUP, this.connection.nameOfGroup(scope.lane())));
	}

	@Override
	public CommitLog open(CommitScope scope) {
		requireHeld(scope);
		GroupPositions positions = new GroupPositions(this.connection, scope, this.topic);
		Tenure known = this.tenures.get(scope.lane());
		if (known == null || !known.isOf(scope.session())) {
			known = new Tenure(scope.session(), known);
			this.tenures.put(scope.lane(), known);
		}
		else {
			requireNoOther(known, positions, scope);
		}
		return take(scope, positions, known);
	}

	/**
	 * Whoever slept since it got the lane must not take the id from whom has it now.
	 */
	private static void requireHeld(CommitScope scope) {
		Membership.Member member = scope.member();
		if (member != null && !member.lanes().contains(scope.lane().lane())) {
			throw takenOver(scope);
		}
	}

	/**
	 * Take the transactional id: whoever has it can commit nothing from now on. Only then
	 * positions are read, so nobody can move them any more.
	 */
	private TransactionLog take(CommitScope scope, GroupPositions positions, Tenure taken) {
		TopicAdmin admin = new TopicAdmin(this.connection);
		int largestBatch = largestBatch(admin, scope);
		Producer<byte[], byte[]> producer = null;
		try {
			producer = this.connection.producer(scope.lane(), this.lanes.getAsInt(), this.topic.clientSettings(),
					largestBatch);
			producer.initTransactions();
			taken.taken(admin.transaction(this.connection.transactionalId(scope.lane())));
			return new TransactionLog(this.connection, scope, positions, taken, producer);
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
	 * Return how many bytes a batch may have that all output topics take.
	 */
	private int largestBatch(TopicAdmin admin, CommitScope scope) {
		int written = Math.max(this.lanes.getAsInt(), scope.lane().lane() + 1);
		admin.requireWritable(this.topic, written);
		int largest = admin.largestBatch(this.topic);
		for (KafkaTopic other : scope.outputs(this.connection.topics()).values()) {
			if (!other.name().equals(this.topic.name())) {
				admin.requireWritable(other, written);
				largest = Math.min(largest, admin.largestBatch(other));
			}
		}
		return largest;
	}

	/**
	 * A lane that begins again, after a failure, within one start of its mill must not
	 * take the id back from another instance: neither from one that has committed, nor
	 * from one that has taken the id and is about to.
	 */
	private void requireNoOther(Tenure known, GroupPositions positions, CommitScope scope) {
		if (known.isTakenOverBy(positions.session())) {
			throw takenOver(scope);
		}
		TransactionDescription found = new TopicAdmin(this.connection)
			.transaction(this.connection.transactionalId(scope.lane()));
		if (found != null && known.isTakenBySomebodyElse(found)) {
			throw takenOver(scope);
		}
	}

	static MillTakenOverException takenOver(CommitScope scope) {
		String what = "another instance took over the mill '" + scope.lane().mill() + "' (lane " + scope.lane().lane()
				+ "), so this one can commit nothing";
		return new MillTakenOverException(
				(scope.member() != null) ? what + " of it." : what + ". Start it again to take it back.");
	}

	@Override
	public Optional<Membership> membership(CommitScope scope) {
		return KafkaMembership.of(this.connection, scope);
	}

	@Override
	public boolean isUsed(CommitScope scope) {
		return new GroupPositions(this.connection, scope, this.topic).isAnyThere();
	}

	@Override
	public Map<LaneId, Checkpoint> peek(Collection<CommitScope> scopes) {
		return GroupPositions.peek(this.connection,
				scopes.stream().map((scope) -> new GroupPositions(this.connection, scope, this.topic)).toList());
	}

	@Override
	public void reset(CommitScope scope) {
		GroupPositions positions = new GroupPositions(this.connection, scope, this.topic);
		try (TransactionLog log = take(scope, positions, new Tenure(scope.session(), null))) {
			log.commit(positions.toForget());
		}
	}

}
