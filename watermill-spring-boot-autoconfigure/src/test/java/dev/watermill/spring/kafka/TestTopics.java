package dev.watermill.spring.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The topics of one test, whose names no other test has.
 */
final class TestTopics {

	static final String EOS = "{\"eos__\": true}";

	private final String suffix = "-" + UUID.randomUUID();

	private final Topics topics = SharedKafka.topics();

	/**
	 * Return the topic of a stream.
	 */
	String name(String stream) {
		return stream + this.suffix;
	}

	/**
	 * Return the setting that binds a stream to its topic.
	 */
	String bound(String stream) {
		return bound(stream, stream);
	}

	String bound(String stream, String to) {
		return "watermill.streams." + stream + ".topic=" + name(to);
	}

	void create(String stream) {
		this.topics.create(name(stream), 1);
	}

	void create(String stream, int partitions) {
		this.topics.create(name(stream), partitions);
	}

	/**
	 * Make a topic of these records.
	 */
	void write(String stream, String... values) {
		create(stream);
		append(stream, values);
	}

	@SuppressWarnings("unchecked")
	void append(String stream, String... values) {
		this.topics.send(Arrays.stream(values)
			.map((value) -> new ProducerRecord<>(name(stream), (String) null, value))
			.toArray(ProducerRecord[]::new));
	}

	/**
	 * Make a record, to be sent.
	 */
	ProducerRecord<String, String> message(String stream, Long timestamp, String value) {
		return new ProducerRecord<>(name(stream), null, timestamp, null, value);
	}

	@SafeVarargs
	@SuppressWarnings("varargs")
	final void send(ProducerRecord<String, String>... records) {
		this.topics.send(records);
	}

	/**
	 * Read a topic once its transactions are over: a commit returns when it can't be lost
	 * any more, a moment before readers see it.
	 */
	List<ConsumerRecord<String, String>> records(String stream) {
		TopicPartition partition = new TopicPartition(name(stream), 0);
		await().ignoreExceptionsMatching(TestTopics::isOfATopicToCome)
			.until(() -> end(partition, IsolationLevel.READ_COMMITTED) == end(partition,
					IsolationLevel.READ_UNCOMMITTED));
		return this.topics.read(name(stream));
	}

	private static boolean isOfATopicToCome(Throwable ex) {
		return ex.getCause() instanceof UnknownTopicOrPartitionException;
	}

	private long end(TopicPartition partition, IsolationLevel level) throws Exception {
		return this.topics.admin()
			.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level))
			.partitionResult(partition)
			.get()
			.offset();
	}

	void awaitLag(String group, String stream, long lag) {
		await().untilAsserted(() -> assertThat(this.topics.lag(group, name(stream), 0)).hasValue(lag));
	}

	List<String> read(String stream) {
		return records(stream).stream().map(ConsumerRecord::value).toList();
	}

	Topics all() {
		return this.topics;
	}

}
