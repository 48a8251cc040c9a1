package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The consumer group that has the position of a node, or a further piece of it.
 *
 * @param stream the stream of the node, {@code null} if the group is none of a node
 * @param name the name of the group
 * @param partition the partition at which the group commits
 * @param clientSettings what the user says for the clients of the stream
 */
record CommitGroup(@Nullable String stream, String name, TopicPartition partition, Map<String, Object> clientSettings) {

	/**
	 * Return this group at another partition.
	 */
	CommitGroup at(TopicPartition other) {
		return other.equals(this.partition) ? this
				: new CommitGroup(this.stream, this.name, other, this.clientSettings);
	}

	/**
	 * Return what is to be committed of one group after another: all that follows each
	 * other there at once.
	 * @param offsets what is to be committed, in this order
	 */
	static List<Map<CommitGroup, OffsetAndMetadata>> atOnce(Map<CommitGroup, OffsetAndMetadata> offsets) {
		List<Map<CommitGroup, OffsetAndMetadata>> all = new ArrayList<>();
		String last = null;
		for (Map.Entry<CommitGroup, OffsetAndMetadata> offset : offsets.entrySet()) {
			if (!offset.getKey().name().equals(last)) {
				all.add(new LinkedHashMap<>());
			}
			last = offset.getKey().name();
			all.get(all.size() - 1).put(offset.getKey(), offset.getValue());
		}
		return all;
	}

	/**
	 * Return offsets as clients take them.
	 */
	static Map<TopicPartition, OffsetAndMetadata> byPartition(Map<CommitGroup, OffsetAndMetadata> offsets) {
		Map<TopicPartition, OffsetAndMetadata> partitions = new LinkedHashMap<>();
		offsets.forEach((group, offset) -> partitions.put(group.partition(), offset));
		return partitions;
	}

}
