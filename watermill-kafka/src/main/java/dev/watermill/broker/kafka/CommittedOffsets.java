package dev.watermill.broker.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.watermill.broker.BrokerException;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * What consumer groups have committed. All groups are asked for at once, by one client.
 */
final class CommittedOffsets {

	private final KafkaConnection connection;

	CommittedOffsets(KafkaConnection connection) {
		this.connection = connection;
	}

	/**
	 * Read what groups have committed, none of it part of a transaction that is open.
	 * @return what was found, without the groups that have committed nothing
	 */
	Map<CommitGroup, OffsetAndMetadata> read(Collection<CommitGroup> groups) {
		Map<CommitGroup, OffsetAndMetadata> offsets = new LinkedHashMap<>();
		ask(groups, true).forEach((group, found) -> {
			OffsetAndMetadata offset = stable(group, found);
			if (offset != null) {
				offsets.put(group, offset);
			}
		});
		return offsets;
	}

	/**
	 * Read what groups have committed as of before transactions that are open, without
	 * waiting for their end.
	 * @return what was found, without the groups that have committed nothing
	 */
	Map<CommitGroup, OffsetAndMetadata> peek(Collection<CommitGroup> groups) {
		Map<CommitGroup, OffsetAndMetadata> offsets = new LinkedHashMap<>();
		ask(groups, false).forEach((group, found) -> {
			OffsetAndMetadata offset = found.get(group.partition());
			if (offset != null) {
				offsets.put(group, offset);
			}
		});
		return offsets;
	}

	/**
	 * Ask for what groups have committed.
	 * @return what is known of each, without the groups that nobody knows
	 */
	private Map<CommitGroup, Map<TopicPartition, OffsetAndMetadata>> ask(Collection<CommitGroup> groups,
			boolean stable) {
		Map<CommitGroup, Map<TopicPartition, OffsetAndMetadata>> known = new LinkedHashMap<>();
		if (groups.isEmpty()) {
			return known;
		}
		ListConsumerGroupOffsetsResult answers = this.connection.questions().offsets(groups, stable);
		for (CommitGroup group : groups) {
			Map<TopicPartition, OffsetAndMetadata> found = TopicAdmin.awaitUnless(GroupIdNotFoundException.class,
					problem(group), answers.partitionsToOffsetAndMetadata(group.name()));
			if (found != null) {
				known.put(group, found);
			}
		}
		return known;
	}

	private @Nullable OffsetAndMetadata stable(CommitGroup group, Map<TopicPartition, OffsetAndMetadata> found) {
		// where the client has anything but an offset to say of a partition, it leaves it
		// out: a consumer waits for the end of a transaction, and says what is wrong
		return found.containsKey(group.partition()) ? found.get(group.partition()) : await(group);
	}

	private @Nullable OffsetAndMetadata await(CommitGroup group) {
		try (Consumer<byte[], byte[]> consumer = this.connection.consumer(group.name(), "positions",
				group.clientSettings())) {
			return consumer.committed(Set.of(group.partition()), KafkaConnection.PATIENCE).get(group.partition());
		}
		catch (RuntimeException ex) {
			throw KafkaFailures.translate(problem(group), ex);
		}
	}

	private static String problem(CommitGroup group) {
		return "The positions in the consumer group '" + group.name() + "' can't be read";
	}

	/**
	 * Return what a group has committed at all partitions as of before transactions that
	 * are open.
	 * @throws BrokerException if that is not to be had
	 */
	Map<TopicPartition, OffsetAndMetadata> peekAll(CommitGroup group) {
		return new TopicAdmin(this.connection).committed(group.name());
	}

}
