package dev.watermill.spring.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

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

	List<ConsumerRecord<String, String>> records(String stream) {
		return this.topics.read(name(stream));
	}

	List<String> read(String stream) {
		return records(stream).stream().map(ConsumerRecord::value).toList();
	}

	Topics all() {
		return this.topics;
	}

}
