package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.OriginalElement;
import dev.watermill.broker.OriginalElement.Header;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.StrictJson;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Dead letters in files, read again as the elements that they were.
 */
class DeadLetterReplayTests {

	private static final DeadLetterLine LINES = new DeadLetterLine();

	@TempDir
	private Path directory;

	private Path file() {
		return this.directory.resolve("letters.jsonl");
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] letter(byte[] value, Header... headers) {
		Map<String, Object> origin = new LinkedHashMap<>();
		origin.put("topic", "orders");
		origin.put("partition", 3L);
		origin.put("offset", 17L);
		origin.put("timestamp", 1_000L);
		return LINES.encode(new DeadLetter("mill", "in", SkipReason.INVALID, "wrong", null,
				new OriginalElement(origin, bytes("k"), value, List.of(headers)), Map.of(), Instant.EPOCH));
	}

	private Batch<Integer> read(byte[]... lines) throws IOException, InterruptedException {
		for (byte[] line : lines) {
			Files.write(file(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
			Files.writeString(file(), "\n", StandardOpenOption.APPEND);
		}
		StreamDefinition<Integer> definition = new StreamDefinition<>("in", Integer.class,
				Map.of(JsonFileBroker.FILE_PROPERTY, file().toString(), JsonFileBroker.FORMAT_PROPERTY, "dead-letter"));
		try (StreamReader<Integer> reader = JsonFileBroker.builder(StrictJson.of(JsonMapper.shared()))
			.build()
			.source(definition)
			.open(new LaneId("mill", 0), null)) {
			return reader.read(Duration.ofSeconds(10));
		}
	}

	@Test
	void readsWhatBecameADeadLetterAndNothingOfItsEnvelope() throws IOException, InterruptedException {
		Batch<Integer> batch = read(
				letter(bytes("1"), new Header("h", bytes("x")), new Header("h", bytes("y")),
						new Header("raw", new byte[] { (byte) 0xff }), new Header("none", null)),
				letter(bytes(" 2 ")), bytes("3"));
		assertThat(batch.toArray()).containsExactly(1, 2, 3);
		ElementMetadata first = batch.metadata(0);
		assertThat(first.timestamp()).isEqualTo(Instant.ofEpochMilli(1_000));
		assertThat(first.partition()).isEqualTo(3);
		assertThat(first.offset()).isEqualTo(17);
		assertThat(first.headers()).containsOnlyKeys("h", "raw", "none");
		assertThat(first.headers().get("h")).asString().isEqualTo("y");
		assertThat(first.headers().get("raw")).containsExactly(0xff);
		// what is no dead letter is an element
		assertThat(batch.metadata(2)).isNull();
	}

	@Test
	void findsWrongAgainWhatWasWrong() throws IOException, InterruptedException {
		Batch<Integer> batch = read(letter(bytes("\"x\"")), letter(null), letter(new byte[] { '"', (byte) 0xff, '"' }),
				letter(bytes("")), bytes("{"));
		assertThat(batch.toArray()).hasSize(5)
			.allSatisfy((element) -> assertThat(element).isInstanceOf(InvalidElement.class));
		List<InvalidElement> invalid = IntStream.range(0, 5)
			.mapToObj((i) -> (InvalidElement) batch.element(i))
			.toList();
		assertThat(invalid.get(0).problem()).contains("\"x\"");
		assertThat(invalid.get(1).kind()).isEqualTo(InvalidElement.Kind.TOMBSTONE);
		assertThat(invalid.get(2).problem()).contains("UTF-8");
		assertThat(invalid.get(2).bytes()).containsExactly('"', 0xff, '"');
		// where it becomes one again the letter is what it is made of
		OriginalElement again = batch.original(0);
		assertThat(again.origin()).containsEntry("line", 1L);
		assertThat(again.value()).asString().startsWith("{\"mill\":\"mill\"");
	}

	@Test
	void refusesAnArrayWithinLetters() {
		StreamDefinition<Integer> definition = new StreamDefinition<>("in", Integer.class,
				Map.of(JsonFileBroker.FILE_PROPERTY, file().toString(), JsonFileBroker.FORMAT_PROPERTY, "dead-letter",
						JsonFileBroker.AT_PROPERTY, "a"));
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> JsonFileBroker.builder(JsonMapper.shared()).build().source(definition))
			.withMessageContaining("has the format dead-letter");
	}

}
