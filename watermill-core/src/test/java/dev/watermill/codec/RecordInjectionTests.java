package dev.watermill.codec;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.watermill.codec.internal.RecordInjection;
import dev.watermill.stream.RecordFacts;
import dev.watermill.stream.RecordHeader;
import dev.watermill.stream.RecordKey;
import dev.watermill.stream.RecordTimestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RecordInjection}.
 */
class RecordInjectionTests {

	private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

	private static final JsonMapper MAPPER = RecordInjection.seeing(StrictJson.of(new JsonMapper()));

	private static <T> T read(Class<T> type, String value, @Nullable String key) {
		return read(type, value, new Facts((key != null) ? key.getBytes(StandardCharsets.UTF_8) : null));
	}

	private static <T> T read(Class<T> type, String value, RecordFacts facts) {
		return new RecordInjection(MAPPER, facts).into(MAPPER.readerFor(type)).readValue(value);
	}

	@Test
	void aKeyIsOfTheTypeThatIsAskedFor() {
		UUID id = new UUID(1, 2);
		assertThat(read(Text.class, "{}", "caf\u00e9")).isEqualTo(new Text("caf\u00e9"));
		assertThat(read(Text.class, "{}", "{\"id\":1}")).isEqualTo(new Text("{\"id\":1}"));
		assertThat(read(Text.class, "{}", (String) null)).isEqualTo(new Text(null));
		assertThat(read(Unique.class, "{}", id.toString())).isEqualTo(new Unique(id));
		assertThat(read(Structured.class, "{}", "{\"id\":9007199254740993}"))
			.isEqualTo(new Structured(new Structured.Key(9007199254740993L)));
		assertThat(read(Bytes.class, "{}", "ab").key()).containsExactly('a', 'b');
		assertThat(read(Bean.class, "{\"value\":3}", "12").describe()).isEqualTo("12: 3");
	}

	@Test
	void whatTheValueHasByThatNameIsPassedOver() {
		assertThat(read(Text.class, "{\"key\":{\"a\":[1]}}", "x")).isEqualTo(new Text("x"));
	}

	@Test
	void headersAndTimestampsAreOfTheTypeThatIsAskedFor() {
		assertThat(read(Described.class, "{}", "x"))
			.isEqualTo(new Described(7, Optional.of("here"), Optional.empty(), TIME));
		assertThat(read(Millis.class, "{}", "x")).isEqualTo(new Millis(TIME.toEpochMilli()));
		assertThat(read(Offset.class, "{}", "x")).isEqualTo(new Offset(TIME.atOffset(ZoneOffset.UTC)));
	}

	@Test
	void whatIsNotThereOrNotOfTheTypeMakesTheElementInvalid() {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read(Bean.class, "{}", (String) null))
			.withMessageContaining("The record has no key for 'key'");
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read(Bean.class, "{}", "twelve"));
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> read(Text.class, "{}", new Facts(new byte[] { (byte) 0xff })))
			.withMessageContaining("The key of the record is no text in UTF-8");
	}

	record Text(@RecordKey @Nullable String key) {

	}

	record Unique(@RecordKey UUID key) {

	}

	record Structured(@RecordKey Key key) {

		record Key(long id) {

		}

	}

	record Bytes(@RecordKey byte[] key) {

	}

	record Described(@RecordHeader("number") int number, @RecordHeader("from") Optional<String> from,
			@RecordHeader("none") Optional<String> none, @RecordTimestamp Instant at) {

	}

	record Millis(@RecordTimestamp long at) {

	}

	record Offset(@RecordTimestamp OffsetDateTime at) {

	}

	static class Bean {

		@RecordKey
		private long key;

		@JsonProperty
		private int value;

		String describe() {
			return this.key + ": " + this.value;
		}

	}

	private record Facts(byte @Nullable [] key) implements RecordFacts {

		@Override
		public Instant timestamp() {
			return TIME;
		}

		@Override
		public byte @Nullable [] header(String name) {
			String found = Map.of("number", "7", "from", "here").get(name);
			return (found != null) ? found.getBytes(StandardCharsets.UTF_8) : null;
		}

	}

}
