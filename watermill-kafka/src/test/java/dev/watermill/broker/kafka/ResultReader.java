package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

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
 * result comes once and in order, with one mark behind them.
 */
final class ResultReader implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(100);

	private final Cluster cluster;

	private final String topic;

	private final LongFunction<?> results;

	private final Thread thread = new Thread(this::read, "result-reader");

	private volatile long count;

	private volatile long position;

	private volatile boolean ended;

	private volatile boolean closed;

	private volatile Throwable failure;

	/**
	 * Create a reader.
	 * @param results tells the results by their numbers
	 */
	ResultReader(Cluster cluster, String topic, LongFunction<?> results) {
		this.cluster = cluster;
		this.topic = topic;
		this.results = results;
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void read() {
		Map<String, Object> properties = new HashMap<>();
		properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, this.cluster.bootstrapServers());
		properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
		TopicPartition partition = new TopicPartition(this.topic, 0);
		try (Consumer<String, String> consumer = new KafkaConsumer<>(properties, new StringDeserializer(),
				new StringDeserializer())) {
			consumer.assign(List.of(partition));
			consumer.seek(partition, 0);
			while (!this.closed) {
				consumer.poll(POLL).forEach(this::check);
				this.position = consumer.position(partition);
			}
		}
		catch (Throwable ex) {
			this.failure = ex;
		}
	}

	private void check(ConsumerRecord<String, String> found) {
		if (this.ended) {
			throw new AssertionError("behind the mark, at offset " + found.offset() + ": " + found.value());
		}
		if (found.value().equals(Cluster.END)) {
			this.ended = true;
			return;
		}
		String expected = Cluster.JSON.writeValueAsString(this.results.apply(this.count));
		if (!found.value().equals(expected)) {
			throw new AssertionError("result " + this.count + ", at offset " + found.offset() + ", is " + found.value()
					+ " instead of " + expected);
		}
		this.count++;
	}

	long count() {
		return this.count;
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
	 * Wait until everything is read, which must be all that is expected, with one mark.
	 */
	void assertComplete(long expected) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10)).until(() -> {
			assertRight();
			long end = this.cluster.end(this.topic, IsolationLevel.READ_UNCOMMITTED);
			return this.position >= end && this.cluster.end(this.topic, IsolationLevel.READ_COMMITTED) == end;
		});
		assertRight();
		assertThat(this.count).as("results in %s", this.topic).isEqualTo(expected);
		assertThat(this.ended).as("%s ends with a mark", this.topic).isTrue();
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

}
