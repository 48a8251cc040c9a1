package dev.watermill.benchmarks.kafka;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.watermill.benchmarks.kafka.Robots.Distance;
import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.benchmarks.kafka.Robots.NextStep;
import dev.watermill.benchmarks.kafka.Robots.Speed;
import dev.watermill.benchmarks.kafka.Robots.Trip;
import dev.watermill.benchmarks.kafka.Robots.TripLocation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * What somebody would write for just this one join who knows Kafka well: two consumers, a
 * merge, a transactional producer, with the settings a mill uses.
 */
class HandWrittenLoop implements Contestant {

	private static final long COMMIT_INTERVAL = TimeUnit.MILLISECONDS.toNanos(Task.COMMIT_INTERVAL);

	@Override
	public void run(String bootstrapServers, Task task, Runnable ready) {
		ready.run();
		if (task.workload() == Workload.SELF_JOIN) {
			selfJoin(bootstrapServers, task);
		}
		else {
			trips(bootstrapServers, task);
		}
	}

	private void selfJoin(String bootstrapServers, Task task) {
		try (Reader<Location> left = new Reader<>(bootstrapServers, task.id() + "-left", task.topic("location"),
				Location.class);
				Reader<NextStep> right = new Reader<>(bootstrapServers, task.id() + "-right", task.topic("location"),
						NextStep.class);
				Writer<Speed> writer = new Writer<>(bootstrapServers, task, Speed.class, left, right)) {
			while (left.current != null && right.current != null) {
				Location from = left.current;
				NextStep to = right.current;
				if (to.time() < from.time() + Robots.STEP) {
					right.advance();
				}
				else {
					if (to.time() == from.time() + Robots.STEP) {
						writer.write(Robots.speed(from.robotId(), from.time(), from.x(), from.y(), to.x(), to.y()));
					}
					left.advance();
				}
				writer.commitIfDue();
			}
			writer.commit();
		}
	}

	private void trips(String bootstrapServers, Task task) {
		try (Reader<Trip> left = new Reader<>(bootstrapServers, task.id() + "-left", task.topic("trip"), Trip.class);
				Reader<TripLocation> right = new Reader<>(bootstrapServers, task.id() + "-right",
						task.topic("trip-location"), TripLocation.class);
				Writer<Distance> writer = new Writer<>(bootstrapServers, task, Distance.class, left, right)) {
			while (left.current != null && right.current != null) {
				Trip trip = left.current;
				TripLocation location = right.current;
				if (location.tripId() > trip.id()) {
					left.advance();
				}
				else {
					if (location.tripId() == trip.id()) {
						writer.write(Robots.distance(trip, location));
					}
					right.advance();
				}
				writer.commitIfDue();
			}
			writer.commit();
		}
	}

	/**
	 * Reads a topic up to the last record but one, the mark of its end.
	 */
	private static final class Reader<T> implements AutoCloseable {

		private final TopicPartition partition;

		private final KafkaConsumer<byte[], byte[]> consumer;

		private final ObjectReader json;

		private final long end;

		private Iterator<ConsumerRecord<byte[], byte[]>> records = Collections.emptyIterator();

		private long offset;

		private T current;

		Reader(String bootstrapServers, String group, String topic, Class<T> type) {
			this.partition = new TopicPartition(topic, 0);
			this.json = Robots.JSON.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
			Map<String, Object> settings = new HashMap<>();
			settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
			settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
			settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
			settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
			settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
			settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
			settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 * 1024 * 1024);
			this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
			this.consumer.assign(List.of(this.partition));
			this.end = this.consumer.endOffsets(List.of(this.partition)).get(this.partition) - 1;
			advance();
		}

		void advance() {
			while (!this.records.hasNext()) {
				if (this.consumer.position(this.partition) > this.end) {
					this.current = null;
					return;
				}
				this.records = this.consumer.poll(Duration.ofMillis(100)).iterator();
			}
			ConsumerRecord<byte[], byte[]> next = this.records.next();
			this.offset = next.offset();
			this.current = (this.offset < this.end) ? this.json.readValue(next.value()) : null;
		}

		@Override
		public void close() {
			this.consumer.close();
		}

	}

	/**
	 * Writes results and commits them together with the offsets.
	 */
	private static final class Writer<R> implements AutoCloseable {

		private final String topic;

		private final List<Reader<?>> readers;

		private final KafkaProducer<byte[], byte[]> producer;

		private final ObjectWriter json;

		private long committedAt = System.nanoTime();

		Writer(String bootstrapServers, Task task, Class<R> type, Reader<?>... readers) {
			this.topic = task.output();
			this.readers = List.of(readers);
			this.json = Robots.JSON.writerFor(type);
			Map<String, Object> settings = new HashMap<>();
			settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
			settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, task.id());
			settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
			settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
			settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
			settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
			this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
			this.producer.initTransactions();
			this.producer.beginTransaction();
		}

		void write(R result) {
			this.producer.send(new ProducerRecord<>(this.topic, 0, null, this.json.writeValueAsBytes(result)));
		}

		void commitIfDue() {
			if (System.nanoTime() - this.committedAt >= COMMIT_INTERVAL) {
				commit();
				this.producer.beginTransaction();
			}
		}

		/**
		 * Commit. The loop stands before the current elements of both sides.
		 */
		void commit() {
			for (Reader<?> reader : this.readers) {
				this.producer.sendOffsetsToTransaction(Map.of(reader.partition, new OffsetAndMetadata(reader.offset)),
						reader.consumer.groupMetadata());
			}
			this.producer.commitTransaction();
			this.committedAt = System.nanoTime();
		}

		@Override
		public void close() {
			this.producer.close();
		}

	}

}
