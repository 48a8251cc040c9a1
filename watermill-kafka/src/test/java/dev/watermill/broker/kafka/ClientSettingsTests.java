package dev.watermill.broker.kafka;

import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ClientSettingsTests {

	@ParameterizedTest
	@CsvSource({ "100, 100", "2000, 2000", "2001, 2000", "' 99999999999 ', 2000", "many, many" })
	void keepsNumbersWithinTheirLimitsWhoeverSaysThem(String said, String expected) {
		Map<String, Integer> limits = Map.of("batch.size", 2000);
		assertThat(new ClientSettings(Map.of("batch.size", 5000), Map.of(), Map.of(), limits)
			.over(Map.of("batch.size", said))
			.get("batch.size")).asString().isEqualToIgnoringWhitespace(expected);
		assertThat(
				new ClientSettings(Map.of(), Map.of("batch.size", said), Map.of(), limits).over(Map.of("batch.size", 1))
					.get("batch.size"))
			.asString()
			.isEqualToIgnoringWhitespace(expected);
	}

	@ParameterizedTest
	@CsvSource({ "5000, 2000", "1000, 1000" })
	void keepsDefaultsWithinLimitsAndAddsNone(int byDefault, int expected) {
		ClientSettings settings = new ClientSettings(Map.of("batch.size", byDefault), Map.of(), Map.of(),
				Map.of("batch.size", 2000, "linger.ms", 5));
		assertThat(settings.over(Map.of())).containsOnly(Map.entry("batch.size", expected));
	}

	@ParameterizedTest
	@CsvSource({ "classic, true", "consumer, false", "CONSUMER, false" })
	void leavesToBrokersWhatTheyDecideOn(String protocol, boolean ours) {
		ClientSettings settings = new ClientSettings(
				Map.of("session.timeout.ms", 6000, "heartbeat.interval.ms", 300, "max.poll.records", 7), Map.of(),
				Map.of());
		assertThat(settings.over(Map.of("group.protocol", protocol))).containsKeys("max.poll.records", "group.protocol")
			.satisfies((found) -> assertThat(found.containsKey("session.timeout.ms")).isEqualTo(ours))
			.satisfies((found) -> assertThat(found.containsKey("heartbeat.interval.ms")).isEqualTo(ours));
		// the client says what is wrong with it
		assertThat(settings.over(Map.of("group.protocol", protocol, "session.timeout.ms", 1)))
			.containsEntry("session.timeout.ms", 1);
	}

}
