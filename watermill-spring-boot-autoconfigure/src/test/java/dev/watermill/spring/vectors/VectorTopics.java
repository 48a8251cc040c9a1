package dev.watermill.spring.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import dev.watermill.kafka.fixture.SharedKafka;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * The streams of all vectors in topics, made at once, since each topic alone takes its
 * time.
 */
final class VectorTopics {

	private static final String EOS = "{\"eos__\": true}";

	private final String prefix = UUID.randomUUID() + "-";

	VectorTopics(List<Vector> vectors) throws ExecutionException, InterruptedException {
		List<NewTopic> topics = new ArrayList<>();
		List<ProducerRecord<String, String>> records = new ArrayList<>();
		for (Vector vector : vectors) {
			topics.add(topic(name(vector, "deliveries")));
			for (String stream : vector.json().get("streams").propertyNames()) {
				String name = name(vector, stream);
				topics.add(topic(name));
				vector.stream(stream).forEach((element) -> records.add(new ProducerRecord<>(name, element.toString())));
				records.add(new ProducerRecord<>(name, EOS));
			}
		}
		SharedKafka.topics().admin().createTopics(topics).all().get();
		SharedKafka.topics().send(records, new StringSerializer(), new StringSerializer());
	}

	private static NewTopic topic(String name) {
		return new NewTopic(name, Optional.of(1), Optional.empty());
	}

	String name(Vector vector, String stream) {
		return this.prefix + vector.name() + "-" + stream;
	}

	/**
	 * Return the deliveries, which are all there once the mark is: a commit returns a
	 * moment before readers see it.
	 */
	List<JsonNode> deliveries(Vector vector) {
		return await()
			.until(() -> values(vector), (values) -> !values.isEmpty() && values.get(values.size() - 1).equals(EOS))
			.stream()
			.filter((value) -> !value.equals(EOS))
			.map((value) -> JsonMapper.shared().readTree(value))
			.toList();
	}

	private List<String> values(Vector vector) {
		return SharedKafka.topics().read(name(vector, "deliveries")).stream().map(ConsumerRecord::value).toList();
	}

}
