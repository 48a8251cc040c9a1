package dev.watermill.broker.kafka;

import java.util.List;
import java.util.Objects;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a partition begins and ends, as the broker says now.
 */
final class Offsets {

	private Offsets() {
	}

	/**
	 * The offset of the first record that is kept.
	 */
	static long first(Consumer<?, ?> consumer, TopicPartition partition) {
		return Objects
			.requireNonNull(consumer.beginningOffsets(List.of(partition), KafkaConnection.PATIENCE).get(partition));
	}

	/**
	 * The offset behind the last record that the consumer may see.
	 */
	static long end(Consumer<?, ?> consumer, TopicPartition partition) {
		return Objects.requireNonNull(consumer.endOffsets(List.of(partition), KafkaConnection.PATIENCE).get(partition));
	}

}
