package dev.watermill.benchmarks.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.watermill.benchmarks.kafka.Robots.Distance;
import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.benchmarks.kafka.Robots.NextStep;
import dev.watermill.benchmarks.kafka.Robots.Speed;
import dev.watermill.benchmarks.kafka.Robots.Trip;
import dev.watermill.benchmarks.kafka.Robots.TripLocation;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;

/**
 * The inner join of Kafka Streams. Its topics have the join keys as their records' keys,
 * so that nothing has to be written anew before it can be joined, and times that let the
 * narrowest window do.
 */
class StreamsContestant implements Contestant {

	/**
	 * How far the times of two locations that match may be apart: the next but one is out
	 * of it, and a store in memory forgets what is exactly as old as its window.
	 */
	private static final Duration STEP = Duration.ofMillis(Robots.STEP + Robots.STEP / 2);

	/** How long after a trip's time its last location comes. */
	private static final Duration TRIP = Duration.ofMillis(Robots.STEP * Robots.LOCATIONS_OF_TRIP);

	/** How long the one topic may be behind the other: as long as a hundred locations. */
	private static final Duration GRACE = Duration.ofMillis(Robots.STEP * 100);

	private final boolean rocksDb;

	StreamsContestant(boolean rocksDb) {
		this.rocksDb = rocksDb;
	}

	@Override
	public void run(String bootstrapServers, Task task, Runnable ready) throws Exception {
		StreamsBuilder builder = new StreamsBuilder();
		AtomicLong results = new AtomicLong();
		Map<TopicPartition, Long> ends;
		if (task.workload() == Workload.SELF_JOIN) {
			selfJoin(builder, task, results);
			ends = Map.of(new TopicPartition(task.topic("location-by-next"), 0), (long) task.elements(),
					new TopicPartition(task.topic("location-by-time"), 0), (long) task.elements());
		}
		else if (task.workload() == Workload.LEFT_JOIN) {
			leftJoin(builder, task, results);
			ends = Map.of(new TopicPartition(task.topic("left-by-time"), 0), (long) task.elements(),
					new TopicPartition(task.topic("right-by-time"), 0), (task.elements() + 1L) / 2);
		}
		else {
			trips(builder, task, results);
			ends = Map.of(new TopicPartition(task.topic("trip-by-id"), 0),
					(long) task.elements() / Robots.LOCATIONS_OF_TRIP,
					new TopicPartition(task.topic("trip-location-by-id"), 0), (long) task.elements());
		}
		Path directory = Files.createTempDirectory("kafka-streams");
		Properties settings = settings(bootstrapServers, task, directory);
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
			try (KafkaStreams streams = new KafkaStreams(builder.build(settings), settings)) {
				streams.setUncaughtExceptionHandler((ex) -> {
					ex.printStackTrace();
					return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
				});
				streams.start();
				awaitRunning(streams);
				ready.run();
				try (TimeGoesOn later = (task.workload() == Workload.LEFT_JOIN)
						? new TimeGoesOn(bootstrapServers, task.topic("right-by-time")) : null) {
					while (results.get() < task.workload().results(task.elements())
							|| !isCommitted(admin, task.id(), ends)) {
						awaitRunning(streams);
						Thread.sleep(5);
						if (later != null && isCommitted(admin, task.id(), ends)) {
							later.send();
						}
					}
				}
			}
			List<String> internal = admin.listTopics()
				.names()
				.get()
				.stream()
				.filter((topic) -> topic.startsWith(task.id() + "-"))
				.toList();
			admin.deleteTopics(internal).all().get();
		}
		finally {
			delete(directory);
		}
	}

	private static void awaitRunning(KafkaStreams streams) throws InterruptedException {
		while (streams.state() != KafkaStreams.State.RUNNING) {
			if (!streams.state().isRunningOrRebalancing() && streams.state() != KafkaStreams.State.CREATED) {
				throw new IllegalStateException("Kafka Streams is " + streams.state());
			}
			Thread.sleep(5);
		}
	}

	private static boolean isCommitted(Admin admin, String group, Map<TopicPartition, Long> ends)
			throws ExecutionException, InterruptedException {
		Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
			.partitionsToOffsetAndMetadata()
			.get();
		return ends.entrySet()
			.stream()
			.allMatch((end) -> committed.get(end.getKey()) != null
					&& committed.get(end.getKey()).offset() >= end.getValue());
	}

	private Properties settings(String bootstrapServers, Task task, Path directory) {
		Properties settings = new Properties();
		settings.put(StreamsConfig.APPLICATION_ID_CONFIG, task.id());
		settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
		settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
		settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
		settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Task.COMMIT_INTERVAL);
		settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
		settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
		settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
		settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2000);
		settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 * 1024 * 1024);
		settings.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
		settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
		settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
		settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 64L * 1024 * 1024);
		return settings;
	}

	private void selfJoin(StreamsBuilder builder, Task task, AtomicLong results) {
		// what is there already is read in order; what arrives just now may come behind
		// what arrives in the other topic, and would be dropped
		JoinWindows window = JoinWindows
			.ofTimeDifferenceAndGrace(Duration.ZERO, task.paced() ? Duration.ofSeconds(1) : Duration.ZERO)
			.after(STEP);
		KStream<Long, Location> left = builder.stream(task.topic("location-by-next"),
				Consumed.with(Serdes.Long(), new JsonSerde<>(Location.class)));
		KStream<Long, NextStep> right = builder.stream(task.topic("location-by-time"),
				Consumed.with(Serdes.Long(), new JsonSerde<>(NextStep.class)));
		left.join(right, (from, to) -> Robots.speed(from.robotId(), from.time(), from.x(), from.y(), to.x(), to.y()),
				window,
				stores(StreamJoined.with(Serdes.Long(), new JsonSerde<>(Location.class),
						new JsonSerde<>(NextStep.class)), window))
			.peek((key, speed) -> results.incrementAndGet())
			.to(task.output(), Produced.with(Serdes.Long(), new JsonSerde<>(Speed.class)));
	}

	private void leftJoin(StreamsBuilder builder, Task task, AtomicLong results) {
		// without, it takes what it has yet to read of the other topic for missing
		JoinWindows window = JoinWindows.ofTimeDifferenceAndGrace(Duration.ZERO, GRACE);
		KStream<Long, Location> left = builder.stream(task.topic("left-by-time"),
				Consumed.with(Serdes.Long(), new JsonSerde<>(Location.class)));
		KStream<Long, NextStep> right = builder.stream(task.topic("right-by-time"),
				Consumed.with(Serdes.Long(), new JsonSerde<>(NextStep.class)));
		StreamJoined<Long, Location, NextStep> joined = StreamJoined.with(Serdes.Long(),
				new JsonSerde<>(Location.class), new JsonSerde<>(NextStep.class));
		left.leftJoin(right, Robots::speedIfKnown, window,
				this.rocksDb ? joined
						: joined.withDslStoreSuppliers(new BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers()))
			.peek((key, speed) -> results.incrementAndGet())
			.to(task.output(), Produced.with(Serdes.Long(), new JsonSerde<>(Speed.class)));
	}

	private void trips(StreamsBuilder builder, Task task, AtomicLong results) {
		JoinWindows window = JoinWindows.ofTimeDifferenceWithNoGrace(Duration.ZERO).after(TRIP);
		KStream<Long, Trip> left = builder.stream(task.topic("trip-by-id"),
				Consumed.with(Serdes.Long(), new JsonSerde<>(Trip.class)));
		KStream<Long, TripLocation> right = builder.stream(task.topic("trip-location-by-id"),
				Consumed.with(Serdes.Long(), new JsonSerde<>(TripLocation.class)));
		left.join(right, Robots::distance, window,
				stores(StreamJoined.with(Serdes.Long(), new JsonSerde<>(Trip.class),
						new JsonSerde<>(TripLocation.class)), window))
			.peek((key, distance) -> results.incrementAndGet())
			.to(task.output(), Produced.with(Serdes.Long(), new JsonSerde<>(Distance.class)));
	}

	private <K, L, R> StreamJoined<K, L, R> stores(StreamJoined<K, L, R> joined, JoinWindows window) {
		if (this.rocksDb) {
			return joined;
		}
		return joined.withThisStoreSupplier(inMemory("left", window)).withOtherStoreSupplier(inMemory("right", window));
	}

	private static WindowBytesStoreSupplier inMemory(String name, JoinWindows window) {
		return Stores.inMemoryWindowStore(name, Duration.ofMillis(window.size() + window.gracePeriodMs()),
				Duration.ofMillis(window.size()), true);
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
	}

	/**
	 * Lets the time of a topic go on when all of it was read: what lacks a match is
	 * delivered with a later record only, and once a second. Records without a partner
	 * have no results.
	 */
	private static final class TimeGoesOn implements AutoCloseable {

		private static final long BETWEEN = TimeUnit.MILLISECONDS.toNanos(200);

		private final KafkaProducer<Long, byte[]> producer;

		private final String topic;

		private long sentAt;

		TimeGoesOn(String bootstrapServers, String topic) {
			this.topic = topic;
			this.producer = new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
					new LongSerializer(), new ByteArraySerializer());
		}

		void send() {
			if (System.nanoTime() - this.sentAt > BETWEEN) {
				this.sentAt = System.nanoTime();
				this.producer.send(new ProducerRecord<>(this.topic, 0, System.currentTimeMillis(), -1L,
						Robots.JSON.writeValueAsBytes(new NextStep("", -1, 0, 0))));
				this.producer.flush();
			}
		}

		@Override
		public void close() {
			this.producer.close();
		}

	}

}
