package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;

/**
 * How many partitions topics have to have. It is decided here, and nowhere else.
 */
final class PartitionCount {

	/** How many an output topic gets that is created. */
	static final int OF_NEW_TOPICS = 1;

	private PartitionCount() {
	}

	/**
	 * Check a topic before it is read or written.
	 * @param partitions how many it has
	 * @throws BrokerException if a mill can't use a topic with so many
	 */
	static void require(KafkaTopic topic, int partitions) {
		if (partitions != 1) {
			throw new BrokerException(topic.message("has " + partitions
					+ " partitions, expected 1: the elements of a stream have one order, and partitions have none "
					+ "between them. Use a topic of one partition."));
		}
	}

	/**
	 * Check a topic that is read, or was read before.
	 * @param partitions how many it has now
	 * @throws BrokerException if it has more than then, or a mill can't use it
	 */
	static void requireUnchanged(KafkaTopic topic, int partitions) {
		if (partitions > 1) {
			throw new BrokerException(topic.message("grew from 1 to " + partitions
					+ " partitions: what producers write to the new ones would never be read, since the elements of a "
					+ "stream have one order, and partitions have none between them. Bring all records, in order, "
					+ "into a topic of one partition and bind the stream to that."));
		}
		require(topic, partitions);
	}

}
