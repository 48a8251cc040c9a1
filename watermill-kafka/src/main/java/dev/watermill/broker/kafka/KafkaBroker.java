package dev.watermill.broker.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import dev.watermill.broker.Broker;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.ElementEncoder;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps streams in Kafka topics: elements as JSON, or as whatever a decoder reads. Each
 * partition of an input is read by a lane of its own, which writes the partition of that
 * number; its results, the offsets of all its nodes and the positions of other inputs are
 * one transaction. Thread-safe.
 * <p>
 * The property {@value #TOPIC_PROPERTY} of a stream is the name of its topic. With
 * {@value #ALIGN_PROPERTY} a stream that was not read to its mark when its mill completed
 * goes on behind that mark. {@value #END_MARK_PROPERTY} says how the end of an output is
 * written. {@value #BROADCAST_PROPERTY} and {@value #MERGE_PROPERTY} let each lane read
 * all of an input, and {@value #PARTITION_BY_PROPERTY} says which partition of an output
 * takes a record. {@value #ON_DATA_LOSS_PROPERTY} says what happens where records of an
 * input are gone, {@value #FORMAT_PROPERTY} is for inputs that are dead letters. All
 * other properties are settings of the Kafka clients.
 * <p>
 * A stream ends at a record that is a JSON object with {@code "eos__": true}, the mark of
 * the Python library <a href="https://pypi.org/project/watermill/">watermill</a>, or at a
 * record with a header of this name and value.
 *
 * @since 0.1.0
 */
public final class KafkaBroker implements Broker {

	/**
	 * The property of a stream that gives its topic.
	 */
	public static final String TOPIC_PROPERTY = "topic";

	/**
	 * The property of an input that lets it drop, once, everything up to a mark it owes.
	 */
	public static final String ALIGN_PROPERTY = "align-segments";

	/**
	 * The property of an output that says how its end is written: {@code value} (an
	 * element of JSON, the default), {@code header} (a record without a value, the
	 * default where results are not written as JSON) or {@code none}.
	 */
	public static final String END_MARK_PROPERTY = "end-mark";

	/**
	 * The property of an input, a topic of one partition, that lets each lane of a mill
	 * read all of it: {@code true} or {@code false} (the default).
	 */
	public static final String BROADCAST_PROPERTY = "broadcast";

	/**
	 * The property of an input that lets each lane of a mill read all its partitions as
	 * one ordered stream: {@code true} or {@code false} (the default).
	 */
	public static final String MERGE_PROPERTY = "merge";

	/**
	 * The property of an input whose topic holds dead letters: {@code dead-letter}. They
	 * are read as the records that they were, without what they say in their headers.
	 */
	public static final String FORMAT_PROPERTY = "format";

	/**
	 * The property of an input, in the place of {@value #TOPIC_PROPERTY}, that names
	 * several topics with elements of one type, with commas between them: they are read
	 * as one ordered stream, by the one key that is on it, equal keys in the order of
	 * this list. They have equally many partitions, and lane p reads partition p of each,
	 * unless all are to be {@linkplain #MERGE_PROPERTY merged}. One with {@code *} (any
	 * characters) or {@code ?} (one) is a pattern: all topics with such a name, in the
	 * order of their names. One that comes while a mill reads them makes it fail, and is
	 * merged from its start once the mill is started again; one that is gone is lost
	 * data, see {@value #ON_DATA_LOSS_PROPERTY}.
	 */
	public static final String TOPICS_PROPERTY = "topics";

	/**
	 * The property of an output that says which of its partitions takes a record:
	 * {@code lane} (the default), that of the lane, or {@code key}, that of the record's
	 * key, for consumers that need no order; no mark is written then.
	 */
	public static final String PARTITION_BY_PROPERTY = "partition-by";

	/**
	 * The property of an input that says what happens where records of its topic are gone
	 * that were to be read: {@code fail} (the default), or {@code earliest}, it goes on
	 * with the first that is there, and how much is gone is logged as a warning. They are
	 * gone where they were deleted by their age, where the log lost its tail, and where
	 * the topic was made anew: that one is read from its start, in an order of its own.
	 */
	public static final String ON_DATA_LOSS_PROPERTY = "on-data-loss";

	private final KafkaConnection connection;

	private final Builder settings;

	private KafkaBroker(Builder settings) {
		this.connection = settings.connection();
		this.settings = settings;
	}

	/**
	 * Begin a broker.
	 * @param clients makes the clients
	 * @param mapper reads and writes the elements as it is configured, see
	 * {@link dev.watermill.codec.StrictJson}
	 * @return a builder
	 */
	public static Builder builder(KafkaClients clients, JsonMapper mapper) {
		return new Builder(Objects.requireNonNull(clients, "clients"), Objects.requireNonNull(mapper, "mapper"));
	}

	/**
	 * Begin a broker of the same cluster that reads or writes other elements: the mills
	 * may mix both.
	 * @return a builder with the settings of this broker
	 */
	public Builder derive() {
		Builder copy = this.settings.copy();
		copy.connection = this.connection;
		return copy;
	}

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		KafkaTopic topic = KafkaTopic.of(definition).among(new TopicAdmin(this.connection)::names);
		Supplier<RecordDecoding> decoding = () -> this.settings.decoding(definition);
		KafkaSource<T> source = new KafkaSource<>(this.connection, topic, decoding);
		return topic.isMerged() ? new MergedTopics<T>(this.connection, topic, decoding).over(source) : source;
	}

	@Override
	public <T> StreamSink<T> sink(StreamDefinition<T> definition) {
		KafkaTopic topic = KafkaTopic.of(definition);
		if (topic.isSeveral()) {
			throw new BrokerException("The stream '" + definition.name() + "' is written, but is bound to several "
					+ "topics ('" + TOPICS_PROPERTY + "'). Bind it to one.");
		}
		if (topic.deadLetters() != DeadLetters.NONE) {
			throw new BrokerException("The stream '" + definition.name() + "' is written, but has the property '"
					+ FORMAT_PROPERTY + "', which tells how a topic is read. Remove it.");
		}
		return new KafkaSink<>(this.connection, topic, () -> this.settings.encoding(definition));
	}

	@Override
	public StreamSink<DeadLetter> deadLetterSink(StreamDefinition<DeadLetter> definition) {
		return new KafkaDeadLetterSink(this.connection, KafkaTopic.ofDeadLetters(definition));
	}

	@Override
	public Optional<StreamSink<DeadLetter>> defaultDeadLetterSink(StreamDefinition<?> stream) {
		KafkaTopic topic = KafkaTopic.of(stream);
		// of several topics none is more than the others
		return topic.isSeveral() ? Optional.empty()
				: Optional.of(new KafkaDeadLetterSink(this.connection, topic.defaultDeadLetters()));
	}

	/**
	 * Builds a {@link KafkaBroker}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final KafkaClients clients;

		private final JsonMapper mapper;

		private final Map<String, ElementDecoder<?>> decoders = new HashMap<>();

		private final Map<String, ElementEncoder<?>> encoders = new HashMap<>();

		private final Map<String, Supplier<? extends Deserializer<?>>> deserializers = new HashMap<>();

		private final Map<String, Supplier<? extends Serializer<?>>> serializers = new HashMap<>();

		private String groupIdPrefix = "";

		private boolean createTopics = true;

		private @Nullable KafkaConnection connection;

		private Builder(KafkaClients clients, JsonMapper mapper) {
			this.clients = clients;
			this.mapper = mapper;
		}

		/**
		 * Set what the names of consumer groups and transactional ids begin with. Two
		 * applications on one cluster need different ones.
		 * @param prefix the prefix, not empty
		 * @return this builder
		 */
		public Builder groupIdPrefix(String prefix) {
			this.groupIdPrefix = prefix;
			return this;
		}

		/**
		 * Set whether to create output topics that do not exist.
		 * @param create {@code true} by default
		 * @return this builder
		 */
		public Builder createTopics(boolean create) {
			this.createTopics = create;
			return this;
		}

		/**
		 * Read the elements of a stream with a decoder instead of the mapper.
		 * @param stream the name of the stream
		 * @param decoder what reads an element
		 * @return this builder
		 */
		public Builder decoder(String stream, ElementDecoder<?> decoder) {
			this.decoders.put(stream, decoder);
			return this;
		}

		/**
		 * Write the results of a stream with an encoder instead of the mapper.
		 * @param stream the name of the stream
		 * @param encoder what writes a result
		 * @return this builder
		 */
		public Builder encoder(String stream, ElementEncoder<?> encoder) {
			this.encoders.put(stream, encoder);
			return this;
		}

		/**
		 * Read the elements of a stream with a Kafka deserializer, for Avro, Protobuf and
		 * the like.
		 * @param stream the name of the stream
		 * @param deserializer makes a deserializer, configured, for each reader; it is
		 * closed with the reader
		 * @return this builder
		 */
		public Builder deserializer(String stream, Supplier<? extends Deserializer<?>> deserializer) {
			this.deserializers.put(stream, deserializer);
			return this;
		}

		/**
		 * Write the results of a stream with a Kafka serializer.
		 * @param stream the name of the stream
		 * @param serializer makes a serializer, configured, for each writer; it is closed
		 * with the writer
		 * @return this builder
		 */
		public Builder serializer(String stream, Supplier<? extends Serializer<?>> serializer) {
			this.serializers.put(stream, serializer);
			return this;
		}

		/**
		 * Build the broker.
		 * @return the broker
		 * @throws IllegalArgumentException if there is no prefix for consumer groups
		 */
		public KafkaBroker build() {
			if (this.groupIdPrefix.isBlank()) {
				throw new IllegalArgumentException("A prefix for the names of consumer groups is needed: without one "
						+ "two applications would share their positions");
			}
			return new KafkaBroker(copy());
		}

		private Builder copy() {
			Builder copy = new Builder(this.clients, this.mapper).groupIdPrefix(this.groupIdPrefix)
				.createTopics(this.createTopics);
			copy.decoders.putAll(this.decoders);
			copy.encoders.putAll(this.encoders);
			copy.deserializers.putAll(this.deserializers);
			copy.serializers.putAll(this.serializers);
			copy.connection = this.connection;
			return copy;
		}

		private KafkaConnection connection() {
			return (this.connection != null) ? this.connection
					: new KafkaConnection(this.clients, this.groupIdPrefix, this.createTopics);
		}

		private RecordDecoding decoding(StreamDefinition<?> definition) {
			Supplier<? extends Deserializer<?>> deserializer = this.deserializers.get(definition.name());
			if (deserializer != null) {
				return RecordDecoding.by(deserializer, definition.type());
			}
			ElementDecoder<?> decoder = this.decoders.get(definition.name());
			return (decoder != null) ? RecordDecoding.by(decoder, definition.type())
					: RecordDecoding.json(this.mapper, definition.type(), definition.name());
		}

		private RecordEncoding encoding(StreamDefinition<?> definition) {
			Supplier<? extends Serializer<?>> serializer = this.serializers.get(definition.name());
			if (serializer != null) {
				return RecordEncoding.by(serializer.get());
			}
			ElementEncoder<?> encoder = this.encoders.get(definition.name());
			return (encoder != null) ? RecordEncoding.by(encoder) : RecordEncoding.json(this.mapper, definition.type());
		}

	}

}
