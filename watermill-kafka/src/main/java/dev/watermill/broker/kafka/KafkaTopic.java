package dev.watermill.broker.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The topic a stream is bound to.
 *
 * @param stream the name of the stream
 * @param name the name of the topic
 * @param alignSegments whether to drop everything up to a mark the stream owes
 * @param endMark how the end of the stream is written, {@code null} if nothing is said
 * @param clientSettings what the user says for the clients of this stream
 */
record KafkaTopic(String stream, String name, boolean alignSegments, @Nullable EndMarkForm endMark,
		Map<String, Object> clientSettings) {

	static KafkaTopic of(StreamDefinition<?> definition) {
		Map<String, Object> settings = new HashMap<>(definition.properties());
		Object topic = settings.remove(KafkaBroker.TOPIC_PROPERTY);
		Object align = settings.remove(KafkaBroker.ALIGN_PROPERTY);
		EndMarkForm endMark = EndMarkForm.of(definition, settings.remove(KafkaBroker.END_MARK_PROPERTY));
		settings.keySet()
			.removeAll(Set.of(KafkaBroker.MERGE_PROPERTY, KafkaBroker.BROADCAST_PROPERTY,
					KafkaBroker.PARTITION_BY_PROPERTY));
		if (topic == null || topic.toString().isBlank()) {
			throw new BrokerException("The stream '" + definition.name() + "' has no topic. Set its property '"
					+ KafkaBroker.TOPIC_PROPERTY + "' to the name of one.");
		}
		return new KafkaTopic(definition.name(), topic.toString().trim(),
				align != null && Boolean.parseBoolean(align.toString()), endMark, Map.copyOf(settings));
	}

	/**
	 * The partition that a lane reads and writes.
	 */
	TopicPartition partition(LaneId lane) {
		return new TopicPartition(this.name, lane.lane());
	}

	String location() {
		return "topic " + this.name;
	}

	/**
	 * Say something of the topic that people can act on.
	 */
	String message(String text) {
		return "Stream '" + this.stream + "': the topic '" + this.name + "' " + text;
	}

}
