package dev.watermill.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.codec.StrictJson;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests for {@link KafkaBroker}, on a real one.
 */
class KafkaBrokerCompatibilityTests extends BrokerCompatibilityKit
		implements GrowingStreams, FencingCommits, KeepingOriginals {

	private static final String END = "{\"eos__\": true}";

	private final JsonMapper mapper = StrictJson.of(JsonMapper.shared());

	private final Topics topics = SharedKafka.topics();

	private final String test = "tck-" + UUID.randomUUID();

	private final KafkaBroker broker = KafkaBroker
		.builder(KafkaClients.of(Map.of("bootstrap.servers", SharedKafka.bootstrapServers())), this.mapper)
		.groupIdPrefix(this.test)
		.build();

	private final List<String> created = new ArrayList<>();

	private String topic(String stream) {
		return this.test + "-" + stream;
	}

	@Override
	public Broker broker() {
		return this.broker;
	}

	@Override
	public StreamDefinition<Item> definition(String stream) {
		return new StreamDefinition<>(stream, Item.class, Map.of(KafkaBroker.TOPIC_PROPERTY, topic(stream)));
	}

	@Override
	public void given(String stream, List<@Nullable Item> items) {
		send(stream,
				items.stream().map((item) -> (item != null) ? this.mapper.writeValueAsString(item) : "{no").toList());
		end(stream);
	}

	@Override
	public void append(String stream, List<Item> items) {
		send(stream, items.stream().map(this.mapper::writeValueAsString).toList());
	}

	@Override
	public void end(String stream) {
		send(stream, List.of(END));
	}

	private void send(String stream, List<String> values) {
		if (!this.created.contains(stream)) {
			this.topics.create(topic(stream), 1);
			this.created.add(stream);
		}
		this.topics.send(
				values.stream().map((value) -> new ProducerRecord<String, String>(topic(stream), value)).toList(),
				new StringSerializer(), new StringSerializer());
	}

	@Override
	public List<Item> results(String stream) {
		return values(stream).stream()
			.filter((value) -> !value.equals(END))
			.map((value) -> this.mapper.readValue(value, Item.class))
			.toList();
	}

	@Override
	public boolean isEnded(String stream) {
		List<String> values = values(stream);
		return !values.isEmpty() && values.get(values.size() - 1).equals(END);
	}

	private List<String> values(String stream) {
		awaitMarkers(new TopicPartition(topic(stream), 0));
		return this.topics.read(topic(stream)).stream().map(ConsumerRecord::value).toList();
	}

	/**
	 * Wait until the transactions of a topic are over for its readers, too: a commit is
	 * answered before its markers are written.
	 */
	private void awaitMarkers(TopicPartition partition) {
		try {
			Awaitility.await()
				.atMost(Duration.ofSeconds(2))
				.pollInterval(Duration.ofMillis(5))
				.until(() -> end(partition, IsolationLevel.READ_COMMITTED) == end(partition,
						IsolationLevel.READ_UNCOMMITTED));
		}
		catch (ConditionTimeoutException ex) {
			// one is open, and nobody sees what it holds
		}
	}

	private long end(TopicPartition partition, IsolationLevel level) throws Exception {
		return this.topics.admin()
			.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level))
			.partitionResult(partition)
			.get()
			.offset();
	}

}
