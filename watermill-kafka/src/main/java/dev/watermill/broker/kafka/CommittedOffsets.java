package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.watermill.broker.BrokerException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
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
		if (groups.isEmpty()) {
			return offsets;
		}
		Admin admin = this.connection.admin();
		try {
			ListConsumerGroupOffsetsResult answers = ask(admin, groups);
			for (CommitGroup group : groups) {
				OffsetAndMetadata found = read(group, answers);
				if (found != null) {
					offsets.put(group, found);
				}
			}
			return offsets;
		}
		finally {
			admin.close(Duration.ZERO);
		}
	}

	private static ListConsumerGroupOffsetsResult ask(Admin admin, Collection<CommitGroup> groups) {
		Map<String, ListConsumerGroupOffsetsSpec> questions = new LinkedHashMap<>();
		groups.forEach((group) -> questions.put(group.name(),
				new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(group.partition()))));
		return admin.listConsumerGroupOffsets(questions, new ListConsumerGroupOffsetsOptions().requireStable(true));
	}

	private @Nullable OffsetAndMetadata read(CommitGroup group, ListConsumerGroupOffsetsResult answers) {
		Map<TopicPartition, OffsetAndMetadata> found = TopicAdmin.awaitUnless(GroupIdNotFoundException.class,
				problem(group), answers.partitionsToOffsetAndMetadata(group.name()));
		if (found == null) {
			return null;
		}
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
	 * Return what a group has committed as of before a transaction that is open, without
	 * waiting for its end.
	 * @throws BrokerException if that is not to be had
	 */
	@Nullable OffsetAndMetadata peek(CommitGroup group) {
		return peekAll(group).get(group.partition());
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
