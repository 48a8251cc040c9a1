package dev.watermill.benchmarks.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What is to be known of results to compare them: how many there are, and a checksum that
 * tells another value, another order, one too many and one missing.
 */
final class Results {

	private final CRC32C crc = new CRC32C();

	private int count;

	private long checksum;

	/** The same whatever the order is. */
	private long sum;

	private long first = -1;

	private long last;

	void add(byte[] value) {
		this.crc.reset();
		this.crc.update(value);
		this.checksum = this.checksum * 31 + this.crc.getValue();
		this.sum += this.crc.getValue();
		this.count++;
	}

	int count() {
		return this.count;
	}

	/**
	 * How long it was from the first batch of results to the last one, as the broker's
	 * clock has it.
	 */
	Duration duration() {
		return Duration.ofMillis(this.last - this.first);
	}

	/**
	 * Read what a reader sees that sees what is committed only.
	 */
	static Results read(String bootstrapServers, String topic) {
		Results results = new Results();
		Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
				ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed", ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000,
				ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 * 1024 * 1024);
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(),
				new ByteArrayDeserializer())) {
			List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			long end = consumer.endOffsets(partitions).get(partitions.get(0));
			while (consumer.position(partitions.get(0)) < end) {
				for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(100))) {
					if (results.first < 0) {
						results.first = message.timestamp();
					}
					if (!java.util.Arrays.equals(message.value(), Inputs.END)) {
						results.add(message.value());
						results.last = message.timestamp();
					}
				}
			}
		}
		return results;
	}

	/**
	 * Require the same results, be it in another order.
	 */
	void requireSameInAnyOrder(Results others, String who) {
		if (this.count != others.count || this.sum != others.sum) {
			throw new IllegalStateException(
					String.format(Locale.ROOT, "%s: %d results, but expected %d, in any order, or their values differ",
							who, others.count, this.count));
		}
	}

	void requireSame(Results others, String who) {
		if (this.count != others.count || this.checksum != others.checksum) {
			throw new IllegalStateException(
					String.format(Locale.ROOT, "%s: %d results with checksum %x, but expected %d with %x", who,
							others.count, others.checksum, this.count, this.checksum));
		}
	}

}
