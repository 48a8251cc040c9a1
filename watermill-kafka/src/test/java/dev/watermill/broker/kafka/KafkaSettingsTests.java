package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.kafka.KafkaSettingsException.Client;
import dev.watermill.codec.StrictJson;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Settings of clients are right or wrong before there is a cluster. None is up.
 */
class KafkaSettingsTests {

	private static KafkaBroker broker(String name, String value) {
		Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", "localhost:1"));
		settings.put(name, value);
		return KafkaBroker.builder(KafkaClients.of(settings), StrictJson.of(JsonMapper.shared()))
			.groupIdPrefix("settings")
			.build();
	}

	private static StreamSource<Long> source(KafkaBroker broker) {
		return broker.source(new StreamDefinition<>("in", Long.class, Map.of(KafkaBroker.TOPIC_PROPERTY, "in")));
	}

	private static StreamSink<Long> sink(KafkaBroker broker, Map<String, String> own) {
		Map<String, String> settings = new HashMap<>(own);
		settings.put(KafkaBroker.TOPIC_PROPERTY, "out");
		return broker.sink(new StreamDefinition<>("out", Long.class, settings));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			retries                               | 0    | PRODUCER
			max.in.flight.requests.per.connection | 10   | PRODUCER
			delivery.timeout.ms                   | 1000 | PRODUCER
			session.timeout.ms                    | 200  | CONSUMER
			request.timeout.ms                    | many | PRODUCER
			default.api.timeout.ms                | 1000 | ADMIN
			""")
	void refusesWhatNoClientOfAnOutputCanBeMadeWith(String name, String value, Client client) {
		assertThatExceptionOfType(KafkaSettingsException.class)
			.isThrownBy(() -> sink(broker(name, value), Map.of()).verifySettings())
			.isInstanceOf(BrokerException.class)
			.satisfies((ex) -> {
				assertThat(ex.client()).isEqualTo(client);
				assertThat(ex)
					.hasMessage("Kafka's " + client + " can't be made with its settings: " + ex.reason() + ".");
			});
	}

	@Test
	void asksAnInputOnlyForWhatItsClientsNeed() {
		assertThatCode(() -> source(broker("retries", "0")).verifySettings()).doesNotThrowAnyException();
		assertThatExceptionOfType(KafkaSettingsException.class)
			.isThrownBy(() -> source(broker("session.timeout.ms", "200")).verifySettings())
			.withMessageContaining("consumer");
	}

	@Test
	void looksAtTheSettingsOfEachStream() {
		KafkaBroker broker = broker("retries", "0");
		assertThatCode(() -> sink(broker, Map.of("retries", "3")).verifySettings()).doesNotThrowAnyException();
		assertThatExceptionOfType(KafkaSettingsException.class)
			.isThrownBy(() -> sink(broker, Map.of()).verifySettings());
		assertThatExceptionOfType(KafkaSettingsException.class)
			.isThrownBy(() -> sink(broker, Map.of()).verifySettings());
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost:1", "nowhere.invalid:9092" })
	void leavesAHostThatIsAwayToTheMill(String host) {
		assertThatCode(() -> sink(broker("bootstrap.servers", host), Map.of()).verifySettings())
			.doesNotThrowAnyException();
	}

	@Test
	void refusesAnAddressThatIsNone() {
		assertThatExceptionOfType(KafkaSettingsException.class)
			.isThrownBy(() -> source(broker("bootstrap.servers", "localhost")).verifySettings())
			.withMessageContaining("localhost");
	}

	/**
	 * Also with an assignor that only the newer protocol has, which no other client can
	 * be made with.
	 */
	@Test
	void onlyAMemberIsToldHowToBeOne() {
		Map<String, Object> said = Map.of("bootstrap.servers", "localhost:1", "group.protocol", "consumer",
				"group.remote.assignor", "uniform", "group.instance.id", "me");
		List<Map<String, Object>> made = new ArrayList<>();
		KafkaClients plain = KafkaClients.of(said);
		KafkaClients clients = new KafkaClients() {

			@Override
			public Consumer<byte[], byte[]> consumer(ClientSettings settings) {
				made.add(settings.over(said));
				return plain.consumer(settings);
			}

			@Override
			public Producer<byte[], byte[]> producer(ClientSettings settings) {
				return plain.producer(settings);
			}

			@Override
			public Admin admin() {
				return plain.admin();
			}

		};
		KafkaConnection connection = new KafkaConnection(clients, "settings", false);
		connection.consumer("group", "0", Map.of("group.protocol", "consumer")).close();
		connection.member("group", Map.of()).close(CloseOptions.timeout(Duration.ZERO));
		String[] ofMembers = { "group.protocol", "group.remote.assignor", "group.instance.id" };
		assertThat(made.get(0)).doesNotContainKeys(ofMembers);
		assertThat(made.get(1)).containsKeys(ofMembers);
	}

}
