package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.StreamSource;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The consumer groups of mills that write nothing. One group is committed after another,
 * so after a crash some work may be done again: at least once. The group that has members
 * is committed as the member that holds the lane, which brokers refuse once it is none;
 * it is the first one.
 */
final class GroupCommitPlace implements CommitPlace {

	private final KafkaConnection connection;

	GroupCommitPlace(KafkaConnection connection) {
		this.connection = connection;
	}

	@Override
	public boolean isTransactional() {
		return false;
	}

	@Override
	public boolean covers(StreamSource<?> source) {
		return source.participant(this.connection.topics()).isPresent();
	}

	@Override
	public String location() {
		return "Kafka consumer groups";
	}

	@Override
	public CommitLog open(CommitScope scope) {
		return new Log(scope, new GroupPositions(this.connection, scope, null));
	}

	@Override
	public Optional<Membership> membership(CommitScope scope) {
		return KafkaMembership.of(this.connection, scope);
	}

	@Override
	public boolean isUsed(CommitScope scope) {
		return new GroupPositions(this.connection, scope, null).isAnyThere();
	}

	@Override
	public Map<LaneId, Checkpoint> peek(Collection<CommitScope> scopes) {
		return GroupPositions.peek(this.connection,
				scopes.stream().map((scope) -> new GroupPositions(this.connection, scope, null)).toList());
	}

	@Override
	public void reset(CommitScope scope) {
		GroupPositions positions = new GroupPositions(this.connection, scope, null);
		try (Log log = new Log(scope, positions)) {
			log.commitAll(positions.toForget());
		}
	}

	/**
	 * Commits to one group after another, a parent before its children. A crash between
	 * two leaves a child behind its parent, where it is only read again.
	 * <p>
	 * Nothing fences those out who are no members; but whoever of them finds another
	 * start of the mill in the positions commits no more, so that one that was taken
	 * over, or reset, is not undone.
	 */
	private final class Log implements CommitLog {

		private final CommitScope scope;

		private final GroupPositions positions;

		private final Tenure tenure;

		/** By which the lane is held, {@code null} if it is by no membership. */
		private final MemberCommits.@Nullable Tenancy tenancy;

		private final Map<String, Consumer<byte[], byte[]>> consumers = new HashMap<>();

		private CommitLog.Origin origin = CommitLog.Origin.UNKNOWN;

		private @Nullable Map<CommitGroup, OffsetAndMetadata> last;

		Log(CommitScope scope, GroupPositions positions) {
			this.scope = scope;
			this.positions = positions;
			this.tenure = new Tenure(scope.session(), null);
			Membership.Member member = scope.member();
			this.tenancy = (member != null) ? member.participant(GroupCommitPlace.this.connection.members())
				.map((commits) -> commits.of(scope.lane().lane()))
				.orElse(null) : null;
		}

		@Override
		public @Nullable Checkpoint read() {
			GroupPositions.Committed committed = this.positions.read();
			this.tenure.before(committed.session());
			this.origin = committed.origin();
			this.last = this.positions.toRepeat(committed);
			return committed.checkpoint();
		}

		@Override
		public CommitLog.Origin origin() {
			return this.origin;
		}

		@Override
		public void requireHeld() {
			this.positions.requireTopics();
			Map<CommitGroup, OffsetAndMetadata> offsets = this.last;
			if (offsets != null) {
				commitAll(offsets);
			}
		}

		@Override
		public void commit(Checkpoint checkpoint) {
			commitAll(this.positions.toCommit(checkpoint));
		}

		@Override
		public void leave(String place) {
			commitAll(this.positions.toLeave(place));
		}

		void commitAll(Map<CommitGroup, OffsetAndMetadata> offsets) {
			if (this.tenancy != null) {
				this.tenancy.requireHeld();
			}
			else if (this.tenure.isTakenOverBy(this.positions.session())) {
				throw TransactionPlace.takenOver(this.scope);
			}
			CommitGroup.atOnce(offsets).forEach(this::commitAtOnce);
			this.last = offsets;
			this.tenure.announced();
		}

		private void commitAtOnce(Map<CommitGroup, OffsetAndMetadata> offsets) {
			CommitGroup group = offsets.keySet().iterator().next();
			if (this.tenancy != null && this.tenancy.isIn(group)) {
				this.tenancy.commit(CommitGroup.byPartition(offsets));
				return;
			}
			try {
				this.consumers
					.computeIfAbsent(group.name(),
							(name) -> GroupCommitPlace.this.connection.consumer(name, "commits",
									group.clientSettings()))
					.commitSync(CommitGroup.byPartition(offsets), KafkaConnection.PATIENCE);
			}
			catch (RuntimeException ex) {
				throw KafkaFailures
					.translate("The positions of the consumer group '" + group.name() + "' could not be committed", ex);
			}
		}

		@Override
		public void close() {
			this.consumers.values().forEach((consumer) -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
		}

	}

}
