package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import dev.watermill.engine.MillState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What others do to the topics of a mill while it runs. With
 * {@code -Dkafka.quota.elements=100000} a quota is so low that commits are not answered.
 */
class KafkaTroubleTests {

	/** Of 25 bytes each. */
	private static final int ELEMENTS = Integer.getInteger("kafka.quota.elements", 10_000);

	private final TopicMill topics = new TopicMill("a", "b");

	@AfterEach
	void stop() {
		if (this.topics.mill() != null) {
			this.topics.mill().stop();
		}
	}

	@Test
	void goesOnHoweverSlowAQuotaMakesIt() throws Exception {
		ClientQuotaEntity producer = new ClientQuotaEntity(
				Map.of(ClientQuotaEntity.CLIENT_ID, this.topics.transactionalId()));
		Cluster.get(this.topics.topics()
			.admin()
			.alterClientQuotas(List.of(new ClientQuotaAlteration(producer,
					List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 20_000.0)))))
			.all());
		this.topics.append("a", LongStream.range(0, ELEMENTS).map((i) -> 1_000_000_000_000L + i).toArray());
		this.topics.end("a");
		this.topics.echo();
		this.topics.start();
		assertThat(this.topics.mill().awaitEnd(Duration.ofMillis(60_000 + ELEMENTS * 5L))).isTrue();
		assertThat(this.topics.mill().state()).isEqualTo(MillState.COMPLETED);
		assertThat(this.topics.results()).hasSize(ELEMENTS + 1).doesNotHaveDuplicates().isSorted();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void waitsForTheEndOfATransactionOfSomebodyElseAcrossItsInputs(boolean commits) throws Exception {
		this.topics.append("a", 1);
		this.topics.append("b", 1);
		Map<String, Object> properties = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
				Cluster.shared().bootstrapServers(), ProducerConfig.TRANSACTIONAL_ID_CONFIG,
				this.topics.topic("other"));
		try (Producer<String, String> other = new KafkaProducer<>(properties, new StringSerializer(),
				new StringSerializer())) {
			other.initTransactions();
			other.beginTransaction();
			other.send(new ProducerRecord<>(this.topics.topic("a"), "2")).get();
			other.send(new ProducerRecord<>(this.topics.topic("b"), "2")).get();
			this.topics.append("a", 3);
			this.topics.append("b", 3, 4);
			this.topics.end("a");
			this.topics.echo("b");
			this.topics.start();
			// the first element waits for what is behind it, too
			await().during(Duration.ofMillis(500)).until(() -> this.topics.results().isEmpty());
			if (commits) {
				other.commitTransaction();
			}
			else {
				other.abortTransaction();
			}
			assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		}
		assertThat(this.topics.results())
			.containsExactlyElementsOf(commits ? List.of("1", "2", "3", "END") : List.of("1", "3", "END"));
	}

	@Test
	void knowsWhereItWasThoughTheBrokerForgetsThatWithATopic() throws Exception {
		this.topics.set("a", KafkaBroker.ON_DATA_LOSS_PROPERTY, "earliest");
		this.topics.set("out", ProducerConfig.MAX_BLOCK_MS_CONFIG, "1000");
		this.topics.append("a", 1, 2);
		this.topics.echo();
		this.topics.start();
		this.topics.awaitResults("1", "2");
		this.topics.topics().delete(this.topics.topic("a"));
		await().atMost(Duration.ofSeconds(30)).until(() -> this.topics.mill().status().unavailable() != null);
		this.topics.topics().create(this.topics.topic("a"), 1);
		this.topics.append("a", 3);
		this.topics.end("a");
		assertThat(this.topics.awaitEnd()).as("%s", this.topics.mill().status()).isEqualTo(MillState.COMPLETED);
		assertThat(this.topics.results()).containsExactly("1", "2", "3", "END");
	}

	@Test
	void goesOnInAnOutputThatWasDeletedAndMadeAnew() throws Exception {
		this.topics.set("out", ProducerConfig.MAX_BLOCK_MS_CONFIG, "1000");
		this.topics.append("a", 1, 2);
		this.topics.echo();
		this.topics.start();
		this.topics.awaitResults("1", "2");
		this.topics.topics().delete(this.topics.topic("out"));
		this.topics.append("a", 3);
		this.topics.end("a");
		assertThat(this.topics.awaitEnd()).as("%s", this.topics.mill().status()).isEqualTo(MillState.COMPLETED);
		assertThat(this.topics.results()).containsExactly("3", "END");
	}

}
