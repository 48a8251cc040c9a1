package dev.watermill.benchmarks.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.watermill.benchmarks.kafka.Robots.Speed;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Sees when the results of which partition are committed, by whom, and for how long there
 * were none, and whether each comes once and in order.
 */
final class HandOverWatcher implements AutoCloseable {

	private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

	/** How long everybody has to work undisturbed before the next disturbance. */
	private static final long CALM = TimeUnit.SECONDS.toNanos(1);

	/** How long it may take until all have their share. */
	private static final long SHARING = TimeUnit.SECONDS.toNanos(20);

	private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(500);

	private final String bootstrapServers;

	private final List<TopicPartition> partitions;

	private final String[] owners;

	private final long[] movedAt;

	private final long[] seenAt;

	private final long[] times;

	private final Thread thread = new Thread(this::watch, "watcher");

	private long missing;

	private long repeated;

	private long longestSilence;

	private RuntimeException failure;

	private volatile boolean closed;

	HandOverWatcher(String bootstrapServers, String topic, int partitions) {
		this.bootstrapServers = bootstrapServers;
		this.partitions = IntStream.range(0, partitions).mapToObj((i) -> new TopicPartition(topic, i)).toList();
		this.owners = new String[partitions];
		this.movedAt = new long[partitions];
		this.seenAt = new long[partitions];
		this.times = new long[partitions];
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void watch() {
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, this.bootstrapServers,
						ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
				new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			consumer.assign(this.partitions);
			consumer.seekToBeginning(this.partitions);
			while (!this.closed) {
				for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
					see(record.partition(), Robots.JSON.readValue(record.value(), Speed.class));
				}
			}
		}
		catch (RuntimeException ex) {
			synchronized (this) {
				this.failure = ex;
				notifyAll();
			}
		}
	}

	private synchronized void see(int partition, Speed speed) {
		long now = System.nanoTime();
		if (speed.time() > this.times[partition]) {
			this.missing += (speed.time() - this.times[partition]) / Robots.STEP;
		}
		else if (speed.time() < this.times[partition]) {
			this.repeated++;
		}
		this.times[partition] = Math.max(this.times[partition], speed.time() + Robots.STEP);
		if (!speed.robotId().equals(this.owners[partition])) {
			this.owners[partition] = speed.robotId();
			this.movedAt[partition] = now;
		}
		if (this.seenAt[partition] != 0) {
			this.longestSilence = Math.max(this.longestSilence, now - this.seenAt[partition]);
		}
		this.seenAt[partition] = now;
		notifyAll();
	}

	/**
	 * Wait until all instances have equally many partitions, or don't come to that in the
	 * time it takes a deployment to go on, and all partitions have had fresh results for
	 * a while.
	 */
	synchronized void awaitCalm(Collection<String> instances) throws InterruptedException {
		long start = System.nanoTime();
		long calmSince = start;
		while (System.nanoTime() - calmSince < CALM) {
			await(start + PATIENCE, "calm");
			long now = System.nanoTime();
			boolean shared = now - start > SHARING || instances.stream()
				.allMatch((instance) -> partitionsOf(instance).length == this.owners.length / instances.size());
			boolean fresh = LongStream.of(this.seenAt).allMatch((seen) -> now - seen < FRESH);
			calmSince = (shared && fresh) ? calmSince : now;
		}
	}

	synchronized int[] partitionsOf(String instance) {
		return IntStream.range(0, this.owners.length).filter((i) -> instance.equals(this.owners[i])).toArray();
	}

	/**
	 * Wait until others have gone on with partitions.
	 * @return when the last one went on
	 */
	synchronized long awaitMoved(int[] moved, String from) throws InterruptedException {
		long deadline = System.nanoTime() + PATIENCE;
		while (IntStream.of(moved).anyMatch((i) -> from.equals(this.owners[i]))) {
			await(deadline, "partitions of " + from);
		}
		return IntStream.of(moved).mapToLong((i) -> this.movedAt[i]).max().orElseThrow();
	}

	private void await(long deadline, String what) throws InterruptedException {
		if (this.failure != null) {
			throw this.failure;
		}
		if (System.nanoTime() - deadline > 0) {
			throw new IllegalStateException("No " + what + ": " + List.of(this.owners));
		}
		wait(100);
	}

	synchronized void forgetSilence() {
		this.longestSilence = 0;
	}

	/**
	 * How long there was no result in a partition, at most.
	 */
	synchronized long longestSilence() {
		return this.longestSilence;
	}

	/**
	 * How many results did not come when they were due, and how many came again or late.
	 */
	synchronized String faults() {
		return this.missing + ", " + this.repeated;
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
