package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.file.TestFiles.Content;
import dev.watermill.stream.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for reading files that are well.
 */
class JsonFileReadingTests {

	private static final int[] CHUNK_SIZES = { 1, 2, 7, 64, 1000, 128 * 1024 };

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { ".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz" })
	void readsWhatJacksonReadsAtEveryChunkSize(String suffix) {
		for (long seed = 0; seed < 60; seed++) {
			RandomJson json = new RandomJson(seed);
			List<JsonNode> elements = json.elements(json.random().nextInt(30));
			Path file = file(json, suffix, elements);
			for (int chunkSize : CHUNK_SIZES) {
				Content content = TestFiles.read(TestFiles.source(file, JsonNode.class, chunkSize), null);
				assertThat(content.elements()).as("seed %d, chunks of %d bytes", seed, chunkSize)
					.isEqualTo(oracle(file, suffix, elements));
			}
		}
	}

	private List<JsonNode> oracle(Path file, String suffix, List<JsonNode> elements) {
		if (suffix.endsWith(".gz")) {
			return elements;
		}
		try (MappingIterator<JsonNode> iterator = TestFiles.JSON.readerFor(JsonNode.class).readValues(file.toFile())) {
			List<JsonNode> values = iterator.readAll();
			// Jackson takes a first line that is an array for the array of all elements
			return suffix.equals(".json") ? values : elements;
		}
	}

	private Path file(RandomJson json, String suffix, List<JsonNode> elements) {
		boolean array = suffix.startsWith(".json") && !suffix.startsWith(".jsonl");
		String text = array ? json.array(elements) : json.lines(elements);
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return TestFiles.write(this.directory.resolve("in" + suffix),
				suffix.endsWith(".gz") ? members(json, bytes) : bytes);
	}

	private static byte[] members(RandomJson json, byte[] bytes) {
		int cut = json.random().nextInt(bytes.length + 1);
		byte[] first = TestFiles.gzip(Arrays.copyOf(bytes, cut));
		byte[] second = TestFiles.gzip(Arrays.copyOfRange(bytes, cut, bytes.length));
		byte[] all = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, all, first.length, second.length);
		return all;
	}

	@ParameterizedTest
	@ValueSource(strings = { ".json", ".jsonl", ".json.gz", ".jsonl.gz" })
	void readsTheSameRestFromEveryPositionAtEveryChunkSize(String suffix) {
		for (long seed = 100; seed < 106; seed++) {
			RandomJson json = new RandomJson(seed);
			Path file = file(json, suffix, json.elements(20));
			Content all = TestFiles.read(file, JsonNode.class);
			for (int chunkSize : CHUNK_SIZES) {
				StreamSource<JsonNode> source = TestFiles.source(file, JsonNode.class, chunkSize);
				assertThat(TestFiles.read(source, null).positions()).isEqualTo(all.positions());
				assertThat(TestFiles.read(source, null).origins()).isEqualTo(all.origins());
				for (int i = 0; i < all.positions().size(); i++) {
					Content rest = TestFiles.read(source, Position.parse(all.positions().get(i).toString()));
					assertThat(rest.elements()).isEqualTo(all.elements().subList(i, all.elements().size()));
					assertThat(rest.positions()).isEqualTo(all.positions().subList(i, all.positions().size()));
					assertThat(rest.origins()).isEqualTo(all.origins().subList(i, all.origins().size()));
				}
			}
		}
	}

	@Test
	void tellsTheLineOfALine() {
		Path file = TestFiles.write(this.directory.resolve("in.jsonl"), "1\n\n  \n2\r\n3");
		assertThat(TestFiles.read(file, Integer.class).origins()).containsExactly(file + ":1", file + ":4",
				file + ":5");
	}

	@Test
	void tellsTheIndexInAnArray() {
		Path file = TestFiles.write(this.directory.resolve("in.json"), "[\n1,\n2\n, 3]");
		assertThat(TestFiles.read(file, Integer.class).origins()).containsExactly(file + "[0] (line 2)",
				file + "[1] (line 3)", file + "[2] (line 4)");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 100 })
	void passesOverAByteOrderMark(int chunkSize) {
		Path array = TestFiles.write(this.directory.resolve("in.json"), "\ufeff[1,2]");
		Path lines = TestFiles.write(this.directory.resolve("in.jsonl"), "\ufeff1\n2\n");
		Path only = TestFiles.write(this.directory.resolve("only.jsonl"), "\ufeff");
		assertThat(TestFiles.read(TestFiles.source(array, Integer.class, chunkSize), null).elements())
			.containsExactly(1, 2);
		Content content = TestFiles.read(TestFiles.source(lines, Integer.class, chunkSize), null);
		assertThat(content.elements()).containsExactly(1, 2);
		assertThat(content.positions().get(0).number("offset")).isZero();
		assertThat(TestFiles.read(TestFiles.source(only, Integer.class, chunkSize), null).elements()).isEmpty();
	}

	@Test
	void readsEmptyStreams() {
		for (String text : List.of("[]", " [ ]\n", "[\n]\n")) {
			Path file = TestFiles.write(this.directory.resolve("in.json"), text);
			assertThat(TestFiles.read(file, Integer.class).elements()).isEmpty();
		}
		for (String text : List.of("", "\n", " \n\n \t")) {
			Path file = TestFiles.write(this.directory.resolve("in.jsonl"), text);
			assertThat(TestFiles.read(file, Integer.class).elements()).isEmpty();
		}
	}

	@Test
	void readsAnElementMuchLargerThanAChunk() {
		String text = "x".repeat(300_000);
		Path array = TestFiles.write(this.directory.resolve("in.json"), "[1, \"" + text + "\", 2]");
		Path lines = TestFiles.write(this.directory.resolve("in.jsonl"), "1\n\"" + text + "\"\n2");
		for (Path file : List.of(array, lines)) {
			Content content = TestFiles.read(TestFiles.source(file, JsonNode.class, 1000), null);
			assertThat(content.elements()).extracting(Object::toString).containsExactly("1", "\"" + text + "\"", "2");
			assertThat(
					TestFiles.read(TestFiles.source(file, JsonNode.class, 77), content.positions().get(2)).elements())
				.extracting(Object::toString)
				.containsExactly("2");
		}
	}

	@Test
	void readsOnlyTheFieldsATypeHas() {
		record Point(int x) {
		}
		Path file = TestFiles.write(this.directory.resolve("in.jsonl"), "{\"y\":[{}],\"x\":7,\"z\":\"\\u0041\"}");
		assertThat(TestFiles.read(file, Point.class).elements()).containsExactly(new Point(7));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1,\n2,\n3]", "[1,\n2\n,\"x\"" })
	void goesOnInAFileThatChangedBehindThePosition(String before) {
		Path file = TestFiles.write(this.directory.resolve("in.json"), before);
		Position position = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, 100), null)
			.content()
			.positions()
			.get(2);
		TestFiles.write(file, before.substring(0, before.indexOf('2') + 1) + ",\n4,\n5\n]");
		assertThat(TestFiles.read(TestFiles.source(file, JsonNode.class, 10), position).elements())
			.isEqualTo(List.of(number(4), number(5)));
	}

	@Test
	void goesOnWithLinesThatWereAppended() throws IOException {
		Path file = TestFiles.write(this.directory.resolve("in.jsonl"), "1\n2");
		Content content = TestFiles.read(file, Integer.class);
		Files.writeString(file, "1\n2\n3\n");
		assertThat(TestFiles.read(TestFiles.source(file, Integer.class, 10), content.positions().get(2)).elements())
			.containsExactly(3);
	}

	@Test
	void readsWithADecoderOfTheUser() {
		List<String> decoded = new ArrayList<>();
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).chunkSize(5).decoder("test", (bytes) -> {
			String text = new String(bytes, StandardCharsets.UTF_8);
			decoded.add(text);
			if (text.contains("bad")) {
				throw new IllegalArgumentException("bad");
			}
			return text.contains("none") ? null : text.length();
		}).build();
		for (String name : List.of("in.json", "in.jsonl")) {
			String text = name.endsWith("l") ? "{\"a\":1}\n\"bad\"\n\"none\"\n22\n" : "[{\"a\":1},\"bad\",\"none\",22]";
			Path file = TestFiles.write(this.directory.resolve(name), text);
			Content content = TestFiles.read(
					broker
						.source(new StreamDefinition<Integer>("test", Integer.class, Map.of("file", file.toString()))),
					null);
			assertThat(content.valid()).containsExactly(7, 2);
			assertThat(content.invalid()).hasSize(2);
			assertThat(content.origins()).hasSize(4);
		}
		assertThat(decoded).contains("{\"a\":1}", "\"bad\"", "\"none\"", "22");
	}

	@Test
	void readsDeepNesting() {
		String deep = "[".repeat(400) + "]".repeat(400);
		Path file = TestFiles.write(this.directory.resolve("in.json"), "[" + deep + "," + deep + "]");
		assertThat(TestFiles.read(TestFiles.source(file, JsonNode.class, 100), null).valid()).hasSize(2);
	}

	private static JsonNode number(int value) {
		return JsonNodeFactory.instance.numberNode(value);
	}

}
