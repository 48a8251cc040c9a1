package dev.watermill.broker.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.file.TestFiles.Attempt;
import dev.watermill.broker.file.TestFiles.Content;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for reading files that are not well.
 */
class JsonFileBadInputTests {

	@TempDir
	private Path directory;

	private Path file(String name, String content) {
		return TestFiles.write(this.directory.resolve(name), content);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			not JSON in its line             | [{"a":1},~{"a":x},~{"a":3}]                | V I{"a":x} V
			text without its end             | [{"a":1},~{"b":"x},~{"a":3}]               | V I{"b":"x} V
			cut short behind a comma         | [{"a":1},~{"a":1,~{"a":3},~{"a":4}]        | V I{"a":1 V V
			cut short behind a colon         | [{"a":1},~{"a":~{"a":3},~{"a":4}]          | V I{"a": V V
			cut short in a nested array      | [{"a":1},~{"a":[1,~{"a":3},~{"a":4}~]      | V I{"a":[1 V V
			cut short and indented           | [~  {"a":1},~  {"a":~  {"a":3},~  {"a":4}] | V I{"a": V V
			cut short in one line            | [{"a":1},{"a":2,{"a":3},{"a":4}]           | V I{"a":2 V V
			comma missing between lines      | [~{"a":1}~{"a":2},~{"a":3}]                | I{"a":1} V V
			comma missing in a line          | [{"a":1} {"a":2},{"a":3}]                  | I{"a":1} V V
			two commas                       | [{"a":1},,{"a":2}]                         | V I V
			comma at the end                 | [{"a":1},]                                 | V I
			comma at the start               | [,{"a":1}]                                 | I V
			bracket too many                 | [{"a":1}},{"a":2}]                         | I{"a":1}} V
			wrong bracket                    | [{"a":1],{"a":2}~]                         | I{"a":1] V
			wrong bracket, closed            | [{"a":[1},{"a":2}]                         | I{"a":[1} V
			null                             | [{"a":1},null,{"a":2}]                     | V Inull V
			number with something behind     | [12x,13]                                   | I12x V
			unknown word                     | [{"a":1},tru,{"a":2}]                      | V Itru V
			broken but pretty                | [~  {~    "a": x~  },~  {~    "a": 2~  }]  | I{~    "a": x~  } V
			""")
	void costsOnlyTheBrokenElement(String what, String text, String expected) {
		Path file = file("in.json", text.replace('~', '\n'));
		for (int chunkSize : new int[] { 1, 2, 7, 1000 }) {
			Content content = TestFiles.read(TestFiles.source(file, JsonNode.class, chunkSize), null);
			StringBuilder found = new StringBuilder();
			for (Object element : content.comparable()) {
				found.append((element instanceof String invalid) ? "I" + invalid.substring(8) : "V").append(' ');
			}
			assertThat(found.toString().replace('\n', '~').trim()).as("%s, chunks of %d bytes", what, chunkSize)
				.isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { ".json", ".jsonl" })
	void findsTheSameAtEveryChunkSizeAndFromEveryPosition(String suffix) {
		for (long seed = 0; seed < 200; seed++) {
			RandomJson json = new RandomJson(seed);
			List<JsonNode> elements = json.elements(8);
			String text = json.damaged(suffix.equals(".json") ? json.array(elements) : json.lines(elements));
			Path file = file("in" + suffix, text);
			Attempt attempt = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, 100_000), null);
			Content whole = attempt.content();
			for (int chunkSize : new int[] { 1, 7, 64 }) {
				Attempt chunks = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, chunkSize), null);
				assertThat(message(chunks)).isEqualTo(message(attempt));
				Content content = chunks.content();
				assertThat(content.comparable()).as("seed %d, chunks of %d bytes: %s", seed, chunkSize, text)
					.isEqualTo(whole.comparable());
				assertThat(content.positions()).isEqualTo(whole.positions());
			}
			for (int i = 0; i < whole.positions().size(); i++) {
				Attempt from = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, 33),
						whole.positions().get(i));
				assertThat(message(from)).isEqualTo(message(attempt));
				Content rest = from.content();
				assertThat(rest.comparable()).as("seed %d, from %s: %s", seed, whole.positions().get(i), text)
					.isEqualTo(whole.comparable().subList(i, whole.elements().size()));
			}
		}
	}

	private static @Nullable String message(Attempt attempt) {
		return (attempt.failure() != null) ? attempt.failure().getMessage() : null;
	}

	@Test
	void takesWhatIsNoValueInALineForOneElement() {
		Path file = file("in.jsonl", "1\n2 3\n{\"a\":\n4}\n\n5]\n6\nnull\n7 x");
		for (int chunkSize : new int[] { 1, 7, 1000 }) {
			Content content = TestFiles.read(TestFiles.source(file, JsonNode.class, chunkSize), null);
			assertThat(content.comparable()).extracting(Object::toString)
				.containsExactly("1", "2", "3", "INVALID {\"a\":", "INVALID 4}", "INVALID 5]", "6", "INVALID null",
						"INVALID 7 x");
			assertThat(content.origins()).element(5).isEqualTo(file + ":6");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			whole values                | {"a":1}{"a":2} {"a":3}~{"a":4}       | V V V V
			texts and numbers           | "a""b" 1 2[3]~4                      | V V V V V V
			the last one cut off        | {"a":1}{"a":2}{"a":~{"a":4}          | V V I{"a": V
			a comma behind each         | {"a":1},~{"a":2},~{"a":3}            | I{"a":1}, I{"a":2}, V
			commas between              | {"a":1},{"a":2}, {"a":3}~{"a":4}     | I{"a":1}, I{"a":2}, V V
			a bracket too many          | {"a":1}}{"a":2}~{"a":3}              | I{"a":1}} V V
			one that is no element      | {"a":1}null{"a":2}~{"a":3}           | V Inull V V
			no value at its start       | x{"a":1}{"a":2}~{"a":3}              | Ix{"a":1}{"a":2} V
			""")
	void takesEachValueOfALineForAnElement(String what, String text, String expected) {
		Path file = file("in.jsonl", text.replace('~', '\n'));
		for (int chunkSize : new int[] { 1, 2, 7, 1000 }) {
			Content content = TestFiles.read(TestFiles.source(file, JsonNode.class, chunkSize), null);
			StringBuilder found = new StringBuilder();
			for (Object element : content.comparable()) {
				found.append((element instanceof String invalid) ? "I" + invalid.substring(8) : "V").append(' ');
			}
			assertThat(found.toString().trim()).as("%s, chunks of %d bytes", what, chunkSize).isEqualTo(expected);
		}
	}

	@Test
	void leavesTheWholeLineToADecoderOfTheUser() {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON)
			.chunkSize(5)
			.decoder("test", (bytes) -> new String(bytes, StandardCharsets.UTF_8))
			.build();
		Path file = file("in.jsonl", "{}{} 1\n1,2\n");
		assertThat(TestFiles.read(broker.source(TestFiles.definition(file, String.class)), null).elements())
			.isEqualTo(List.of("{}{} 1", "1,2"));
	}

	@Test
	void saysWhatIsWrongWithTheType() {
		record Location(long time, double x) {
		}
		Path file = file("in.jsonl", "{\"time\":\"1\",\"x\":1}\n{\"time\":1.5,\"x\":1}\n{\"time\":null,\"x\":1}\n"
				+ "{\"x\":1}\n{\"time\":1,\"x\":2}\n[]\n{\"time\":1,\"x\":\"2\"}\n");
		Content content = TestFiles.read(file, Location.class);
		assertThat(content.valid()).containsExactly(new Location(1, 2));
		assertThat(content.invalid()).hasSize(6)
			.allSatisfy((invalid) -> assertThat(invalid.problem()).doesNotContain("Source", "Feature", "Coercion"));
		assertThat(content.invalid().get(0).problem()).contains("\"1\"", "`long`", "time");
		assertThat(content.invalid().get(0).bytes())
			.isEqualTo("{\"time\":\"1\",\"x\":1}".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void passesOverZerosAndWhatElseIsNoJson() {
		record Location(long time) {
		}
		Path file = file("in.jsonl", "{\"time\":1}\n" + "\u0000".repeat(40) + "{\"time\":2}\n\u0000{\"time\":3}\n"
				+ "\u0000".repeat(100_000) + "\n\"{\\\"time\\\":4}\"\n{\"time\":5}\n");
		Content content = TestFiles.read(file, Location.class);
		assertThat(content.valid()).containsExactly(new Location(1), new Location(5));
		assertThat(content.invalid()).extracting(InvalidElement::problem)
			.allSatisfy((problem) -> assertThat(problem).containsAnyOf("zero bytes (NUL)", "encoded twice"))
			.hasSize(4);
	}

	@Test
	void namesTheFormatOfAFileThatIsNoJson() throws IOException {
		ByteArrayOutputStream gzip = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
			out.write("{\"time\":1}\n".getBytes(StandardCharsets.UTF_8));
		}
		for (String name : List.of("in.jsonl", "in.json")) {
			Path file = Files.write(this.directory.resolve(name), gzip.toByteArray());
			assertReadingFails(file, "gzip format. Expected JSON in UTF-8. Name it " + name + ".gz.");
			Files.write(file, new byte[] { 0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0, 0, 0 });
			assertReadingFails(file, "zstd format");
			Files.write(file, "[{\"time\":1}]".getBytes(StandardCharsets.UTF_16LE));
			assertReadingFails(file, "UTF-16");
		}
	}

	private void assertReadingFails(Path file, String problem) {
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> TestFiles.read(TestFiles.source(file, JsonNode.class, 100), null))
			.withMessageContaining(problem)
			.withMessageContaining(file.toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1,2", "[1,2\n", "[1,\n2,", "[1,2,[3", "[1,2,3", "[1,{\"a\"", "[", "[1,\"x", "" })
	void failsForAnArrayWithoutItsEnd(String text) {
		Path file = file("in.json", text);
		for (int chunkSize : new int[] { 1, 1000 }) {
			Attempt attempt = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, chunkSize), null);
			assertThat(attempt.content().invalid()).isEmpty();
			assertThat(attempt.content().valid()).hasSizeLessThan(3);
			assertThat(attempt.failure()).hasMessageContaining(file.toString())
				.hasMessageContaining("expected")
				.hasMessageContaining("start the mill again");
			assertFailsBehind(attempt, file, chunkSize);
		}
	}

	private void assertFailsBehind(Attempt attempt, Path file, int chunkSize) {
		Position behind = attempt.content().positions().get(attempt.content().elements().size());
		Attempt again = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, chunkSize), behind);
		assertThat(again.content().elements()).isEmpty();
		assertThat(message(again)).isEqualTo(message(attempt));
	}

	@Test
	void goesOnInATruncatedArrayOnceItIsRepaired() {
		Path file = file("in.json", "[1,\n2,\n3");
		Attempt attempt = TestFiles.tryToRead(TestFiles.source(file, Integer.class, 100), null);
		assertThat(attempt.content().elements()).containsExactly(1, 2);
		file("in.json", "[1,\n2,\n33,\n4]");
		Position behind = attempt.content().positions().get(2);
		assertThat(TestFiles.read(TestFiles.source(file, Integer.class, 100), behind).elements()).containsExactly(33,
				4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1,2] 3", "[1,2]]", "[1,2][3]", "[1,2]\u0000\u0000" })
	void failsForWhatStandsBehindTheArray(String text) {
		for (int chunkSize : new int[] { 1, 1000 }) {
			Path file = file("in.json", text);
			Attempt attempt = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, chunkSize), null);
			assertThat(attempt.content().valid()).hasSize(2);
			assertThat(attempt.content().invalid()).isEmpty();
			assertThat(attempt.failure()).hasMessageContaining("closing ']'");
			assertFailsBehind(attempt, file, chunkSize);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\":1}", "1", "x", "{\"a\":1}\n{\"a\":2}" })
	void failsForWhatIsNoArray(String text) {
		Attempt attempt = TestFiles.tryToRead(TestFiles.source(file("in.json", text), JsonNode.class, 100), null);
		assertThat(attempt.content().elements()).isEmpty();
		assertThat(attempt.failure()).hasMessageContaining("'['").hasMessageContaining(".jsonl");
	}

	@Test
	void failsForACompressedFileThatIsCutOff() {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < 2000; i++) {
			text.append("{\"a\":").append(i * 7919L % 1000).append("}\n");
		}
		byte[] lines = TestFiles.gzip(text.toString());
		byte[] array = TestFiles.gzip("[" + text.toString().trim().replace("\n", ",\n") + "]");
		for (int cut : new int[] { 1, 4, 8, 9, 100, lines.length / 2 }) {
			for (String name : List.of("in.jsonl.gz", "in.json.gz")) {
				byte[] all = name.contains("jsonl") ? lines : array;
				assertFailsForDamage(name, Arrays.copyOf(all, all.length - cut), "in the middle");
			}
		}
	}

	@Test
	void failsForACompressedFileThatIsDamagedOrFollowedBySomethingElse() {
		for (String name : List.of("in.jsonl.gz", "in.json.gz")) {
			byte[] well = TestFiles.gzip(name.contains("jsonl") ? "1\n2\n3\n" : "[1,2,3]");
			byte[] checksum = well.clone();
			checksum[checksum.length - 6] ^= 1;
			assertFailsForDamage(name, checksum, "checksum");
			byte[] garbage = Arrays.copyOf(well, well.length + 3);
			garbage[well.length] = 'x';
			assertFailsForDamage(name, garbage, "something else stands behind");
			byte[] members = Arrays.copyOf(well, well.length * 2 - 4);
			System.arraycopy(well, 0, members, well.length, well.length - 4);
			if (name.contains("jsonl")) {
				assertFailsForDamage(name, members, "in the middle");
			}
			assertFailsForDamage(name, new byte[0], "in the middle");
			assertFailsForDamage(name, Arrays.copyOf(well, 5), "in the middle");
		}
	}

	private void assertFailsForDamage(String name, byte[] content, String problem) {
		Path file = TestFiles.write(this.directory.resolve(name), content);
		Attempt whole = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, 100_000), null);
		for (int chunkSize : new int[] { 1, 500 }) {
			Attempt attempt = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, chunkSize), null);
			assertThat(attempt.content().invalid()).isEmpty();
			assertThat(attempt.failure()).hasMessageContaining(problem);
			assertThat(attempt.content().elements()).isEqualTo(whole.content().elements());
			assertThat(message(attempt)).isEqualTo(message(whole));
			assertFailsBehind(attempt, file, chunkSize);
		}
	}

	@Test
	void passesOverZerosBehindACompressedFile() {
		byte[] well = TestFiles.gzip("1\n2\n3\n");
		Path file = TestFiles.write(this.directory.resolve("in.jsonl.gz"), Arrays.copyOf(well, 4096));
		assertThat(TestFiles.read(file, Integer.class).elements()).containsExactly(1, 2, 3);
	}

	@Test
	void refusesAFileThatChangedBeforeThePosition() {
		for (String name : List.of("in.jsonl", "in.jsonl.gz")) {
			Path file = this.directory.resolve(name);
			String text = "1\n2\n3\n4\n";
			Position position = TestFiles.read(content(file, text), Integer.class).positions().get(2);
			assertThat(TestFiles.read(content(file, "1\n2\n5\n"), Integer.class).elements()).hasSize(3);
			assertThat(TestFiles.read(TestFiles.source(file, Integer.class, 9), position).elements())
				.containsExactly(5);
			for (String changed : List.of("1\n9\n3\n4\n", "1\n2", "", "1\n\n3\n4\n")) {
				StreamSource<Integer> source = TestFiles.source(content(file, changed), Integer.class, 9);
				assertThatExceptionOfType(BrokerException.class)
					.isThrownBy(() -> source.open(new LaneId("test", 0), position))
					.withMessageContaining("has changed before the position")
					.withMessageContaining(file.toString())
					.withMessageContaining("offset 4")
					.withMessageContaining("reset");
			}
		}
	}

	private static Path content(Path file, String text) {
		return file.toString().endsWith(".gz") ? TestFiles.write(file, TestFiles.gzip(text))
				: TestFiles.write(file, text);
	}

	@Test
	void refusesWhatIsNoReadableFile() throws IOException {
		Path missing = this.directory.resolve("missing.json");
		Path folder = Files.createDirectory(this.directory.resolve("folder.json"));
		Path plain = file("plain.json.gz", "[1]");
		assertFails(missing, "does not exist");
		assertFails(folder, "is a directory");
		assertFails(plain, "not in gzip format");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> TestFiles.read(
				TestFiles.write(this.directory.resolve("wide.json"), "[1]".getBytes(StandardCharsets.UTF_16)),
				Integer.class))
			.withMessageContaining("UTF-16");
	}

	private void assertFails(Path file, String problem) {
		StreamSource<Integer> source = TestFiles.source(file, Integer.class, 100);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(source::verify)
			.withMessageContaining(problem)
			.withMessageContaining("'test'")
			.withMessageContaining(file.toString());
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> TestFiles.read(source, null))
			.withMessageContaining(problem);
	}

	@Test
	void refusesAFileItMayNotRead() throws IOException {
		Path file = file("in.json", "[1]");
		Files.setPosixFilePermissions(file, Set.of());
		if (Files.isReadable(file)) {
			// root may read everything
			assertThat(TestFiles.read(file, Integer.class).elements()).containsExactly(1);
		}
		else {
			assertFails(file, "permission denied");
		}
	}

	@Test
	void refusesADamagedCompressedFile() {
		byte[] bytes = TestFiles.gzip("1\n2\n3\n");
		bytes[bytes.length - 6] ^= 1;
		Path file = TestFiles.write(this.directory.resolve("in.jsonl.gz"), bytes);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> TestFiles.read(file, Integer.class))
			.withMessageContaining("damaged");
	}

	@Test
	void refusesADefinitionThatCanBeSeenToBeWrong() {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).build();
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> broker.source(StreamDefinition.of("test", Integer.class)))
			.withMessageContaining("has no file");
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> broker.sink(new StreamDefinition<>("test", Integer.class, Map.of("file", "out.csv"))))
			.withMessageContaining("'out.csv'")
			.withMessageContaining(".ndjson");
	}

	@Test
	void findsTheNextLineBehindAnElementThatNeverEnds() {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).chunkSize(100).maxElementSize(1000).build();
		Path file = file("in.json", "[\n{\"a\":[1,\n" + "{\"a\":2},\n".repeat(500) + "{\"a\":3}\n]");
		Content content = TestFiles.read(broker.source(TestFiles.definition(file, JsonNode.class)), null);
		assertThat(content.valid()).hasSize(501);
		assertThat(content.invalid()).hasSize(1);
	}

	@Test
	void failsForATypeThatJacksonCannotMake() {
		Path file = file("in.jsonl", "{}");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> TestFiles.read(file, Runnable.class))
			.withMessageContaining("Runnable");
	}

	@Test
	void takesTooDeepNestingForABrokenElement() {
		String deep = "[".repeat(2000) + "]".repeat(2000);
		Content content = TestFiles.read(file("in.json", "[1," + deep + ",2]"), JsonNode.class);
		assertThat(content.elements()).hasSize(3);
		assertThat(content.invalid()).hasSize(1);
	}

}
