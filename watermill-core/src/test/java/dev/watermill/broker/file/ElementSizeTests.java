package dev.watermill.broker.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.JavaProcess;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.file.TestFiles.Attempt;
import dev.watermill.broker.file.TestFiles.Content;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for elements that are longer than allowed, and for long stretches without any.
 */
class ElementSizeTests {

	private static final int LIMIT = 1000;

	@TempDir
	private Path directory;

	private static StreamSource<JsonNode> source(Path file, int chunkSize) {
		return source(file, chunkSize, LIMIT);
	}

	private static StreamSource<JsonNode> source(Path file, int chunkSize, int limit) {
		return JsonFileBroker.builder(TestFiles.JSON)
			.chunkSize(chunkSize)
			.maxElementSize(limit)
			.build()
			.source(TestFiles.definition(file, JsonNode.class));
	}

	private static String text(int length) {
		return '"' + "x".repeat(length - 2) + '"';
	}

	@ParameterizedTest
	@CsvSource({ "1000,V", "1001,I", "1002,I", "5000,I", "100000,I" })
	void judgesAnElementBySizeWhereverReadingBegan(int length, String expected) {
		for (String name : List.of("in.jsonl", "in.json")) {
			for (int place = 0; place < 3; place++) {
				List<String> elements = new ArrayList<>(List.of("1", "2", "3"));
				elements.add(place, text(length));
				assertJudgesBySize(name, "\n", elements, expected);
				assertJudgesBySize(name, "\r\n", elements, expected);
			}
		}
	}

	private void assertJudgesBySize(String name, String space, List<String> elements, String expected) {
		String content = name.endsWith("l") ? String.join(space, elements) + space
				: "[" + String.join("," + space, elements) + space + "]";
		Path file = TestFiles.write(this.directory.resolve(name), content);
		Attempt whole = TestFiles.tryToRead(source(file, 64 * 1024), null);
		assertThat(whole.content().elements()).hasSize(4);
		assertThat(whole.content().invalid()).hasSize("I".equals(expected) ? 1 : 0);
		int[] chunkSizes = (content.length() > 10_000) ? new int[] { 999, 4096 }
				: new int[] { 1, 7, 999, 1000, 1001, 4096, 128 * 1024 };
		for (int chunkSize : chunkSizes) {
			String what = name + ", chunks of " + chunkSize;
			for (int i = 0; i < 4; i++) {
				Position from = whole.content().positions().get(i);
				assertAlike(what, TestFiles.tryToRead(source(file, chunkSize), from), whole, i);
			}
			assertAlike(what, TestFiles.tryToRead(source(file, chunkSize), null), whole, 0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { ".json", ".jsonl" })
	void findsTheSameAtEveryChunkSizeAndFromEveryPosition(String suffix) {
		for (long seed = 0; seed < 200; seed++) {
			RandomJson json = new RandomJson(seed);
			int limit = 1 + json.random().nextInt(60);
			List<JsonNode> elements = json.elements(8);
			String text = suffix.equals(".json") ? json.array(elements) : json.lines(elements);
			text = (seed % 3 == 0) ? text : json.damaged(text);
			Path file = TestFiles.write(this.directory.resolve("in" + suffix), text);
			Attempt whole = TestFiles.tryToRead(source(file, 100_000, limit), null);
			for (int chunkSize : new int[] { 1, 7, 33 }) {
				String what = "seed " + seed + ", limit " + limit + ", chunks of " + chunkSize + ": " + text;
				Attempt chunks = TestFiles.tryToRead(source(file, chunkSize, limit), null);
				assertAlike(what, chunks, whole, 0);
				for (int i = 0; i < whole.content().elements().size(); i++) {
					Position from = whole.content().positions().get(i);
					Attempt rest = TestFiles.tryToRead(source(file, chunkSize, limit), from);
					assertAlike("from " + i + ", " + what, rest, whole, i);
				}
			}
		}
	}

	private static void assertAlike(String what, Attempt attempt, Attempt whole, int from) {
		Content content = whole.content();
		int size = content.elements().size();
		assertThat(attempt.content().comparable()).as(what).isEqualTo(content.comparable().subList(from, size));
		assertThat(attempt.content().invalid()).as(what)
			.extracting(InvalidElement::problem)
			.containsExactlyElementsOf(content.elements()
				.subList(from, size)
				.stream()
				.filter(InvalidElement.class::isInstance)
				.map((element) -> ((InvalidElement) element).problem())
				.toList());
		assertThat(attempt.content().origins()).as(what).isEqualTo(content.origins().subList(from, size));
		assertThat(attempt.content().positions()).as(what).isEqualTo(content.positions().subList(from, size + 1));
		assertThat(attempt.failure() != null).as(what).isEqualTo(whole.failure() != null);
	}

	@Test
	void namesTheLimitAndTheSize() {
		for (String name : List.of("in.jsonl", "in.json")) {
			String content = name.endsWith("l") ? "1\n" + text(5000) + "\n2\n" : "[1,\n" + text(5000) + ",\n2]";
			Content read = TestFiles.read(source(TestFiles.write(this.directory.resolve(name), content), 100), null);
			assertThat(read.invalid()).singleElement()
				.extracting(InvalidElement::problem)
				.asString()
				.contains("5000 bytes", "1000", "watermill.files.max-element-size");
			assertThat(read.origins().get(1)).contains(name).contains("2");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u0000", "{", "[", "}", "\"", "\\", "x", "{\"a\":", "\"a\"," })
	void passesOverWhatIsNoJsonAndHasNoEnd(String what) {
		String stretch = what.repeat(9000 / what.length());
		Path file = TestFiles.write(this.directory.resolve("in.jsonl"), "1\n" + stretch + "\n2\n3\n");
		for (int chunkSize : new int[] { 10, 1000, 100_000 }) {
			Content content = TestFiles.read(source(file, chunkSize), null);
			assertThat(content.valid()).extracting(Object::toString).contains("1", "2", "3");
			assertThat(content.comparable()).isEqualTo(TestFiles.read(source(file, 3000), null).comparable());
			if (!"\"".equals(what)) {
				assertThat(content.elements()).hasSize(4);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { " ", "\n", "\r\n", "\t" })
	void keepsNothingOfALongStretchOfWhiteSpace(String space) {
		String blank = space.repeat(20_000);
		Path lines = TestFiles.write(this.directory.resolve("in.jsonl"), blank + "1\n" + blank + "\n2\n" + blank);
		Path array = TestFiles.write(this.directory.resolve("in.json"),
				blank + "[" + blank + "1" + blank + "," + blank + "2" + blank + "]" + blank);
		for (Path file : List.of(lines, array)) {
			Content whole = TestFiles.read(source(file, 1_000_000), null);
			assertThat(whole.elements()).extracting(Object::toString).containsExactly("1", "2");
			for (int chunkSize : new int[] { 500, 4096 }) {
				Content content = TestFiles.read(source(file, chunkSize), null);
				assertThat(content.elements()).isEqualTo(whole.elements());
				assertThat(content.positions()).isEqualTo(whole.positions());
				assertThat(content.origins()).isEqualTo(whole.origins());
				for (int i = 0; i < 3; i++) {
					assertThat(TestFiles.read(source(file, chunkSize), whole.positions().get(i)).elements())
						.isEqualTo(whole.elements().subList(i, 2));
				}
			}
		}
	}

	@Test
	void readsInASmallHeap() throws Exception {
		Path line = this.directory.resolve("line.jsonl");
		Path array = this.directory.resolve("array.json");
		Path nested = this.directory.resolve("nested.json");
		Path nul = this.directory.resolve("nul.jsonl");
		Path blank = this.directory.resolve("blank.jsonl.gz");
		write(line, "1\n\"", "x", "\"\n2\n");
		write(array, "[1,\n\"", "x", "\",\n2]");
		write(nested, "[1,\n[", "[", "1,\n2]");
		write(nul, "1\n", "\0", "\n2\n");
		Path names = Files.writeString(this.directory.resolve("names.jsonl"), manyNames());
		byte[] member = TestFiles.gzip("\n".repeat(10_000_000));
		try (OutputStream out = Files.newOutputStream(blank)) {
			out.write(TestFiles.gzip("1\n"));
			for (int i = 0; i < 10; i++) {
				out.write(member);
			}
			out.write(TestFiles.gzip("2\n"));
		}
		Process process = JavaProcess.start(List.of("-Xmx64m", "-XX:+UseSerialGC"), ReadingProcess.class, line, array,
				nested, nul, blank, names);
		String output = JavaProcess.outputOf(process);
		assertThat(output.lines()).containsExactly("line.jsonl: valid 2, invalid 1, restarts alike",
				"array.json: valid 2, invalid 1, restarts alike", "nested.json: valid 1, invalid 0, ends in the middle",
				"nul.jsonl: valid 2, invalid 1, restarts alike", "blank.jsonl.gz: valid 2, invalid 0, restarts alike",
				"names.jsonl: valid 1, invalid 2000, restarts alike");
	}

	/**
	 * Names of which a parser that remembers them would fill the heap.
	 */
	private static String manyNames() {
		StringBuilder lines = new StringBuilder("1\n");
		String name = "x".repeat(30_000);
		for (int i = 0; i < 2000; i++) {
			lines.append("{\"").append(i).append(name).append("\":1}\n");
		}
		return lines.toString();
	}

	private static void write(Path file, String before, String character, String after) throws IOException {
		byte[] million = character.repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
		try (OutputStream out = Files.newOutputStream(file)) {
			out.write(before.getBytes(StandardCharsets.UTF_8));
			for (int i = 0; i < 40; i++) {
				out.write(million);
			}
			out.write(after.getBytes(StandardCharsets.UTF_8));
		}
	}

}
