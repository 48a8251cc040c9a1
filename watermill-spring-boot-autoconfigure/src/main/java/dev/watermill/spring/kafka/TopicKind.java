package dev.watermill.spring.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.watermill.broker.Broker;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaSettingsException;
import dev.watermill.spring.binding.internal.StreamBinding;
import dev.watermill.spring.binding.internal.StreamKind;
import dev.watermill.spring.binding.internal.StreamSetting;
import dev.watermill.spring.diagnostics.MillConfigurationException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.properties.EndMark;
import dev.watermill.spring.properties.FileLayout;
import dev.watermill.spring.properties.StreamProperties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Streams in Kafka topics.
 */
final class TopicKind implements StreamKind, Ordered {

	private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

	/**
	 * Client settings that mills depend on, so that a stream can have none of its own.
	 */
	private static final Set<String> OURS = Set.of(ConsumerConfig.GROUP_ID_CONFIG,
			ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, ConsumerConfig.ISOLATION_LEVEL_CONFIG,
			ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
			ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
			ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
			ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ProducerConfig.TRANSACTIONAL_ID_CONFIG,
			ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, ProducerConfig.ACKS_CONFIG, CommonClientConfigs.CLIENT_ID_CONFIG,
			CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.TOPIC_PROPERTY, KafkaBroker.TOPICS_PROPERTY,
			KafkaBroker.ALIGN_PROPERTY, KafkaBroker.END_MARK_PROPERTY, KafkaBroker.MERGE_PROPERTY,
			KafkaBroker.BROADCAST_PROPERTY, KafkaBroker.PARTITION_BY_PROPERTY, KafkaBroker.ON_DATA_LOSS_PROPERTY,
			KafkaBroker.FORMAT_PROPERTY);

	private final Supplier<KafkaBroker> broker;

	private final KafkaCodecs codecs;

	private final RefusedSettings refusals;

	private final PollInterval interval;

	/**
	 * Create a kind.
	 * @param broker the broker, asked for only if there is a topic
	 * @param codecs finds what reads and writes elements in other forms than JSON
	 * @param refusals explains why clients can't be made
	 * @param interval knows how long a lane may take to be handed over
	 */
	TopicKind(Supplier<KafkaBroker> broker, KafkaCodecs codecs, RefusedSettings refusals, PollInterval interval) {
		this.broker = broker;
		this.codecs = codecs;
		this.refusals = refusals;
		this.interval = interval;
	}

	@Override
	public int getOrder() {
		return TopicSettings.ORDER;
	}

	@Override
	public String property() {
		return TopicSettings.PROPERTY;
	}

	@Override
	public String target() {
		return TopicSettings.TARGET;
	}

	@Override
	public Set<StreamSetting> settings() {
		return TopicSettings.ALL;
	}

	@Override
	public StreamBinding bind(String stream, String place, StreamProperties properties) {
		return bind(stream, property(), List.of(place), properties);
	}

	/**
	 * Bind a stream to one topic or several.
	 * @param property the last element of the property's name that says so
	 */
	StreamBinding bind(String stream, String property, List<String> topics, StreamProperties properties) {
		topics.forEach((topic) -> check(stream, property, topic, properties));
		FileLayout format = properties.getFormat();
		Map<String, String> settings = new HashMap<>(properties.getProperties());
		settings.put(property.equals(TopicSettings.SEVERAL) ? KafkaBroker.TOPICS_PROPERTY : KafkaBroker.TOPIC_PROPERTY,
				String.join(",", topics));
		settings.put(KafkaBroker.ALIGN_PROPERTY, String.valueOf(properties.isAlignSegments()));
		EndMark endMark = properties.getEndMark();
		if (endMark != null) {
			settings.put(KafkaBroker.END_MARK_PROPERTY, endMark.name().toLowerCase(Locale.ROOT));
		}
		settings.put(KafkaBroker.ON_DATA_LOSS_PROPERTY, properties.getOnDataLoss().name().toLowerCase(Locale.ROOT));
		if (format != null) {
			settings.put(KafkaBroker.FORMAT_PROPERTY, format.label());
		}
		settings.put(KafkaBroker.MERGE_PROPERTY, String.valueOf(properties.isMerge()));
		settings.put(KafkaBroker.BROADCAST_PROPERTY, String.valueOf(properties.isBroadcast()));
		settings.put(KafkaBroker.PARTITION_BY_PROPERTY, properties.getPartitionBy().name().toLowerCase(Locale.ROOT));
		return new StreamBinding(property, broker(stream, properties), settings);
	}

	@Override
	public StreamBinding bindDeadLetters(String place, String property) {
		checkName(place, "The property " + property + " is '" + place + "'", property);
		return new StreamBinding(property(), this.broker.get(), Map.of(KafkaBroker.TOPIC_PROPERTY, place));
	}

	@Override
	public @Nullable MillConfigurationException explain(String stream, StreamProperties properties,
			BrokerException problem) {
		return (problem instanceof KafkaSettingsException refused)
				? this.refusals.explain(stream, properties.getProperties(), refused) : null;
	}

	@Override
	public void checkHandOver(String stream, StreamProperties properties, Duration timeout, String property) {
		this.interval.check(stream, properties.getProperties(), timeout, property);
	}

	private Broker broker(String stream, StreamProperties properties) {
		KafkaBroker shared = this.broker.get();
		if (properties.getDeserializer() == null && properties.getSerializer() == null) {
			return shared;
		}
		KafkaBroker.Builder builder = shared.derive();
		this.codecs.addTo(builder, stream, properties);
		return builder.build();
	}

	private static void checkName(String topic, String what, String property) {
		if (!TOPIC.matcher(topic).matches()) {
			throw new InvalidBindingException(what + ", which can't be a topic's name.",
					"Correct " + property + ": a name has up to 249 letters, digits, dots, underscores and hyphens. "
							+ "Patterns (orders-*) are for the topics of a stream that is read.");
		}
	}

	private static void check(String stream, String property, String topic, StreamProperties properties) {
		String prefix = "watermill.streams." + stream + ".";
		// a pattern for topics is a name, but for what stands for any characters
		String name = property.equals(TopicSettings.SEVERAL) ? topic.replace('*', 'x').replace('?', 'x') : topic;
		checkName(name, "The stream '" + stream + "' is bound to the topic '" + topic + "'", prefix + property);
		FileLayout format = properties.getFormat();
		if (format != null && format != FileLayout.DEAD_LETTER) {
			throw new InvalidBindingException(
					"The stream '" + stream + "' is bound to the topic '" + topic + "' and has " + prefix + "format="
							+ format.label() + ", which says how elements stand in a file.",
					"Remove it, or bind the stream to a file, or set it to " + FileLayout.DEAD_LETTER.label()
							+ " if the topic holds dead letters.");
		}
		Set<String> ours = new TreeSet<>(properties.getProperties().keySet());
		ours.retainAll(OURS);
		if (!ours.isEmpty()) {
			throw new InvalidBindingException("The stream '" + stream + "' has settings under " + prefix
					+ "properties that the mills depend on and set themselves: " + String.join(", ", ours) + ".",
					"Remove them. Connect under spring.kafka, choose a decoding with " + prefix + "deserializer or "
							+ prefix + "serializer, and bind streams of another cluster with " + prefix + "broker.");
		}
	}

}
