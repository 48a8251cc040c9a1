package dev.watermill.benchmarks.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.benchmarks.kafka.Robots.NextStep;
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
 * Measures how long it takes until a reader that sees what is committed only has a
 * result, where a thousand elements a second come. The result of a self-join is due with
 * the sending of the element that was missing for it; that of an element without a match,
 * in a left join, with its own: that nothing matches is known once the next element of
 * the other stream is there, a millisecond later.
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
		run(Workload.SELF_JOIN);
		run(Workload.LEFT_JOIN);
	}

	private void run(Workload workload) {
		// stores of Kafka Streams on disk were never asked for their latency
		List<Contestants> contestants = this.options.contestants(workload)
			.stream()
			.filter((contestant) -> contestant.isMill() || contestant == Contestants.STREAMS
					|| contestant == Contestants.STREAMS_LEFT)
			.toList();
		if (contestants.isEmpty()) {
			return;
		}
		int few = 100_000;
		String data = "latency-" + workload.name().toLowerCase(Locale.ROOT);
		Inputs.fill(this.bootstrapServers, this.topics, workload, data, few);
		System.out.printf(Locale.ROOT, "%nLatency of the %s%s at %,d elements a second, milliseconds:%n%n",
				workload.title(), (workload == Workload.LEFT_JOIN) ? ", of results without a match" : "", RATE);
		System.out.println("| | median | p99 | greatest |");
		System.out.println("|---|---|---|---|");
		for (Contestants contestant : contestants) {
			try (WorkerProcess worker = new WorkerProcess(contestant, this.bootstrapServers,
					System.getProperty("java.class.path"), this.options.jvmOptions())) {
				String name = contestant.name().toLowerCase(Locale.ROOT);
				this.topics.create("warm-up-" + name, 1);
				worker.begin(new Task(workload, data, few, "warm-up-" + name, name));
				worker.end();
				double[] millis = measure(worker, workload, name);
				System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %.1f |%n", contestant.title(),
						Statistics.median(millis), Statistics.quantile(millis, 0.99), Statistics.quantile(millis, 1));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}
	}

	private double[] measure(WorkerProcess worker, Workload workload, String name) throws InterruptedException {
		String data = Task.PACED + name;
		String output = "results-of-" + data;
		int elements = RATE * (WARM_UP_SECONDS + this.options.latencySeconds());
		this.topics.create(output, 1);
		Inputs.create(this.topics, workload, data);
		long[] sent = new long[elements];
		long[] seen = new long[elements];
		try (Watcher watcher = new Watcher(this.bootstrapServers, output)) {
			worker.begin(new Task(workload, data, elements, output, data));
			Thread watching = new Thread(() -> watcher.watch(seen, workload.results(elements)), "watcher");
			watching.start();
			send(workload, data, sent);
			worker.end();
			watching.join();
		}
		IntStream measured = IntStream.range(RATE * WARM_UP_SECONDS, elements - 1);
		if (workload == Workload.LEFT_JOIN) {
			return measured.filter((i) -> !Inputs.isMatched(i)).mapToDouble((i) -> (seen[i] - sent[i]) / 1e6).toArray();
		}
		// the result for a location is due with the next one
		return measured.mapToDouble((i) -> (seen[i] - sent[i + 1]) / 1e6).toArray();
	}

	/**
	 * Send elements at a steady rate, to the topics of mills or to those of Kafka
	 * Streams.
	 */
	private void send(Workload workload, String data, long[] sent) {
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
				long time = today + location.time();
				sent[i] = System.nanoTime();
				if (workload == Workload.LEFT_JOIN) {
					String suffix = streams ? "-by-time" : "";
					Long key = streams ? Long.valueOf(location.time()) : null;
					send(producer, data, "left" + suffix, time, key, value);
					NextStep step = Inputs.match(location, i);
					if (step != null) {
						send(producer, data, "right" + suffix, time, key, Robots.JSON.writeValueAsBytes(step));
					}
				}
				else if (streams) {
					send(producer, data, "location-by-next", time, location.time() + Robots.STEP, value);
					send(producer, data, "location-by-time", time, location.time(), value);
				}
				else {
					send(producer, data, "location", time, null, value);
				}
			}
			if (!streams) {
				List<String> ending = (workload == Workload.LEFT_JOIN) ? List.of("left", "right") : List.of("location");
				ending.forEach((stream) -> send(producer, data, stream, today, null, Inputs.END));
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

		void watch(long[] seen, int results) {
			int left = results;
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
