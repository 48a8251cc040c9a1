package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The consumer groups of mills that write nothing. One group is committed after another,
 * so after a crash some work may be done again: at least once.
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
	public String location() {
		return "Kafka consumer groups";
	}

	@Override
	public CommitLog open(CommitScope scope) {
		return new Log(new GroupPositions(this.connection, scope, null));
	}

	@Override
	public void reset(CommitScope scope) {
		GroupPositions positions = new GroupPositions(this.connection, scope, null);
		try (Log log = new Log(positions)) {
			log.commit(positions.toForget());
		}
	}

	/**
	 * Commits to one group after another, a parent before its children. A crash between
	 * two leaves a child behind its parent, where it is only read again.
	 */
	private final class Log implements CommitLog {

		private final GroupPositions positions;

		private final Map<GroupPositions.Group, Consumer<byte[], byte[]>> consumers = new HashMap<>();

		Log(GroupPositions positions) {
			this.positions = positions;
		}

		@Override
		public @Nullable Checkpoint read() {
			return this.positions.read().checkpoint();
		}

		@Override
		public void commit(Checkpoint checkpoint) {
			commit(this.positions.toCommit(checkpoint));
		}

		void commit(Map<GroupPositions.Group, OffsetAndMetadata> offsets) {
			offsets.forEach(this::commit);
		}

		private void commit(GroupPositions.Group group, OffsetAndMetadata offset) {
			try {
				this.consumers
					.computeIfAbsent(group,
							(key) -> GroupCommitPlace.this.connection.consumer(key.name(), "commits",
									key.clientSettings()))
					.commitSync(Map.of(group.partition(), offset), KafkaConnection.PATIENCE);
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
