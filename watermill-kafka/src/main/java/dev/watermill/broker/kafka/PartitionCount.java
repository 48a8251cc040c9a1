package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;

/**
 * How many partitions topics have to have: nobody else counts them.
 *
 * @param expected how many, and how many an output topic gets that is created
 */
record PartitionCount(int expected) {

	/** What mills of one lane read and write. */
	static final PartitionCount ONE = new PartitionCount(1);

	/**
	 * Check a topic before it is read or written.
	 * @param partitions how many it has
	 * @throws BrokerException if a mill can't use a topic with so many
	 */
	void require(KafkaTopic topic, int partitions) {
		if (partitions != this.expected) {
			throw new BrokerException(topic.message("has " + partitions + " partitions, expected " + this.expected
					+ ": the elements of a stream have one order, and partitions have none "
					+ "between them. Use a topic of one partition."));
		}
	}

	/**
	 * Check a topic that is read, or was read before.
	 * @param partitions how many it has now
	 * @throws BrokerException if it has more than then, or a mill can't use it
	 */
	void requireUnchanged(KafkaTopic topic, int partitions) {
		if (partitions > this.expected) {
			throw new BrokerException(topic.message("grew from " + this.expected + " to " + partitions
					+ " partitions: what producers write to the new ones would never be read, since the elements of a "
					+ "stream have one order, and partitions have none between them. Bring all records, in order, "
					+ "into a topic of one partition and bind the stream to that."));
		}
		require(topic, partitions);
	}

}
