package dev.watermill.benchmarks.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * Sends a location to each partition at a steady rate, in the two topics that are joined.
 */
final class HandOverFeed implements AutoCloseable {

	private static final List<String> STREAMS = List.of("location-by-next", "location-by-time");

	/** How many locations a second each partition gets. */
	private static final int RATE = 50;

	/** More than there are partitions. */
	private static final long PARTITIONS = 10_000;

	private final Producer<Long, byte[]> producer;

	private final String data;

	private final int partitions;

	private final Thread thread = new Thread(this::feed, "feed");

	private volatile boolean closed;

	HandOverFeed(String bootstrapServers, Topics topics, String data, int partitions) {
		this.data = data;
		this.partitions = partitions;
		STREAMS.forEach((stream) -> topics.create(Task.topic(data, stream), partitions));
		this.producer = new KafkaProducer<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 1),
				new LongSerializer(), new ByteArraySerializer());
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * The partition of a record's key. All partitions have the same locations.
	 */
	static int partition(long key) {
		return (int) (key % PARTITIONS);
	}

	private void feed() {
		long start = System.nanoTime();
		long today = System.currentTimeMillis();
		for (int i = 0; !this.closed; i++) {
			long due = start + i * (TimeUnit.SECONDS.toNanos(1) / RATE);
			for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
				LockSupport.parkNanos(due - now);
			}
			Location location = Inputs.location(i);
			byte[] value = Robots.JSON.writeValueAsBytes(location);
			for (int partition = 0; partition < this.partitions; partition++) {
				for (String stream : STREAMS) {
					long time = location.time() + (stream.equals("location-by-next") ? Robots.STEP : 0);
					this.producer.send(new ProducerRecord<>(Task.topic(this.data, stream), partition,
							today + location.time(), time * PARTITIONS + partition, value));
				}
			}
		}
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.producer.close();
	}

}
