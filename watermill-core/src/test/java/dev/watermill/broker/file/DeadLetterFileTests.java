package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.OriginalElement;
import dev.watermill.broker.OriginalElement.Header;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DeadLetterFileTests {

	private static final JsonMapper JSON = new JsonMapper();

	private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

	private final JsonFileBroker files = JsonFileBroker.builder(JSON).build();

	@TempDir
	private Path directory;

	private Path write(String name, String content) throws IOException {
		return Files.writeString(this.directory.resolve(name), content);
	}

	private <T> StreamDefinition<T> file(String stream, Path path, Class<T> type) {
		return new StreamDefinition<>(stream, type, Map.of(JsonFileBroker.FILE_PROPERTY, path.toString()));
	}

	private Path letters() {
		return this.directory.resolve("letters.jsonl");
	}

	private MillBuilder mill(Path input) {
		MillBuilder builder = Mill.builder("mill").stateDirectory(this.directory.resolve("state"));
		Input<Element> in = builder.from(file("in", input, Element.class), this.files);
		builder.windowBy(KeyFunction.ofLong("id", (Element element) -> element.id / 100));
		in.onInvalid(ErrorPolicy.DEAD_LETTER);
		builder.process((delivery) -> delivery.get(in))
			.to(file("out", this.directory.resolve("out.jsonl"), Element.class), Element.class, this.files)
			.deadLetters(file("in", letters(), DeadLetter.class), this.files)
			.clock(Clock.fixed(NOW, ZoneOffset.UTC), System::nanoTime);
		return builder;
	}

	private List<JsonNode> lines() throws IOException {
		return Files.readAllLines(letters()).stream().map(JSON::readTree).toList();
	}

	@Test
	void writesALineOfEachElementAsItWas() throws IOException {
		Path input = write("in.jsonl", "{\"id\":1}\n  {\"id\": \"x\" } \r\n\n{\"id\":2\n{\"id\":3}\n{}\n");
		assertThat(mill(input).build().run()).isEqualTo(MillState.COMPLETED);
		List<JsonNode> lines = lines();
		assertThat(lines).extracting((line) -> line.get("value").asString())
			.containsExactly("{\"id\": \"x\" }", "{\"id\":2", "{}");
		assertThat(lines.get(0).propertyNames()).containsExactly("mill", "stream", "reason", "exception", "message",
				"stackTrace", "origin", "value", "at");
		assertThat(lines.get(0).get("mill").asString()).isEqualTo("mill");
		assertThat(lines.get(0).get("stream").asString()).isEqualTo("in");
		assertThat(lines.get(0).get("reason").asString()).isEqualTo("invalid");
		assertThat(lines.get(0).get("origin")).isEqualTo(JSON.readTree("{\"file\":\"" + input + "\",\"line\":2}"));
		assertThat(lines.get(0).get("at").asString()).isEqualTo(NOW.toString());
		assertThat(lines.get(0).get("message").asString()).contains("id");
		assertThat(lines.get(1).get("origin").get("line").asInt()).isEqualTo(4);
	}

	@Test
	void writesElementsOfAnArray() throws IOException {
		Path input = write("in.json", "[{\"id\":1},\n{\"id\":\"x\"},,\n {\"id\": [ } ,\n{\"id\":4}, {\"no\":5}]");
		assertThat(mill(input).build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(lines()).extracting((line) -> line.get("value").asString())
			.containsExactly("{\"id\":\"x\"}", "", "{\"id\": [ }", "{\"no\":5}");
		assertThat(lines().get(3).get("origin"))
			.isEqualTo(JSON.readTree("{\"file\":\"" + input + "\",\"index\":5,\"line\":4}"));
	}

	@Test
	void writesBytesThatAreNoTextInBase64() throws IOException {
		Path input = this.directory.resolve("in.jsonl");
		Files.write(input, "{\"id\":1}\n{\"id\":\"\u00ff\"}\n".getBytes(StandardCharsets.ISO_8859_1));
		assertThat(mill(input).build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(lines()).singleElement().satisfies((line) -> {
			assertThat(line.has("value")).isFalse();
			assertThat(line.get("valueBase64").binaryValue())
				.isEqualTo("{\"id\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1));
		});
	}

	@Test
	void writesDeliveriesThatFailed() throws IOException {
		Path input = write("in.jsonl", "{\"id\":1}\n{\"id\":150}\n{\"id\": 151}\n{\"id\":200}\n");
		MillBuilder builder = mill(input).retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.onError(ErrorPolicy.DEAD_LETTER);
		Input<?> in = builder.input("in");
		builder.process((delivery) -> {
			if (delivery.window(in).size() > 1) {
				throw new IllegalStateException("as intended");
			}
			return delivery.get(in);
		});
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(lines()).extracting((line) -> line.get("value").asString())
			.containsExactly("{\"id\":150}", "{\"id\": 151}");
		assertThat(lines()).allSatisfy((line) -> {
			assertThat(line.get("reason").asString()).isEqualTo("failed");
			assertThat(line.get("exception").asString()).isEqualTo(IllegalStateException.class.getName());
			assertThat(line.get("message").asString()).contains("as intended");
			assertThat(line.get("stackTrace").asString()).contains("DeadLetterFileTests")
				.hasSizeLessThanOrEqualTo(4096);
			assertThat(line.get("positions")).isEqualTo(JSON.readTree("{\"in\":\"" + input + ":2\"}"));
		});
	}

	@Test
	void writesAllThatIsKnownOfARecord() {
		OriginalElement element = new OriginalElement(Map.of("topic", "orders", "partition", 1L, "offset", 7L),
				"key".getBytes(StandardCharsets.UTF_8), null, List.of(new Header("a", new byte[] { 'x' }),
						new Header("b", new byte[] { (byte) 0xff }), new Header("a", null)));
		DeadLetter letter = new DeadLetter("mill", "order", SkipReason.TOMBSTONE, "no value", null, element, Map.of(),
				NOW);
		assertThat(JSON.readTree(new DeadLetterLine().encode(letter))).isEqualTo(JSON.readTree("""
				{"mill":"mill","stream":"order","reason":"tombstone","message":"no value",
				"origin":{"topic":"orders","partition":1,"offset":7},"key":"key",
				"headers":{"a":["x",null],"b":{"base64":"/w=="}},"at":"2026-01-02T03:04:05Z"}
				"""));
	}

	@Test
	void refusesAFileThatIsNotOfLines() {
		assertThatExceptionOfType(BrokerException.class).isThrownBy(
				() -> this.files.deadLetterSink(file("in", this.directory.resolve("letters.json"), DeadLetter.class)))
			.withMessageContainingAll("'in'", "letters.json", ".jsonl");
	}

	@Test
	void doesNotReplaceAFileOfOthers() throws IOException {
		Path input = write("in.jsonl", "{\"id\":1}\n");
		write("letters.jsonl", "{}\n");
		Mill mill = mill(input).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("letters.jsonl", "no checkpoint");
	}

	record Element(long id) {

	}

}
