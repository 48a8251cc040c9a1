package dev.watermill.broker.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.OriginalElement;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records as they stand in their topic, for those of them that become dead letters.
 */
class KafkaOriginalsTests {

	private static final LaneId LANE = new LaneId("mill", 0);

	private final Cluster cluster = Cluster.shared();

	private final String name = "originals-" + UUID.randomUUID();

	private final StreamSource<Integer> source = this.cluster.broker(this.name)
		.source(Cluster.topic("in", Integer.class, this.name));

	private Batch<Integer> read() throws InterruptedException {
		this.cluster.topics().create(this.name, 1);
		ProducerRecord<String, String> one = new ProducerRecord<>(this.name, 0, 1_000L, "k", "x");
		one.headers().add("h", "1".getBytes(StandardCharsets.UTF_8)).add("h", null);
		this.cluster.topics().send(one, new ProducerRecord<>(this.name, 0, null, null));
		try (StreamReader<Integer> reader = this.source.open(LANE, null)) {
			return reader.read(Duration.ofSeconds(30));
		}
	}

	@Test
	void keepsRecordsAsTheyAreIfTheyAreAskedFor() throws InterruptedException {
		this.source.keepOriginals();
		Batch<Integer> batch = read();
		OriginalElement original = batch.original(0);
		assertThat(original.origin()).isEqualTo(Map.of("topic", this.name, "partition", 0L, "offset", 0L, "timestamp",
				1_000L, "timestampType", "CreateTime", "group", this.name + "-mill-in"));
		assertThat(original.key()).asString().isEqualTo("k");
		assertThat(original.value()).asString().isEqualTo("x");
		assertThat(original.headers()).extracting(OriginalElement.Header::name).isEqualTo(List.of("h", "h"));
		assertThat(original.headers().get(0).value()).asString().isEqualTo("1");
		assertThat(original.headers().get(1).value()).isNull();
		OriginalElement tombstone = batch.original(1);
		assertThat(tombstone.key()).isNull();
		assertThat(tombstone.value()).isNull();
		assertThat(batch.isBefore(0, Position.of("offset", 1))).isTrue();
		assertThat(batch.isBefore(1, Position.of("offset", 1))).isFalse();
		// in a topic of the same name that is no more
		assertThat(batch.isBefore(0, Position.of("offset", 1).with("topic", "another"))).isFalse();
	}

	@Test
	void knowsWhatWasWrittenBehindThePlaceWhereALogLostItsTail() {
		KafkaPosition letters = new KafkaPosition(10, false, 3, "id");
		assertThat(new KafkaPosition(9, false, 3, "id").precedes(letters)).isTrue();
		assertThat(new KafkaPosition(10, false, 3, "id").precedes(letters)).isFalse();
		assertThat(new KafkaPosition(9, false, 4, "id").precedes(letters)).isFalse();
	}

	@Test
	void readsDeadLettersAsTheRecordsThatTheyWere() throws InterruptedException {
		this.cluster.topics().create(this.name, 1);
		ProducerRecord<String, String> letter = new ProducerRecord<>(this.name, 0, 5_000L, "k", Cluster.END);
		letter.headers()
			.add("own", "1".getBytes(StandardCharsets.UTF_8))
			.add("kafka_dlt-original-topic", "orders".getBytes(StandardCharsets.UTF_8))
			.add("kafka_dlt-original-timestamp", ByteBuffer.allocate(Long.BYTES).putLong(1_000).array())
			.add("watermill-reason", "disorder".getBytes(StandardCharsets.UTF_8));
		this.cluster.topics()
			.send(letter, new ProducerRecord<>(this.name, 0, 6_000L, null, "{}"),
					new ProducerRecord<>(this.name, 0, 7_000L, null, Cluster.END));
		StreamSource<JsonNode> letters = this.cluster.broker(this.name)
			.source(new StreamDefinition<>("in", JsonNode.class,
					Map.of("topic", this.name, KafkaBroker.FORMAT_PROPERTY, "dead-letter")));
		letters.keepOriginals();
		try (StreamReader<JsonNode> reader = letters.open(LANE, null)) {
			Batch<JsonNode> batch = reader.read(Duration.ofSeconds(30));
			// a letter that looks like a mark is none, and what is no letter is itself
			assertThat(batch.toArray()).extracting(Object::toString).containsExactly("{\"eos__\":true}", "{}");
			assertThat(batch.status()).isEqualTo(Batch.Status.ENDED);
			ElementMetadata first = batch.metadata(0);
			assertThat(first.timestamp()).isEqualTo(Instant.ofEpochMilli(1_000));
			assertThat(first.headers()).containsOnlyKeys("own");
			assertThat(batch.metadata(1).timestamp()).isEqualTo(Instant.ofEpochMilli(6_000));
			// if it becomes a letter once more, it is as it is
			assertThat(batch.original(0).headers()).hasSize(4);
			assertThat(batch.original(0).origin()).containsEntry("timestamp", 5_000L);
		}
	}

	@Test
	void keepsNothingIfNobodyAsks() throws InterruptedException {
		assertThat(read().original(0)).isNull();
	}

}
