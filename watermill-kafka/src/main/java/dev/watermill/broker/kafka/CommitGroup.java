package dev.watermill.broker.kafka;

import java.util.Map;

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

}
