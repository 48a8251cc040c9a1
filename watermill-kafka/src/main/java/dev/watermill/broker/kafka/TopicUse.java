package dev.watermill.broker.kafka;

import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What the lanes of a mill read of an input topic.
 */
enum TopicUse {

	/** Each lane reads the partition that has its number. */
	PARTITIONED,

	/** Each lane reads the whole topic, which has one partition. */
	BROADCAST,

	/** Each lane reads the whole topic, its partitions as one ordered stream. */
	MERGED;

	/**
	 * Take what a stream says of its use from its properties.
	 */
	static TopicUse of(StreamDefinition<?> definition, Map<String, Object> settings) {
		boolean broadcast = is(settings.remove(KafkaBroker.BROADCAST_PROPERTY));
		boolean merge = is(settings.remove(KafkaBroker.MERGE_PROPERTY));
		if (broadcast && merge) {
			throw new BrokerException("The stream '" + definition.name() + "' has the properties '"
					+ KafkaBroker.BROADCAST_PROPERTY + "' and '" + KafkaBroker.MERGE_PROPERTY
					+ "'. Keep the first for a topic of one partition, the second for one of several.");
		}
		return broadcast ? BROADCAST : merge ? MERGED : PARTITIONED;
	}

	private static boolean is(@Nullable Object setting) {
		return setting != null && Boolean.parseBoolean(setting.toString().trim());
	}

}
