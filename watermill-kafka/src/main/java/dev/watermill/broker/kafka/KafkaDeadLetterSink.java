package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamWriter;

/**
 * Writes dead letters to a topic, which others may write to as well: no mark ends it, and
 * what is there already says nothing of this mill.
 */
final class KafkaDeadLetterSink extends TopicSink<DeadLetter> {

	KafkaDeadLetterSink(KafkaConnection connection, KafkaTopic topic) {
		super(connection, topic);
	}

	@Override
	public boolean isShared() {
		return true;
	}

	@Override
	StreamWriter<DeadLetter> open(TransactionLog transactions, TopicAdmin admin) {
		if (admin.isCompacted(topic())) {
			throw new BrokerException(topic().message("is compacted (cleanup.policy), so it would keep only the last "
					+ "record of each key, and takes none without one. Name a topic whose cleanup.policy is delete."));
		}
		int largest = Math.min(admin.largestBatch(topic()), connection().largestRequest(topic().clientSettings()));
		return new DeadLetterWriter(topic(), transactions, largest);
	}

}
