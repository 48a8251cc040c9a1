package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;

/**
 * How many partitions a topic has, and what that means to those who read or write it.
 *
 * @param topic the topic
 * @param count how many it has
 */
record PartitionCount(KafkaTopic topic, int count) {

	/**
	 * Check that a lane finds what it reads.
	 * @throws BrokerUnavailableException if the topic lacks the lane's partition, which a
	 * broker may yet have to hear of
	 * @throws BrokerException if the topic can't be read as its user says
	 */
	void requireReadable(LaneId lane) {
		if (this.topic.use() == TopicUse.BROADCAST && this.count != 1) {
			throw new BrokerException(this.topic.message("has " + this.count + " partitions, but '"
					+ KafkaBroker.BROADCAST_PROPERTY + "' lets each lane read it as one, and partitions have no order "
					+ "between them. Use a topic of one partition, or say '" + KafkaBroker.MERGE_PROPERTY
					+ "', which orders several by their keys."));
		}
		int partition = this.topic.read(lane).partition();
		if (partition >= this.count) {
			throw new BrokerUnavailableException(this.topic.message("has " + this.count + " partitions, so lane "
					+ lane.lane() + " of the mill '" + lane.mill() + "' waits for its partition " + partition + "."));
		}
	}

	/**
	 * Check a topic that is read already. One that is read partition by partition may
	 * grow: whoever started the lanes starts more.
	 * @param merged how many are merged, if any are
	 * @throws BrokerException if there is more than is read
	 */
	void requireUnchanged(int merged) {
		if (this.topic.use() == TopicUse.MERGED && this.count > merged) {
			throw new BrokerException(this.topic.message("grew from " + merged + " to " + this.count
					+ " partitions while they are merged ('" + KafkaBroker.MERGE_PROPERTY
					+ "'): what came in the new ones may belong before elements that were passed already. Start the "
					+ "mill again: it merges the new partitions from their starts then, and what of them belongs "
					+ "before such elements is out of order, and treated as the stream's on-disorder says."));
		}
		if (this.topic.use() == TopicUse.BROADCAST && this.count > 1) {
			throw new BrokerException(this.topic.message("grew from 1 to " + this.count
					+ " partitions: what producers write to the new ones would never be read, since each lane reads it "
					+ "as one ('" + KafkaBroker.BROADCAST_PROPERTY + "'), and partitions have no order between them. "
					+ "Bring all records, in order, into a topic of one partition and bind the stream to that."));
		}
	}

	/**
	 * Check that each lane finds a partition of its own to write.
	 * @throws BrokerException if there are too few
	 */
	void requireWritable(int lanes) {
		if (this.topic.partitionBy() == PartitionBy.LANE && this.count < lanes) {
			throw new BrokerException(this.topic.message("has " + this.count + " partitions, but is written by " + lanes
					+ " lanes, each of which needs one of its own. Give it " + lanes + " partitions "
					+ "(kafka-topics.sh --alter --partitions " + lanes + "), or write to another topic; if order is no "
					+ "matter, spread the records by their keys ('" + KafkaBroker.PARTITION_BY_PROPERTY + "': key)."));
		}
	}

	/**
	 * Whether there are partitions that no lane writes.
	 */
	boolean isAbove(int lanes) {
		return this.topic.partitionBy() == PartitionBy.LANE && this.count > lanes;
	}

}
