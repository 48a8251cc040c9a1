package dev.watermill.benchmarks.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.benchmarks.kafka.Robots.NextStep;
import dev.watermill.benchmarks.kafka.Robots.Speed;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;

/**
 * Who hands partitions over: each an application that joins the same two topics exactly
 * once, with a commit each 100 ms and {@value #SESSION} ms until a silent member is taken
 * for dead.
 */
enum HandOverContestant {

	/** A mill, as it is by default. */
	MILL("mill") {

		@Override
		AutoCloseable start(Run run) {
			return mill(run, Map.of());
		}

	},

	/** A mill with the newer protocol of groups. */
	MILL_CONSUMER("mill, `group.protocol=consumer`") {

		@Override
		AutoCloseable start(Run run) {
			return mill(run, Map.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer"));
		}

	},

	/**
	 * Kafka Streams, which leaves its group when it is closed, and whose others have its
	 * stores already.
	 */
	STREAMS("Kafka Streams") {

		@Override
		AutoCloseable start(Run run) {
			return streams(run,
					Map.of(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
							SESSION, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT));
		}

	},

	/** The same with its newer protocol, which has these settings at the broker. */
	STREAMS_PROTOCOL("Kafka Streams, `group.protocol=streams`") {

		@Override
		AutoCloseable start(Run run) {
			return streams(run, Map.of(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams"));
		}

	};

	static final int SESSION = 6_000;

	static final int HEARTBEAT = 300;

	private static final int COMMIT_INTERVAL = 100;

	/**
	 * How far the one topic may be ahead of the other, in the time of the elements: what
	 * is later than that Kafka Streams drops.
	 */
	private static final Duration GRACE = Duration.ofMinutes(1);

	private final String title;

	HandOverContestant(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

	/**
	 * Begin to work.
	 * @param run on what
	 * @return what ends the work as a clean stop of the application does
	 */
	abstract AutoCloseable start(Run run);

	/**
	 * What a broker has to be told so that all contestants are alike.
	 */
	static Map<String, String> brokerProperties() {
		Map<String, String> properties = new HashMap<>();
		for (String kind : new String[] { "consumer", "streams" }) {
			properties.put("group." + kind + ".min.session.timeout.ms", "100");
			properties.put("group." + kind + ".session.timeout.ms", String.valueOf(SESSION));
			properties.put("group." + kind + ".min.heartbeat.interval.ms", "50");
			properties.put("group." + kind + ".heartbeat.interval.ms", String.valueOf(HEARTBEAT));
		}
		properties.put("group.streams.num.standby.replicas", "1");
		properties.put("group.streams.initial.rebalance.delay.ms", "0");
		return properties;
	}

	private static AutoCloseable mill(Run run, Map<String, Object> more) {
		Map<String, Object> clients = new HashMap<>(more);
		clients.put("bootstrap.servers", run.bootstrapServers());
		KafkaBroker broker = KafkaBroker.builder(KafkaClients.of(clients), Robots.JSON).groupIdPrefix(run.id()).build();
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMillis(COMMIT_INTERVAL));
		Input<Location> from = builder.from(stream("location", Location.class, run.topic("location-by-next")), broker);
		JoinFirst<Location, NextStep> next = builder
			.join(from, stream("next-step", NextStep.class, run.topic("location-by-time")), broker)
			.onLong((location) -> location.time() + Robots.STEP, NextStep::time)
			.first();
		builder.process((delivery) -> {
			Location location = delivery.get(from);
			return run.speed(location, delivery.get(next).get(location));
		}).to(stream("speed", Speed.class, run.output()), Speed.class, broker);
		Mill mill = builder.build();
		mill.start();
		return () -> {
			mill.stop();
			if (!mill.awaitEnd(Duration.ofMinutes(1))) {
				throw new IllegalStateException(String.valueOf(mill.status()));
			}
		};
	}

	private static <T> StreamDefinition<T> stream(String name, Class<T> type, String topic) {
		return new StreamDefinition<>(name, type, Map.of(KafkaBroker.TOPIC_PROPERTY, topic));
	}

	private static AutoCloseable streams(Run run, Map<String, Object> more) {
		Properties settings = new Properties();
		settings.putAll(more);
		settings.put(StreamsConfig.APPLICATION_ID_CONFIG, run.id());
		settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, run.bootstrapServers());
		settings.put(StreamsConfig.STATE_DIR_CONFIG, run.directory().toString());
		settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
		settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL);
		settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
		settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
		// stores are small: an instance that comes back gets its share at once, and not
		// once
		// it has caught up and somebody has looked, which is every ten minutes
		settings.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, Long.MAX_VALUE);
		settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
		// what a killed instance has left open holds readers up for so long
		settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), SESSION);
		settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
		settings.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
		StreamsBuilder builder = new StreamsBuilder();
		JoinWindows window = JoinWindows.ofTimeDifferenceAndGrace(Duration.ZERO, GRACE)
			.after(Duration.ofMillis(Robots.STEP + Robots.STEP / 2));
		builder.stream(run.topic("location-by-next"), Consumed.with(Serdes.Long(), new JsonSerde<>(Location.class)))
			.join(builder
				.stream(run.topic("location-by-time"), Consumed.with(Serdes.Long(), new JsonSerde<>(NextStep.class))),
					run::speed, window,
					StreamJoined.with(Serdes.Long(), new JsonSerde<>(Location.class), new JsonSerde<>(NextStep.class))
						.withThisStoreSupplier(inMemory("left", window))
						.withOtherStoreSupplier(inMemory("right", window)))
			.to(run.output(), Produced.with(Serdes.Long(), new JsonSerde<>(Speed.class),
					(topic, key, speed, partitions) -> Optional.of(Set.of(HandOverFeed.partition(key)))));
		KafkaStreams streams = new KafkaStreams(builder.build(settings), settings);
		streams.setUncaughtExceptionHandler((ex) -> {
			ex.printStackTrace();
			return StreamThreadExceptionResponse.REPLACE_THREAD;
		});
		streams.start();
		return () -> streams.close(CloseOptions.timeout(Duration.ofMinutes(1))
			.withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
	}

	private static WindowBytesStoreSupplier inMemory(String name, JoinWindows window) {
		return Stores.inMemoryWindowStore(name, Duration.ofMillis(window.size() + window.gracePeriodMs()),
				Duration.ofMillis(window.size()), true);
	}

	/**
	 * What an instance works on.
	 *
	 * @param bootstrapServers where Kafka is
	 * @param id the name of the application, which all instances have
	 * @param data what the names of the input topics begin with
	 * @param output the topic of the results
	 * @param instance the name of the instance
	 * @param directory where it may keep something
	 */
	record Run(String bootstrapServers, String id, String data, String output, String instance, Path directory) {

		String topic(String stream) {
			return Task.topic(this.data, stream);
		}

		/**
		 * A result, which says by whom it is.
		 */
		Speed speed(Location from, NextStep to) {
			return new Speed(this.instance, from.time(),
					Robots.speed(from.robotId(), from.time(), from.x(), from.y(), to.x(), to.y()).speed());
		}

	}

}
