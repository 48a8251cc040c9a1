package dev.watermill.broker.kafka;

import java.util.List;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitScope;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Checks whether outputs hold results although no position is of a mill that wrote them:
 * it then was here before, and starting it afresh would write everything twice.
 */
final class ExistingResults {

	private final KafkaConnection connection;

	ExistingResults(KafkaConnection connection) {
		this.connection = connection;
	}

	/**
	 * Check that no output topic holds a record where the lane writes it. One whose
	 * records are spread by their keys may hold those of other lanes; dead letters may be
	 * those of other mills.
	 * @param positions the groups without positions
	 */
	void requireNone(CommitScope scope, GroupPositions positions) {
		List<String> missing = positions.names();
		for (KafkaTopic topic : scope.outputs(this.connection.topics()).values()) {
			if (topic.deadLetters() == DeadLetters.NONE && holdsRecord(topic, scope, missing.get(0))
					&& (topic.partitionBy() == PartitionBy.LANE || !positions.isAnyLaneThere())) {
				throw new BrokerException("The consumer groups " + missing + " have no positions, but the topic '"
						+ topic.name() + "' that the mill '" + scope.lane().mill()
						+ "' writes holds records: the mill was here before and its positions are lost, or somebody "
						+ "else writes there. Set start-from to say where it is to begin (earliest repeats what is "
						+ "there), or write to another topic.");
			}
		}
	}

	private boolean holdsRecord(KafkaTopic topic, CommitScope scope, String group) {
		TopicAdmin admin = new TopicAdmin(this.connection);
		admin.requireWritable(topic, scope.lane().lane() + 1);
		if (topic.partitionBy() == PartitionBy.LANE && isUntouched(admin, topic, topic.written(scope.lane()))) {
			return false;
		}
		try (Consumer<byte[], byte[]> consumer = this.connection.consumer(group, "existing", topic.clientSettings())) {
			return partitions(topic, scope, consumer).stream()
				.anyMatch((partition) -> holdsRecord(topic, partition, consumer));
		}
		catch (RuntimeException ex) {
			throw KafkaFailures.translate(topic.message("can't be looked at"), ex);
		}
	}

	private static boolean isUntouched(TopicAdmin admin, KafkaTopic topic, TopicPartition partition) {
		return admin.start(topic, partition) == admin.end(topic, partition);
	}

	private static List<TopicPartition> partitions(KafkaTopic topic, CommitScope scope,
			Consumer<byte[], byte[]> consumer) {
		if (topic.partitionBy() == PartitionBy.LANE) {
			return List.of(topic.written(scope.lane()));
		}
		return consumer.partitionsFor(topic.name(), KafkaConnection.PATIENCE)
			.stream()
			.map((info) -> new TopicPartition(info.topic(), info.partition()))
			.toList();
	}

	private static boolean holdsRecord(KafkaTopic topic, TopicPartition partition, Consumer<byte[], byte[]> consumer) {
		consumer.assign(List.of(partition));
		long end = Offsets.end(consumer, partition);
		consumer.seek(partition, Offsets.first(consumer, partition));
		// offsets alone don't show it: aborted transactions leave some, too
		long before = -1;
		for (long at = consumer.position(partition); at < end; at = consumer.position(partition)) {
			if (at == before) {
				// the caller sees whether the mill is to stop, and asks again
				throw new BrokerUnavailableException(topic.message("can't be read: Kafka does not answer"));
			}
			before = at;
			if (!consumer.poll(KafkaConnection.PATIENCE).isEmpty()) {
				return true;
			}
		}
		return false;
	}

}
