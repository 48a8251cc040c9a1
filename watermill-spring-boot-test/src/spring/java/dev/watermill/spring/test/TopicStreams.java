package dev.watermill.spring.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.kafka.DeadLetterRecord;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.spring.binding.internal.StreamBinding;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Streams in topics, which are made anew each time and have names that nobody else uses,
 * as the groups and transactions of the mills on them have.
 */
final class TopicStreams extends TestedStreams {

	private final Supplier<KafkaClients> clients;

	private final TopicRecords records;

	private final String name = "watermill-test-" + UUID.randomUUID();

	/** How often streams have begun anew. */
	private int run;

	private boolean begun;

	private int partitions = 1;

	private @Nullable Broker kafka;

	TopicStreams(StreamPlaces places, Supplier<JsonMapper> mapper, Supplier<KafkaClients> clients,
			Supplier<Map<String, Object>> consumers, Supplier<Map<String, Object>> producers) {
		super(places, mapper);
		this.clients = clients;
		this.records = new TopicRecords(consumers, producers);
	}

	private String prefix() {
		return this.name + "-" + this.run;
	}

	private String topic(MemoryPlace place) {
		return prefix() + "-" + place.stream();
	}

	@Override
	synchronized Broker currentBroker() {
		Broker known = this.kafka;
		if (known == null) {
			known = KafkaBroker.builder(this.clients.get(), mapper()).groupIdPrefix(prefix()).build();
			this.kafka = known;
		}
		return known;
	}

	@Override
	public StreamBinding place(String stream) {
		Map<String, String> properties = new HashMap<>();
		properties.put(KafkaBroker.TOPIC_PROPERTY, topic(placeOf(stream)));
		if (this.partitions > 1) {
			switch (useOf(stream)) {
				case MERGED -> properties.put(KafkaBroker.MERGE_PROPERTY, "true");
				case WHOLE -> properties.put(KafkaBroker.BROADCAST_PROPERTY, "true");
				default -> {
				}
			}
		}
		return new StreamBinding("topic", broker(), properties);
	}

	@Override
	synchronized void begin(Given given) {
		clear();
		this.run++;
		this.begun = true;
		this.kafka = null;
		this.partitions = given.partitions();
		Set<MemoryPlace> inputs = inputs();
		try (Admin admin = this.clients.get().admin()) {
			TopicRecords.await(
					admin
						.createTopics(inputs.stream()
							.map((place) -> new NewTopic(topic(place), partitions(place, this.partitions), (short) -1))
							.toList())
						.all());
		}
		List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
		for (MemoryPlace place : inputs) {
			given.of(place).forEach((record) -> all.add(TopicRecords.of(topic(place), record)));
			for (int i = 0; i < partitions(place, this.partitions); i++) {
				all.add(TopicRecords.end(topic(place), i));
			}
		}
		this.records.write(all);
	}

	/**
	 * Delete the topics of the last run.
	 */
	@Override
	synchronized void clear() {
		if (!this.begun) {
			return;
		}
		this.begun = false;
		try (Admin admin = this.clients.get().admin()) {
			Set<String> topics = TopicRecords.await(admin.listTopics().names());
			TopicRecords.await(
					admin.deleteTopics(topics.stream().filter((topic) -> topic.startsWith(this.name)).toList()).all());
		}
	}

	@Override
	List<MemoryRecord> records(MemoryPlace place) {
		return this.begun ? this.records.read(topic(place)).stream().map(TopicRecords::of).toList() : List.of();
	}

	@Override
	List<DeadLetter> deadLetters(MemoryPlace place) {
		return this.begun ? this.records.read(topic(place) + "-dlt")
			.stream()
			.map(DeadLetterRecord::letter)
			.flatMap(Optional::stream)
			.toList() : List.of();
	}

}
