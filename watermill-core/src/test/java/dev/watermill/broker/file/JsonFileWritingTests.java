package dev.watermill.broker.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.broker.checkpoint.internal.CheckpointFile;
import dev.watermill.stream.Position;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.util.RawValue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for writing files.
 */
class JsonFileWritingTests {

	@TempDir
	private Path directory;

	private CommitLog log;

	@BeforeEach
	void openLog() {
		this.log = CheckpointFile.in(this.directory.resolve("state"), false)
			.open(CommitScope.of(new LaneId("test", 0)));
	}

	@AfterEach
	void closeLog() {
		this.log.close();
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private static StreamSink<Object> sink(Path file) {
		return sink(file, Map.of());
	}

	private static StreamSink<Object> sink(Path file, Map<String, String> properties) {
		Map<String, String> all = new HashMap<>(properties);
		all.put("file", file.toString());
		return JsonFileBroker.builder(TestFiles.JSON).build().sink(new StreamDefinition<>("test", Object.class, all));
	}

	private Position write(StreamSink<Object> sink, Position from, Object... results) {
		try (StreamWriter<Object> writer = sink.open(from, this.log)) {
			for (Object result : results) {
				writer.write(result);
			}
			return writer.flush();
		}
	}

	private Position complete(StreamSink<Object> sink, Position from, Object... results) {
		try (StreamWriter<Object> writer = sink.open(from, this.log)) {
			for (Object result : results) {
				writer.write(result);
			}
			writer.endOfStream();
			Position position = writer.flush();
			writer.committed(true);
			return position;
		}
	}

	@Test
	void writesAnArrayWithAnElementALine() throws IOException {
		complete(sink(file("out.json")), null, new Point(1, "a"), 2, "grüße\n");
		assertThat(Files.readString(file("out.json"))).isEqualTo("[\n{\"x\":1,\"name\":\"a\"},\n2,\n\"grüße\\n\"\n]\n");
	}

	@Test
	void writesAnElementALine() throws IOException {
		complete(sink(file("out.jsonl")), null, new Point(1, "a"), 2);
		assertThat(Files.readString(file("out.jsonl"))).isEqualTo("{\"x\":1,\"name\":\"a\"}\n2\n");
	}

	@Test
	void writesEmptyStreams() throws IOException {
		complete(sink(file("out.json")), null);
		complete(sink(file("out.jsonl")), null);
		complete(sink(file("out.jsonl.gz")), null);
		complete(sink(file("out.json.gz")), null);
		assertThat(Files.readString(file("out.json"))).isEqualTo("[]\n");
		assertThat(Files.readString(file("out.jsonl"))).isEmpty();
		assertThat(unzipped(file("out.jsonl.gz"))).isEmpty();
		assertThat(unzipped(file("out.json.gz"))).isEqualTo("[]\n");
	}

	@Test
	void showsAnArrayOnlyWhenItIsWhole() {
		StreamSink<Object> sink = sink(file("deep/er/out.json"));
		assertThat(sink.unfinishedLocation()).hasValue(file("deep/er/out.json.part").toString());
		assertThat(sink(file("out.jsonl")).unfinishedLocation()).isEmpty();
		try (StreamWriter<Object> writer = sink.open(null, this.log)) {
			writer.write(1);
			writer.flush();
			writer.committed(false);
			writer.endOfStream();
			writer.flush();
			assertThat(file("deep/er/out.json")).doesNotExist();
			assertThat(file("deep/er/out.json.part")).exists();
			writer.committed(true);
		}
		assertThat(file("deep/er/out.json")).hasContent("[\n1\n]\n");
		assertThat(file("deep/er/out.json.part")).doesNotExist();
	}

	@Test
	void replacesAFinishedArrayOnlyAtCompletion() {
		TestFiles.write(file("out.json"), "[7]");
		StreamSink<Object> sink = sink(file("out.json"));
		Position position = write(sink, null, 1);
		assertThat(file("out.json")).hasContent("[7]");
		complete(sink(file("out.json")), position, 2);
		assertThat(file("out.json")).hasContent("[\n1,\n2\n]\n");
	}

	@Test
	void finishesARenamingThatACrashPrevented() {
		StreamSink<Object> sink = sink(file("out.json"));
		Position position;
		try (StreamWriter<Object> writer = sink.open(null, this.log)) {
			writer.write(1);
			writer.endOfStream();
			position = writer.flush();
		}
		sink.finish(position);
		assertThat(file("out.json")).hasContent("[\n1\n]\n");
		write(sink, null, 1, 2, 3);
		sink(file("out.json")).finish(position);
		assertThat(file("out.json")).as("a later run's part is left alone").hasContent("[\n1\n]\n");
	}

	@Test
	void refusesLinesThatNoCheckpointNames() {
		TestFiles.write(file("out.jsonl"), "7\n");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink(file("out.jsonl")).open(null, this.log))
			.withMessageContaining("'test'")
			.withMessageContaining(file("out.jsonl").toString())
			.withMessageContaining("'overwrite'");
		assertThat(file("out.jsonl")).hasContent("7\n");
		complete(sink(file("out.jsonl"), Map.of("overwrite", "true")), null, 1);
		assertThat(file("out.jsonl")).hasContent("1\n");
	}

	@Test
	void replacesLinesOfItsOwn() {
		Position position = complete(sink(file("out.jsonl")), null, 1, 2);
		StreamSink<Object> again = sink(file("out.jsonl"));
		again.finish(position);
		again.discard();
		complete(again, null, 3);
		assertThat(file("out.jsonl")).hasContent("3\n");
		complete(again, null, 4);
		assertThat(file("out.jsonl")).hasContent("4\n");
	}

	@Test
	void takesAnEmptyFileForNone() {
		TestFiles.write(file("out.jsonl"), "");
		complete(sink(file("out.jsonl")), null, 1);
		assertThat(file("out.jsonl")).hasContent("1\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.json", "out.jsonl", "out.json.gz", "out.jsonl.gz" })
	void refusesAnOutputShorterThanItsCheckpoint(String name) throws IOException {
		Position position = write(sink(file(name)), null, 1, 2, 3);
		Path written = file(name.contains("jsonl") ? name : name + ".part");
		TestFiles.write(written, Arrays.copyOf(Files.readAllBytes(written), (int) position.number("length") - 1));
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink(file(name)).open(position, this.log))
			.withMessageContaining("shorter")
			.withMessageContaining(written.toString());
		Files.delete(written);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink(file(name)).open(position, this.log))
			.withMessageContaining("no such file");
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.json", "out.jsonl", "out.json.gz", "out.jsonl.gz" })
	void refusesAnOutputOfAnotherContentThanItsCheckpointSays(String name) throws IOException {
		Position position = write(sink(file(name)), null, 1, 2, 3);
		Path written = file(name.contains("jsonl") ? name : name + ".part");
		byte[] bytes = Files.readAllBytes(written);
		write(sink(file(name)), position, 4, 5);
		// what stands behind is no matter, as before
		assertThat(write(sink(file(name)), position)).isEqualTo(position);
		bytes[bytes.length / 2]++;
		Files.write(written, bytes);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink(file(name)).open(position, this.log))
			.withMessageContaining("another content")
			.withMessageContaining(written.toString());
		assertThat(Files.readAllBytes(written)).isEqualTo(bytes);
	}

	@Test
	void knowsItsContentByTheLastOfIt() throws IOException {
		Position position = null;
		for (int i = 0; i < 20; i++) {
			position = write(sink(file("out.jsonl")), position, "x".repeat(i * 700));
		}
		Position last = position;
		assertThat(write(sink(file("out.jsonl")), last)).isEqualTo(last);
		byte[] bytes = Files.readAllBytes(file("out.jsonl"));
		bytes[bytes.length - 4096] = 'y';
		Files.write(file("out.jsonl"), bytes);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink(file("out.jsonl")).open(last, this.log));
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.json.gz", "out.jsonl.gz" })
	void cutsCompressedResultsBackToAnyCheckpoint(String name) throws IOException {
		Path written = file(name.contains("jsonl") ? name : name + ".part");
		Position first = write(sink(file(name)), null, 1, 2);
		String head = unzipped(written);
		Position second = write(sink(file(name)), first, 3);
		assertThat(write(sink(file(name)), second)).isEqualTo(second);
		assertThat(write(sink(file(name)), first)).isEqualTo(first);
		assertThat(unzipped(written)).as("what others read of it meanwhile").isEqualTo(head);
		complete(sink(file(name)), first, 4);
		assertThat(TestFiles.read(file(name), Integer.class).elements()).containsExactly(1, 2, 4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.json.gz", "out.jsonl.gz" })
	void compressesResultsThatTrickle(String name) throws IOException {
		long text = 0;
		try (StreamWriter<Object> writer = sink(file(name)).open(null, this.log)) {
			for (int i = 0; i < 200; i++) {
				Point point = new Point(20 * i, "a");
				text += TestFiles.JSON.writeValueAsBytes(point).length + 1L;
				writer.write(point);
				writer.flush();
				writer.committed(false);
			}
			writer.endOfStream();
			writer.flush();
			writer.committed(true);
		}
		assertThat(TestFiles.read(file(name), Point.class).elements()).hasSize(200);
		assertThat(Files.size(file(name))).isLessThan(text / 2);
	}

	/**
	 * Kill the writer of a compressed file before, between and behind any two of its
	 * steps: what is there is cut to the last checkpoint, whatever follows it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "out.json.gz", "out.jsonl.gz" })
	void goesOnWithACompressedFileWhereverItWasKilled(String name) throws IOException {
		Path written = file(name.contains("jsonl") ? name : name + ".part");
		long seed = System.nanoTime();
		Random random = new Random(seed);
		Position position = null;
		byte[] content = new byte[0];
		List<Object> expected = new ArrayList<>();
		for (int start = 0; start < 60; start++) {
			byte[] killed;
			try (StreamWriter<Object> writer = sink(file(name)).open(position, this.log)) {
				for (int commit = random.nextInt(4); commit > 0; commit--) {
					for (int i = random.nextInt(3); i > 0; i--) {
						String result = "x".repeat(random.nextInt(random.nextBoolean() ? 10 : 100_000));
						expected.add(result);
						writer.write(result);
					}
					position = writer.flush();
					content = Files.readAllBytes(written);
				}
				for (int i = random.nextInt(3); i > 0; i--) {
					writer.write("lost".repeat(random.nextInt(50_000)));
				}
				killed = Files.readAllBytes(written);
			}
			if (random.nextInt(4) > 0) {
				// as if closing had not happened, or had been torn
				int reached = (int) ((position != null) ? position.number("length") : 0);
				int torn = Math.max(0, killed.length - random.nextInt(Math.max(1, killed.length - reached + 1)));
				TestFiles.write(written, Arrays.copyOf(killed, Math.max(torn, reached)));
			}
			assertThat(Files.readAllBytes(written)).as("seed %d, start %d", seed, start)
				.startsWith((position != null) ? Arrays.copyOf(content, (int) position.number("length")) : new byte[0]);
		}
		complete(sink(file(name)), position, "last");
		expected.add("last");
		assertThat(TestFiles.read(file(name), String.class).elements()).as("seed %d", seed).isEqualTo(expected);
		assertThat(unzipped(file(name))).as("seed %d", seed)
			.endsWith("\"last\"\n" + (name.contains("jsonl") ? "" : "]\n"));
	}

	@Test
	void writesTheSameHoweverOftenItIsFlushed() {
		complete(sink(file("a.json")), null, 1, 2, 3);
		Position position = write(sink(file("b.json")), null);
		position = write(sink(file("b.json")), position, 1);
		position = write(sink(file("b.json")), position);
		position = write(sink(file("b.json")), position, 2, 3);
		complete(sink(file("b.json")), position);
		assertThat(file("b.json")).hasSameBinaryContentAs(file("a.json"));
	}

	@Test
	void writesALineALineWhateverTheMapperLikes() {
		JsonMapper indenting = TestFiles.JSON.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();
		StreamSink<Point> sink = JsonFileBroker.builder(indenting)
			.build()
			.sink(TestFiles.definition(file("out.jsonl"), Point.class));
		try (StreamWriter<Point> writer = sink.open(null, this.log)) {
			writer.write(new Point(1, "a"));
			writer.write(new Point(2, "b"));
			writer.endOfStream();
			writer.flush();
			writer.committed(true);
		}
		assertThat(file("out.jsonl")).hasContent("{\"x\":1,\"name\":\"a\"}\n{\"x\":2,\"name\":\"b\"}\n");
	}

	@Test
	void keepsAResultInItsLineWhoeverWritesItsJson() throws IOException {
		Object[] results = { new Raw("{\n\t\"a\": 1,\r\n\t\"b\": \"c\\\\\"\r}"), new Raw("\"no\nJSON\r\\\"\\\\\""),
				new Raw("[\n]"), new RawValue("{\n}"), new Drawn(7), new Point(1, "a\nb"),
				Map.of("raw", new RawValue("\n1\n")),
				TestFiles.JSON.createObjectNode().putRawValue("raw", new RawValue("[1,\n2]")) };
		complete(sink(file("out.jsonl")), null, results);
		assertThat(Files.readString(file("out.jsonl")).split("\\R")).hasSize(results.length);
		assertThat(TestFiles.read(file("out.jsonl"), JsonNode.class).elements().stream().map(Object::toString))
			.containsExactly("{\"json\":{\"a\":1,\"b\":\"c\\\\\"}}", "{\"json\":\"no\\nJSON\\r\\\"\\\\\"}",
					"{\"json\":[]}", "{}", "[7,8]", "{\"x\":1,\"name\":\"a\\nb\"}", "{\"raw\":1}", "{\"raw\":[1,2]}");
	}

	@Test
	void writesWithAnEncoderOfTheUser() {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON)
			.encoder("test", (result) -> ("\"<" + result + ">\"").getBytes(StandardCharsets.UTF_8))
			.build();
		StreamSink<String> sink = broker.sink(TestFiles.definition(file("out.jsonl"), String.class));
		try (StreamWriter<String> writer = sink.open(null, this.log)) {
			writer.write("a");
			writer.flush();
			assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> writer.write("b\nc"))
				.withMessageContaining("line break");
		}
		assertThat(file("out.jsonl")).hasContent("\"<a>\"\n");
	}

	@Test
	void saysThatAResultIsNoJson() {
		StreamSink<Object> sink = sink(file("out.jsonl"));
		Position position = write(sink, null, 1);
		try (StreamWriter<Object> writer = sink.open(position, this.log)) {
			assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> writer.write(new Unwritable(1)))
				.withMessageContaining("result number 2")
				.withMessageContaining("no luck");
			assertThatExceptionOfType(BrokerException.class).isThrownBy(writer::flush)
				.withMessageContaining("failed before");
		}
		write(sink, position, 2);
		assertThat(file("out.jsonl")).hasContent("1\n2\n");
	}

	@Test
	void saysThatTheDiskIsFull() throws IOException {
		Path full = Files.createSymbolicLink(file("out.jsonl"), Path.of("/dev/full"));
		StreamSink<Object> sink = sink(full);
		try (StreamWriter<Object> writer = sink.open(null, this.log)) {
			writer.write(1);
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(writer::flush)
				.withMessageContaining("'test'")
				.withMessageContaining(full.toString())
				.withMessageContaining("No space left")
				.withMessageContaining("make room");
		}
		Files.delete(full);
	}

	@Test
	void saysThatTheDiskIsFullWhileItWrites() throws IOException {
		Path full = Files.createSymbolicLink(file("out.json.part"), Path.of("/dev/full"));
		StreamSink<Object> sink = sink(file("out.json"));
		String text = "x".repeat(1000);
		try (StreamWriter<Object> writer = sink.open(null, this.log)) {
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> {
				for (int i = 0; i < 1000; i++) {
					writer.write(text);
				}
			}).withMessageContaining(full.toString()).withMessageContaining("make room");
		}
		Files.delete(full);
		assertThat(file("out.json")).doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.jsonl", "out.json" })
	void failsWhereSomebodyElseTouchesTheFileThatItWrites(String name) throws IOException {
		Path written = file(name.equals("out.json") ? "out.json.part" : name);
		assertSeen(name, () -> Files.delete(written));
		assertSeen(name, () -> Files.move(written, file("moved"), StandardCopyOption.REPLACE_EXISTING));
		assertSeen(name, () -> Files.move(Files.writeString(file("other"), Files.readString(written)), written,
				StandardCopyOption.REPLACE_EXISTING));
		assertSeen(name, () -> Files.writeString(written, ""));
	}

	private void assertSeen(String name, ThrowingCallable act) throws IOException {
		StreamSink<Object> sink = sink(file(name));
		Position position = write(sink, null, 1);
		try (StreamWriter<Object> writer = sink.open(position, this.log)) {
			writer.write(2);
			writer.flush();
			assertThatNoException().isThrownBy(act);
			writer.write(3);
			assertThatExceptionOfType(BrokerException.class).isThrownBy(writer::flush)
				.withMessageContaining("is not the one any more")
				.withMessageContaining("Restore it");
		}
		Files.deleteIfExists(file(name));
	}

	@Test
	void refusesAPlaceThatCannotBeWritten() throws IOException {
		Files.createDirectory(file("folder.json"));
		TestFiles.write(file("plain"), "");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink(file("folder.json")).verify())
			.withMessageContaining("is a directory");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink(file("plain/out.json")).verify())
			.withMessageContaining("can't be created");
		assertThatNoException().isThrownBy(() -> sink(file("new/folder/out.json")).verify());
		assertThat(file("new")).doesNotExist();
	}

	@Test
	void knowsOnePlaceByAllItsNames() throws IOException {
		Files.createDirectory(file("real"));
		Files.createSymbolicLink(file("link"), file("real"));
		Object resource = sink(file("real/new/out.json")).resource();
		assertThat(sink(file("link/new/../new/out.json")).resource()).isEqualTo(resource);
		assertThat(sink(file("link/new/other.json")).resource()).isNotEqualTo(resource);
		TestFiles.write(file("real/out.json"), "[]");
		Files.createSymbolicLink(file("alias.json"), file("real/out.json"));
		assertThat(sink(file("alias.json")).resource()).isEqualTo(sink(file("link/out.json")).resource());
	}

	@Test
	void writesAlthoughItsThreadIsInterrupted() {
		Thread.currentThread().interrupt();
		try {
			complete(sink(file("out.json")), null, 1);
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(file("out.json")).hasContent("[\n1\n]\n");
	}

	@Test
	void waitsForTheDiskWhereThatIsAsked() {
		StreamSink<Object> sink = JsonFileBroker.builder(TestFiles.JSON)
			.fsync(true)
			.build()
			.sink(TestFiles.definition(file("out.json"), Object.class));
		complete(sink, null, List.of(1));
		assertThat(file("out.json")).hasContent("[\n[1]\n]\n");
	}

	private static String unzipped(Path file) throws IOException {
		try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	record Unwritable(int value) {

		@Override
		public int value() {
			throw new IllegalStateException("no luck");
		}

	}

	record Raw(@JsonRawValue String json) {

	}

	/**
	 * Writes itself, by all the ways there are.
	 */
	record Drawn(int value) implements JacksonSerializable {

		@Override
		public void serialize(JsonGenerator generator, SerializationContext context) {
			String value = String.valueOf(this.value);
			generator.writeRaw("[\n").writeRaw('\n');
			generator.writeRaw(new SerializedString("\n" + value));
			generator.writeRaw("\r,\n8".toCharArray(), 0, 4);
			generator.writeRaw("[\n\n]", 1, 3);
		}

		@Override
		public void serializeWithType(JsonGenerator generator, SerializationContext context, TypeSerializer type) {
			serialize(generator, context);
		}

	}

	record Point(int x, String name) {

	}

}
