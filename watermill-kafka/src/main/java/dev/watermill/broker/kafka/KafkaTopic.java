package dev.watermill.broker.kafka;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The topic a stream is bound to, or several that are read as one.
 *
 * @param stream the name of the stream
 * @param names the names of the topics, perhaps by patterns
 * @param use what lanes read of it
 * @param onDataLoss what happens where records are gone that were to be read
 * @param alignSegments whether to drop everything up to a mark the stream owes
 * @param endMark how the end of the stream is written, {@code null} if nothing is said
 * @param partitionBy which partition takes a record that is written
 * @param clientSettings what the user says for the clients of this stream
 * @param deadLetters what dead letters it holds
 */
record KafkaTopic(String stream, TopicNames names, TopicUse use, OnDataLoss onDataLoss, boolean alignSegments,
		@Nullable EndMarkForm endMark, PartitionBy partitionBy, Map<String, Object> clientSettings,
		DeadLetters deadLetters) {

	private static final String DEAD_LETTERS = "-dlt";

	/** How long the name of a topic may be. */
	private static final int LONGEST_NAME = 249;

	static KafkaTopic of(StreamDefinition<?> definition) {
		Map<String, Object> settings = new HashMap<>(definition.properties());
		TopicNames names = TopicNames.of(names(definition, settings));
		Object align = settings.remove(KafkaBroker.ALIGN_PROPERTY);
		OnDataLoss onDataLoss = OnDataLoss.of(definition, settings.remove(KafkaBroker.ON_DATA_LOSS_PROPERTY));
		TopicUse use = TopicUse.of(definition, settings);
		EndMarkForm endMark = EndMarkForm.of(definition, settings.remove(KafkaBroker.END_MARK_PROPERTY));
		PartitionBy partitionBy = PartitionBy.of(definition, settings.remove(KafkaBroker.PARTITION_BY_PROPERTY));
		DeadLetters deadLetters = DeadLetters.of(definition, settings.remove(KafkaBroker.FORMAT_PROPERTY));
		if (partitionBy == PartitionBy.KEY && endMark != null && endMark != EndMarkForm.NONE) {
			throw new BrokerException(
					"The stream '" + definition.name() + "' has the property '" + KafkaBroker.END_MARK_PROPERTY
							+ "' although records are spread by their keys ('" + KafkaBroker.PARTITION_BY_PROPERTY
							+ "' is key): no partition has an end of its own then. Remove " + "one of them.");
		}
		return new KafkaTopic(definition.name(), names, use, onDataLoss,
				align != null && Boolean.parseBoolean(align.toString()), endMark, partitionBy, Map.copyOf(settings),
				deadLetters);
	}

	private static List<String> names(StreamDefinition<?> definition, Map<String, Object> settings) {
		Object topic = settings.remove(KafkaBroker.TOPIC_PROPERTY);
		Object topics = settings.remove(KafkaBroker.TOPICS_PROPERTY);
		List<String> names = Arrays.stream(((topics != null) ? topics : "").toString().split(","))
			.map(String::trim)
			.filter((name) -> !name.isEmpty())
			.toList();
		if (new HashSet<>(names).size() < names.size()) {
			throw new BrokerException("The stream '" + definition.name() + "' names a topic twice in its property '"
					+ KafkaBroker.TOPICS_PROPERTY + "': " + String.join(", ", names) + ". Name each once.");
		}
		boolean none = topic == null || topic.toString().isBlank();
		if (none && names.isEmpty()) {
			throw new BrokerException("The stream '" + definition.name() + "' has no topic. Set its property '"
					+ KafkaBroker.TOPIC_PROPERTY + "' to the name of one.");
		}
		if (!none && !names.isEmpty()) {
			throw new BrokerException("The stream '" + definition.name() + "' has the properties '"
					+ KafkaBroker.TOPIC_PROPERTY + "' and '" + KafkaBroker.TOPICS_PROPERTY + "'. Keep one of them.");
		}
		if (topic == null || none) {
			return names;
		}
		String name = topic.toString().trim();
		if (TopicNames.isPattern(name)) {
			throw new BrokerException("The stream '" + definition.name() + "' has the topic '" + name
					+ "', which is a pattern for several. Say so by the property '" + KafkaBroker.TOPICS_PROPERTY
					+ "' instead of '" + KafkaBroker.TOPIC_PROPERTY + "'.");
		}
		return List.of(name);
	}

	/**
	 * Return this topic in a cluster, which tells what its patterns stand for.
	 * @param topics asks for the names of all topics
	 */
	KafkaTopic among(Supplier<Set<String>> topics) {
		return with(this.names.among(topics));
	}

	/**
	 * The name of the topic; of several that of the first, whose partitions are shared
	 * out.
	 * @throws BrokerUnavailableException if a pattern stands for none yet
	 */
	String name() {
		return now().get(0);
	}

	private List<String> now() {
		List<String> now = this.names.now();
		if (now.isEmpty()) {
			throw new BrokerUnavailableException(message("stand for no topic yet. Create one, or correct the stream's "
					+ "property '" + KafkaBroker.TOPICS_PROPERTY + "'."));
		}
		return now;
	}

	/**
	 * Whether there are several topics, or may be.
	 */
	boolean isSeveral() {
		return this.names.written().size() > 1 || this.names.hasPattern();
	}

	/**
	 * Whether what a lane reads is merged of several partitions.
	 */
	boolean isMerged() {
		return this.use == TopicUse.MERGED || isSeveral();
	}

	/**
	 * The topics that there are now, each by itself.
	 * @throws BrokerUnavailableException if a pattern stands for none yet
	 */
	List<KafkaTopic> each() {
		return isSeveral() ? now().stream().map(this::named).toList() : List.of(this);
	}

	/**
	 * Return one of the topics.
	 */
	KafkaTopic named(String one) {
		return with(TopicNames.of(List.of(one)));
	}

	private KafkaTopic with(TopicNames other) {
		return new KafkaTopic(this.stream, other, this.use, this.onDataLoss, this.alignSegments, this.endMark,
				this.partitionBy, this.clientSettings, this.deadLetters);
	}

	/**
	 * Return a topic that takes dead letters.
	 */
	static KafkaTopic ofDeadLetters(StreamDefinition<?> definition) {
		KafkaTopic topic = of(definition);
		return topic.deadLetters(topic.name(), TopicUse.PARTITIONED, topic.clientSettings);
	}

	/**
	 * Return the topic that takes the dead letters of this one if nobody names another.
	 */
	KafkaTopic defaultDeadLetters() {
		String letters = name() + DEAD_LETTERS;
		if (letters.length() > LONGEST_NAME) {
			throw new BrokerException(message("has so long a name that none is left for the topic of its dead letters, "
					+ "'" + letters + "'. Name another place for them."));
		}
		return deadLetters(letters, this.use, forWriting(this.clientSettings));
	}

	/**
	 * What is said for the clients that read a stream, as far as it means something for
	 * those that write.
	 */
	private static Map<String, Object> forWriting(Map<String, Object> settings) {
		Map<String, Object> writing = new HashMap<>(settings);
		writing.keySet()
			.removeIf((name) -> ConsumerConfig.configNames().contains(name)
					&& (!ProducerConfig.configNames().contains(name)
							|| name.equals(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG)));
		return writing;
	}

	private KafkaTopic deadLetters(String place, TopicUse of, Map<String, Object> settings) {
		return new KafkaTopic(this.stream, TopicNames.of(List.of(place)), of, OnDataLoss.FAIL, false, EndMarkForm.NONE,
				PartitionBy.LANE, settings, DeadLetters.WRITTEN);
	}

	/**
	 * Whether each lane reads the whole topic, with a consumer group of its own.
	 */
	boolean isReadWhole() {
		return this.use != TopicUse.PARTITIONED;
	}

	/**
	 * How many partitions so many lanes write: of the dead letters of what each lane
	 * reads whole one, since the first lane alone writes them.
	 */
	int writtenBy(int lanes) {
		return (this.deadLetters == DeadLetters.WRITTEN && isReadWhole()) ? 1 : lanes;
	}

	/**
	 * The partition that a lane reads.
	 */
	TopicPartition read(LaneId lane) {
		return new TopicPartition(name(), isReadWhole() ? 0 : lane.lane());
	}

	/**
	 * The partition that is a lane's own where the topic is written.
	 */
	TopicPartition written(LaneId lane) {
		return new TopicPartition(name(), lane.lane());
	}

	String location() {
		return (isSeveral() ? "topics " : "topic ") + String.join(", ", this.names.written());
	}

	/**
	 * Say something of the topic that people can act on.
	 */
	String message(String text) {
		String what = (this.deadLetters == DeadLetters.WRITTEN) ? "Dead letters of '" : "Stream '";
		return what + this.stream + "': the " + (isSeveral() ? "topics" : "topic") + " '"
				+ String.join("', '", this.names.written()) + "' " + text;
	}

}
