package dev.watermill.spring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes topics as a whole.
 */
final class TopicRecords {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final byte[] END = "{\"eos__\": true}".getBytes(StandardCharsets.US_ASCII);

	private final Supplier<Map<String, Object>> consumers;

	private final Supplier<Map<String, Object>> producers;

	TopicRecords(Supplier<Map<String, Object>> consumers, Supplier<Map<String, Object>> producers) {
		this.consumers = consumers;
		this.producers = producers;
	}

	static ProducerRecord<byte[], byte[]> of(String topic, MemoryRecord record) {
		Long timestamp = (record.timestamp() != null) ? record.timestamp().toEpochMilli() : null;
		ProducerRecord<byte[], byte[]> written = new ProducerRecord<>(topic, record.partition(), timestamp,
				record.key(), record.json());
		record.headers().forEach((name, value) -> written.headers().add(name, value));
		return written;
	}

	/**
	 * Return the mark that says that a partition is over.
	 */
	static ProducerRecord<byte[], byte[]> end(String topic, int partition) {
		return new ProducerRecord<>(topic, partition, null, END);
	}

	void write(List<ProducerRecord<byte[], byte[]>> records) {
		Map<String, Object> settings = new HashMap<>(this.producers.get());
		settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
		try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(),
				new ByteArraySerializer())) {
			records.forEach(producer::send);
			producer.flush();
		}
	}

	/**
	 * Return all that was committed to a topic, one partition behind the other, without
	 * their marks; nothing if there is no such topic.
	 */
	List<ConsumerRecord<byte[], byte[]>> read(String topic) {
		Map<String, Object> settings = new HashMap<>(this.consumers.get());
		settings.keySet().removeAll(List.of(ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
		settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG,
				IsolationLevel.READ_COMMITTED.toString().toLowerCase(Locale.ROOT));
		settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(),
				new ByteArrayDeserializer())) {
			List<TopicPartition> partitions = consumer.listTopics(PATIENCE)
				.getOrDefault(topic, List.of())
				.stream()
				.map((info) -> new TopicPartition(topic, info.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
			List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
			while (ends.entrySet().stream().anyMatch((end) -> consumer.position(end.getKey()) < end.getValue())) {
				for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
					if (!isEnd(record.value())) {
						records.add(record);
					}
				}
			}
			// those of a partition are in order
			records.sort(Comparator.comparingInt(ConsumerRecord::partition));
			return records;
		}
	}

	private static boolean isEnd(byte @Nullable [] value) {
		return value != null && new String(value, StandardCharsets.UTF_8).replace(" ", "").equals("{\"eos__\":true}");
	}

	static MemoryRecord of(ConsumerRecord<byte[], byte[]> record) {
		Map<String, byte[]> headers = new HashMap<>();
		record.headers().forEach((header) -> {
			if (header.value() != null) {
				headers.put(header.key(), header.value());
			}
		});
		return new MemoryRecord(record.partition(), record.value(), null, record.key(),
				Instant.ofEpochMilli(record.timestamp()), headers, Duration.ZERO);
	}

	static <T> T await(KafkaFuture<T> future) {
		try {
			return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while Kafka was waited for", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IllegalStateException("Kafka does not do what the test needs: " + ex
					+ ". Add @EmbeddedKafka to the test, lead to a broker by spring.kafka.bootstrap-servers or a service "
					+ "connection, or add org.testcontainers:testcontainers-kafka to the tests", ex);
		}
	}

}
