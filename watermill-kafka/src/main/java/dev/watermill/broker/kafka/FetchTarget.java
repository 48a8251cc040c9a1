package dev.watermill.broker.kafka;

import dev.watermill.broker.LaneId;
import org.apache.kafka.common.TopicPartition;

/**
 * What a node of a lane reads.
 *
 * @param connection the cluster
 * @param lane the lane
 * @param topic the topic
 * @param partition the partition that the lane reads
 * @param partitions how many partitions the topic has, as far as it is known
 * @param covered whether the lane's commits carry the offsets of the node
 * @param place where the lane commits
 * @param originals whether records are kept as they are, since they may become dead
 * letters
 */
record FetchTarget(KafkaConnection connection, LaneId lane, KafkaTopic topic, TopicPartition partition, int partitions,
		boolean covered, String place, boolean originals) {

	String group() {
		return this.connection.group(this.lane, this.topic);
	}

}
