package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A read-committed reader of a topic that reads all the while and checks that every
 * result comes once and in order, in the partition of its lane, with one mark behind
 * them.
 */
final class ResultReader implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(100);

	private final Cluster cluster;

	private final String topic;

	private final Results results;

	private final Thread thread = new Thread(this::read, "result-reader");

	private volatile List<Lane> lanes;

	private volatile boolean closed;

	private volatile Throwable failure;

	/**
	 * Create a reader of a topic with one partition.
	 * @param results tells the results by their numbers
	 */
	ResultReader(Cluster cluster, String topic, LongFunction<?> results) {
		this(cluster, topic, 1, (lane, i) -> results.apply(i));
	}

	/**
	 * Create a reader.
	 */
	ResultReader(Cluster cluster, String topic, int lanes, Results results) {
		this.cluster = cluster;
		this.topic = topic;
		this.results = results;
		this.lanes = IntStream.range(0, lanes).mapToObj(Lane::new).toList();
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void read() {
		Map<String, Object> properties = new HashMap<>();
		properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, this.cluster.bootstrapServers());
		properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
		try (Consumer<String, String> consumer = new KafkaConsumer<>(properties, new StringDeserializer(),
				new StringDeserializer())) {
			List<Lane> reading = List.of();
			while (!this.closed) {
				if (reading.size() < this.lanes.size()) {
					reading = this.lanes;
					assign(consumer, reading);
				}
				for (ConsumerRecord<String, String> found : consumer.poll(POLL)) {
					check(reading.get(found.partition()), found);
				}
				for (Lane lane : reading) {
					lane.position = consumer.position(lane.partition(this.topic));
				}
			}
		}
		catch (Throwable ex) {
			this.failure = ex;
		}
	}

	private void assign(Consumer<?, ?> consumer, List<Lane> lanes) {
		consumer.assign(lanes.stream().map((lane) -> lane.partition(this.topic)).toList());
		lanes.forEach((lane) -> consumer.seek(lane.partition(this.topic), lane.position));
	}

	private void check(Lane lane, ConsumerRecord<String, String> found) {
		String where = "in partition " + lane.number + ", at offset " + found.offset();
		if (lane.ended) {
			throw new AssertionError("behind the mark, " + where + ": " + found.value());
		}
		if (found.value().equals(Cluster.END)) {
			lane.ended = true;
			return;
		}
		String expected = Cluster.JSON.writeValueAsString(this.results.result(lane.number, lane.count));
		if (!found.value().equals(expected)) {
			throw new AssertionError(
					"result " + lane.count + ", " + where + ", is " + found.value() + " instead of " + expected);
		}
		lane.count++;
	}

	/**
	 * Read so many partitions from now on.
	 */
	void grow(int partitions) {
		List<Lane> grown = new ArrayList<>(this.lanes);
		IntStream.range(grown.size(), partitions).mapToObj(Lane::new).forEach(grown::add);
		this.lanes = List.copyOf(grown);
	}

	/**
	 * How many results have come.
	 */
	long count() {
		return this.lanes.stream().mapToLong((lane) -> lane.count).sum();
	}

	/**
	 * How many results of a lane have come.
	 */
	long count(int lane) {
		return this.lanes.get(lane).count;
	}

	/**
	 * Fail if anything came that is not right.
	 */
	void assertRight() {
		Throwable found = this.failure;
		if (found != null) {
			throw new AssertionError("in " + this.topic + ": " + found.getMessage(), found);
		}
	}

	/**
	 * Wait until everything is read, which must be all that is expected in each
	 * partition, with one mark.
	 */
	void assertComplete(long expected) {
		for (Lane lane : this.lanes) {
			Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10)).until(() -> {
				assertRight();
				long end = this.cluster.end(this.topic, lane.number, IsolationLevel.READ_UNCOMMITTED);
				return lane.position >= end
						&& this.cluster.end(this.topic, lane.number, IsolationLevel.READ_COMMITTED) == end;
			});
			assertRight();
			assertThat(lane.count).as("results in %s-%s", this.topic, lane.number).isEqualTo(expected);
			assertThat(lane.ended).as("%s-%s ends with a mark", this.topic, lane.number).isTrue();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			this.thread.join(10_000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Tells the results of a lane by their numbers.
	 */
	@FunctionalInterface
	interface Results {

		Object result(int lane, long i);

	}

	/**
	 * How far a partition is read. Written by the reader only.
	 */
	private static final class Lane {

		private final int number;

		private volatile long count;

		private volatile long position;

		private volatile boolean ended;

		Lane(int number) {
			this.number = number;
		}

		TopicPartition partition(String topic) {
			return new TopicPartition(topic, this.number);
		}

	}

}
