package dev.watermill.benchmarks.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.benchmarks.kafka.Robots.Speed;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * Measures how long it takes from the sending of an element to the moment at which a
 * reader that sees what is committed only has the result for which that element was
 * missing: a thousand elements a second.
 */
final class LatencyComparison {

	private static final int RATE = 1000;

	/** How long nothing is measured, while the JVMs warm up. */
	private static final int WARM_UP_SECONDS = 5;

	/** How long results may stay away. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final Options options;

	private final String bootstrapServers;

	private final Topics topics;

	LatencyComparison(Options options, String bootstrapServers, Topics topics) {
		this.options = options;
		this.bootstrapServers = bootstrapServers;
		this.topics = topics;
	}

	void run() {
		int few = 100_000;
		Inputs.fill(this.bootstrapServers, this.topics, Workload.SELF_JOIN, "latency", few);
		System.out.printf(Locale.ROOT, "%nLatency of the self-join at %,d elements a second, milliseconds:%n%n", RATE);
		System.out.println("| | median | p99 | greatest |");
		System.out.println("|---|---|---|---|");
		List<Contestants> contestants = Stream
			.of(Contestants.MILL_ONE_TYPE, Contestants.MILL_LIST, Contestants.MILL_TWO_TYPES, Contestants.STREAMS)
			.filter(this.options.contestants(Workload.SELF_JOIN)::contains)
			.toList();
		for (Contestants contestant : contestants) {
			try (WorkerProcess worker = new WorkerProcess(contestant, this.bootstrapServers,
					System.getProperty("java.class.path"), this.options.jvmOptions())) {
				String name = contestant.name().toLowerCase(Locale.ROOT);
				this.topics.create("warm-up-" + name, 1);
				worker.begin(new Task(Workload.SELF_JOIN, "latency", few, "warm-up-" + name, name));
				worker.end();
				double[] millis = measure(worker, name);
				System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %.1f |%n", contestant.title(),
						Statistics.median(millis), Statistics.quantile(millis, 0.99), Statistics.quantile(millis, 1));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}
	}

	private double[] measure(WorkerProcess worker, String name) throws InterruptedException {
		String data = Task.PACED + name;
		String output = "results-of-" + data;
		int elements = RATE * (WARM_UP_SECONDS + this.options.latencySeconds());
		this.topics.create(output, 1);
		Inputs.create(this.topics, Workload.SELF_JOIN, data);
		long[] sent = new long[elements];
		long[] seen = new long[elements];
		try (Watcher watcher = new Watcher(this.bootstrapServers, output)) {
			worker.begin(new Task(Workload.SELF_JOIN, data, elements, output, data));
			Thread watching = new Thread(() -> watcher.watch(seen), "watcher");
			watching.start();
			send(data, sent);
			worker.end();
			watching.join();
		}
		double[] millis = new double[elements - RATE * WARM_UP_SECONDS - 1];
		for (int i = 0; i < millis.length; i++) {
			// the result for a location is due with the next one
			int at = i + RATE * WARM_UP_SECONDS;
			millis[i] = (seen[at] - sent[at + 1]) / 1e6;
		}
		return millis;
	}

	/**
	 * Send elements at a steady rate, to the topic of mills and to those of Kafka
	 * Streams.
	 */
	private void send(String data, long[] sent) {
		boolean streams = data.contains("streams");
		try (KafkaProducer<Long, byte[]> producer = new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
				this.bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 0), new LongSerializer(),
				new ByteArraySerializer())) {
			long start = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
			long today = System.currentTimeMillis();
			for (int i = 0; i < sent.length; i++) {
				long due = start + i * (TimeUnit.SECONDS.toNanos(1) / RATE);
				for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
					LockSupport.parkNanos(due - now);
				}
				Location location = Inputs.location(i);
				byte[] value = Robots.JSON.writeValueAsBytes(location);
				sent[i] = System.nanoTime();
				if (streams) {
					send(producer, data, "location-by-next", today + location.time(), location.time() + Robots.STEP,
							value);
					send(producer, data, "location-by-time", today + location.time(), location.time(), value);
				}
				else {
					send(producer, data, "location", today + location.time(), null, value);
				}
			}
			if (!streams) {
				send(producer, data, "location", today, null, Inputs.END);
			}
		}
	}

	private static void send(KafkaProducer<Long, byte[]> producer, String data, String stream, long time, Long key,
			byte[] value) {
		producer.send(new ProducerRecord<>(Task.topic(data, stream), 0, time, key, value));
	}

	/**
	 * Sees results when they are committed.
	 */
	private static final class Watcher implements AutoCloseable {

		private final KafkaConsumer<byte[], byte[]> consumer;

		Watcher(String bootstrapServers, String topic) {
			this.consumer = new KafkaConsumer<>(
					Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
							ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
					new ByteArrayDeserializer(), new ByteArrayDeserializer());
			List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
			this.consumer.assign(partitions);
			this.consumer.seekToBeginning(partitions);
			this.consumer.poll(Duration.ofMillis(100));
		}

		void watch(long[] seen) {
			int left = seen.length - 1;
			long last = System.nanoTime();
			while (left > 0) {
				if (System.nanoTime() - last > PATIENCE.toNanos()) {
					throw new IllegalStateException(
							"Nothing came for " + PATIENCE + ", " + left + " results are missing");
				}
				for (ConsumerRecord<byte[], byte[]> message : this.consumer.poll(Duration.ofSeconds(1))) {
					if (java.util.Arrays.equals(message.value(), Inputs.END)) {
						continue;
					}
					Speed speed = Robots.JSON.readValue(message.value(), Speed.class);
					seen[(int) (speed.time() / Robots.STEP)] = System.nanoTime();
					left--;
					last = System.nanoTime();
				}
			}
		}

		@Override
		public void close() {
			this.consumer.close();
		}

	}

}
