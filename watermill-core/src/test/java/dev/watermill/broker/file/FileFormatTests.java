package dev.watermill.broker.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.file.TestFiles.Attempt;
import dev.watermill.broker.file.TestFiles.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for files of which their name does not tell what is in them.
 */
class FileFormatTests {

	@TempDir
	private Path directory;

	private static StreamSource<JsonNode> source(Path file, String format, String at, int chunkSize, int limit) {
		return JsonFileBroker.builder(TestFiles.JSON)
			.chunkSize(chunkSize)
			.maxElementSize(limit)
			.build()
			.source(new StreamDefinition<>("test", JsonNode.class,
					Map.of("file", file.toString(), "format", format, "at", at)));
	}

	/**
	 * Read at several chunk sizes and from every position, which has to find the same.
	 */
	private static Attempt read(Path file, String format, String at, int limit) {
		Attempt whole = TestFiles.tryToRead(source(file, format, at, 100_000, limit), null);
		Content content = whole.content();
		int size = content.elements().size();
		for (int chunkSize : new int[] { 1, 2, 7, 33 }) {
			StreamSource<JsonNode> source = source(file, format, at, chunkSize, limit);
			for (int i = -1; i < size; i++) {
				int from = Math.max(0, i);
				String what = "from " + i + ", chunks of " + chunkSize;
				Attempt rest = TestFiles.tryToRead(source, (i < 0) ? null : content.positions().get(i));
				assertThat(rest.content().comparable()).as(what).isEqualTo(content.comparable().subList(from, size));
				assertThat(rest.content().origins()).as(what).isEqualTo(content.origins().subList(from, size));
				assertThat(rest.content().positions()).as(what).isEqualTo(content.positions().subList(from, size + 1));
				assertThat(rest.failure() != null).as(what).isEqualTo(whole.failure() != null);
			}
		}
		return whole;
	}

	private static String described(Attempt attempt) {
		StringBuilder found = new StringBuilder();
		for (Object element : attempt.content().comparable()) {
			found.append((element instanceof String invalid) ? "I" + invalid.substring(8) : "V").append(' ');
		}
		return found.append((attempt.failure() != null) ? "F" : "").toString().replace('\n', '~').trim();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			none between                 | {"a":1}{"a":2}{"a":3}                 | V V V
			blanks between               | {"a":1} {"a":2}~~{"a":3}~             | V V V
			pretty-printed               | {~  "a": 1~}~{~  "a": [~ 2 ]~}        | V V
			record separators            | ^{"a":1}~^{"a":2}~^3~^"x"~            | V V V V
			other values                 | 1 2 "x"[3]~4 true                     | V V V V V V
			nothing                      | ~                                     |
			one that is no JSON          | {"a":1}{"a":x}{"a":3}                 | V I{"a":x} V
			one without its end          | {"a":1}{"a":{"b":2}{"a":3}            | V I{"a":{"b":2} V
			one cut off, pretty          | {~ "a": [~{~ "a": 2~}~{~ "a": 3~}     | I{~ "a": [ V V
			one cut off before a separator | ^{"a":[1~^{"a":2}                   | I{"a":[1 V
			the last one cut off         | {"a":1}{"a":                          | V I{"a":
			a comma between              | {"a":1},{"a":2}                       | I{"a":1}, V
			a bracket too many           | {"a":1}}{"a":2}                       | I{"a":1}} V
			null                         | {"a":1}null{"a":2}                    | V Inull V
			""")
	void readsOneValueBehindTheOther(String what, String text, String expected) {
		Path file = TestFiles.write(this.directory.resolve("in.log"), text.replace('~', '\n').replace('^', '\u001e'));
		assertThat(described(read(file, "concatenated", "", 1000))).as(what)
			.isEqualTo((expected != null) ? expected : "");
	}

	@Test
	void readsWhatIsConcatenatedAtEveryChunkSize() {
		for (long seed = 0; seed < 60; seed++) {
			RandomJson json = new RandomJson(seed);
			List<JsonNode> elements = json.elements(8);
			StringBuilder text = new StringBuilder();
			for (JsonNode element : elements) {
				text.append(json.random().nextBoolean() ? element.toPrettyString() : element.toString());
				boolean ends = text.charAt(text.length() - 1) == '}' || text.charAt(text.length() - 1) == ']';
				text.append((ends && json.random().nextBoolean()) ? "" : json.random().nextBoolean() ? " " : "\n");
			}
			boolean damaged = seed % 2 == 0;
			Path file = TestFiles.write(this.directory.resolve("in.txt"),
					damaged ? json.damaged(text.toString()) : text.toString());
			Attempt attempt = read(file, "concatenated", "", damaged ? 1 + json.random().nextInt(60) : 1000);
			if (!damaged) {
				assertThat(attempt.content().elements()).as("seed %d: %s", seed, text).isEqualTo(elements);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Records", "/Records" })
	void readsAnArrayWithinAnObject(String at) {
		for (String text : List.of("{\"Records\":[{\"a\":1},{\"a\":2}]}",
				" {\n\"v\": {\"Records\":[9], \"x\":\"}\\\"]\"}, \"n\":[1,[2]],\n\"Records\" : [\n{\"a\":1},\n{\"a\":2}\n], \"z\":\"]}\\\"\"\n}\n")) {
			Attempt attempt = read(TestFiles.write(this.directory.resolve("in.json"), text), "", at, 1000);
			assertThat(described(attempt)).isEqualTo("V V");
			assertThat(attempt.content().elements()).extracting(Object::toString)
				.containsExactly("{\"a\":1}", "{\"a\":2}");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			a   | {"a":[1,2],"a":[3]}                            | V V F
			a   | {"a":[1],"b":{"a":[2]}, "a" : 3}               | V F
			a   | {"a":[1],"b":"\\"a\\":","c":{"a":[2]},"d":["a"]} | V
			a.b | {"a":{"b":[1],"x":0,"b":[2]}}                  | V F
			a.b | {"a":{"b":[1]},"a":{"b":[2]}}                  | V F
			a.b | {"a":{"b":[1],"a":[2]},"b":[3],"c":{"a":{"b":[4]}}} | V
			a.b | {"b":[9],"a":{"a":[8],"\\u0062":[1]}}          | V
			""")
	void refusesASecondArrayThatWouldBeLeftOut(String at, String text, String expected) {
		Attempt attempt = read(TestFiles.write(this.directory.resolve("in.json"), text), "", at, 1000);
		assertThat(described(attempt)).isEqualTo(expected);
		if (attempt.failure() != null) {
			assertThat(attempt.failure()).hasMessageContaining("behind it once more");
		}
	}

	@Test
	void readsAnArrayWithinObjectsOfAFileWithAnyName() {
		Path file = TestFiles.write(this.directory.resolve("in.geojson"),
				"{\"a\":{\"b.c\":0,\"data\":{\"features\":[1,2]},\"d\":1},\"e\":{}}");
		assertThat(described(read(file, "", "a.data.features", 1000))).isEqualTo("V V");
		assertThat(described(read(file, "array", "/a/data/features", 1000))).isEqualTo("V V");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			none between               | {"a":[1,2]}{"a":[3]}                        | V V V
			lines                      | {"a":[1]}~{"a":[2]}~                        | V V
			pretty-printed             | {~ "v": 1,~ "a": [~1~]~}~{~ "a": [~2~]~}~   | V V
			record separators          | ^{"a":[1]}~^{"a":[2]}~                      | V V
			one alone                  | {"a":[1]}                                   | V
			empty arrays               | {"a":[]}{"a":[1]}{"a":[]}{"x":[],"a":[2]}{"a":[]} | V V
			no element at all          | {"a":[]} {"a":[]}                           |
			nothing                    | ~                                           |
			an element that is no JSON | {"a":[1,x]}{"a":[2]}                        | V Ix V
			one without the array      | {"a":[1]}{"b":[2]}{"a":[3]}                 | V F
			the last one cut off       | {"a":[1]}{"a":[2                            | V F
			its envelope cut off       | {"a":[1]}{"a":[2]                           | V V F
			a second array             | {"a":[1],"a":[2]}{"a":[3]}                  | V F
			something else behind      | {"a":[1]},{"a":[2]}                         | V F
			""")
	void readsArraysWithinOneObjectBehindTheOther(String what, String text, String expected) {
		Path file = TestFiles.write(this.directory.resolve("in.log"), text.replace('~', '\n').replace('^', '\u001e'));
		assertThat(described(read(file, "concatenated", "a", 1000))).as(what)
			.isEqualTo((expected != null) ? expected : "");
	}

	@Test
	void readsArraysWithinObjectsAtEveryChunkSize() {
		for (long seed = 0; seed < 30; seed++) {
			RandomJson json = new RandomJson(seed);
			List<JsonNode> elements = json.elements(8);
			StringBuilder text = new StringBuilder();
			for (int i = 0; i < elements.size();) {
				int end = Math.min(elements.size(), i + json.random().nextInt(4));
				text.append("{\"v\":{\"r\":[[0]]},\"r\":").append(elements.subList(i, end)).append(",\"z\":\"]}\"}");
				text.append(json.random().nextBoolean() ? "" : "\n");
				i = end;
			}
			byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
			Path file = TestFiles.write(this.directory.resolve("in.json.gz"), TestFiles.gzip(bytes));
			assertThat(read(file, "concatenated", "/r", 1000).content().elements()).as("seed %d: %s", seed, text)
				.isEqualTo(elements);
		}
	}

	@Test
	void saysHowToReadSeveralObjectsWithAnArray() {
		Path file = TestFiles.write(this.directory.resolve("in.json"), "{\"a\":[1]}\n{\"a\":[2]}\n");
		assertThat(read(file, "", "a", 1000).failure()).hasMessageContaining("format: concatenated");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> source(Path.of("in.jsonl"), "", "a", 9, 9))
			.withMessageContaining("concatenated");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"a":[1]}                 | it is not there
			{"Records":{}}            | an array
			{"Records":null}          | an array
			[1]                       | an object
			{}                        | not there
			{"Records":[1             | in the middle
			{"Records":[1]            | in the middle
			{"Reco                    | in the middle
			{"Records":[1]} 2         | behind the array
			""")
	void failsForAnObjectThatIsNotLikeThat(String text, String problem) {
		Path file = TestFiles.write(this.directory.resolve("in.json"), text);
		Attempt attempt = read(file, "", "Records", 1000);
		assertThat(attempt.content().invalid()).isEmpty();
		assertThat(attempt.failure()).hasMessageContaining(problem).hasMessageContaining(file.toString());
	}

	@Test
	void readsLinesWhateverTheName() {
		for (String name : List.of("in.log", "in.json", "in.json.gz", "in")) {
			byte[] text = "1\n2\n".getBytes(StandardCharsets.UTF_8);
			Path file = TestFiles.write(this.directory.resolve(name),
					name.endsWith(".gz") ? TestFiles.gzip(text) : text);
			assertThat(described(read(file, "lines", "", 1000))).isEqualTo("V V");
		}
		Path file = TestFiles.write(this.directory.resolve("in.jsonl"), "[1,2]");
		assertThat(described(read(file, "ARRAY", "", 1000))).isEqualTo("V V");
	}

	@Test
	void readsAFileThatIsNamedByAnUrl() {
		Path file = TestFiles.write(this.directory.resolve("a b.jsonl"), "1\n");
		for (String url : List.of(file.toUri().toString(), "file:" + file, "file://" + file)) {
			StreamSource<JsonNode> source = JsonFileBroker.builder(TestFiles.JSON)
				.build()
				.source(new StreamDefinition<>("test", JsonNode.class, Map.of("file", url)));
			assertThat(TestFiles.read(source, null).elements()).hasSize(1);
		}
	}

	@Test
	void refusesWhatDoesNotGoTogether() {
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> source(Path.of("in.json"), "csv", "", 9, 9))
			.withMessageContaining("'csv'")
			.withMessageContaining("concatenated");
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> source(Path.of("in.jsonl"), "", "Records", 9, 9))
			.withMessageContaining("lines")
			.withMessageContaining("'Records'");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> source(Path.of("in.log"), "", "", 9, 9))
			.withMessageContaining("format");
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).build();
		for (String property : List.of("format", "at")) {
			assertThatExceptionOfType(BrokerException.class)
				.isThrownBy(() -> broker.sink(
						new StreamDefinition<>("test", Integer.class, Map.of("file", "out.jsonl", property, "lines"))))
				.withMessageContaining("'" + property + "'");
		}
	}

}
