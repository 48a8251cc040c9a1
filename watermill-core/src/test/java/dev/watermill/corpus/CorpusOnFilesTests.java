package dev.watermill.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import dev.watermill.Accounting;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.codec.StrictJson;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each kind of bad input in a file that is joined with another one: that the mill fails
 * there, with what it says, and goes on once the file is repaired; that it passes over
 * it; and that it writes it to the dead letters, as it was.
 */
class CorpusOnFilesTests {

	private static final JsonFileBroker FILES = JsonFileBroker.builder(StrictJson.of(new JsonMapper()))
		.maxElementSize(2 * 1024 * 1024)
		.build();

	private static final byte[] ONE = utf8("{\"time\":1}");

	private static final byte[] TWO = utf8("{\"time\":2}");

	private static final byte[] THREE = utf8("{\"time\":3}");

	@TempDir
	private Path directory;

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@CsvSource({ "a.jsonl, elements-in-lines.txt", "a.json, elements-in-an-array.txt" })
	void badElements(String file, String approved) throws IOException {
		Approved texts = new Approved(approved);
		Path input = this.directory.resolve(file);
		for (BadInput bad : BadInput.read("elements.txt")) {
			if (bad.bytes() != null && !bad.where().contains("topics")) {
				texts.add(bad.name(), told(input, bad));
			}
		}
		texts.verify();
	}

	private String told(Path input, BadInput bad) throws IOException {
		byte[] broken = file(input, bad.bytes());
		Run failing = new Run(input, broken, ErrorPolicy.FAIL);
		MillState state = failing.run();
		if (state == MillState.COMPLETED) {
			assertThat(failing.results()).as(bad.name()).containsExactly(1L, 2L, 3L);
			return "is read";
		}
		assertThat(state).as(bad.name()).isEqualTo(MillState.FAILED);
		String message = failing.message();
		// a key is acted upon once it is seen that the next one does not go back
		assertThat(failing.results()).as(bad.name())
			.isIn(List.of(message.contains("went back") ? List.of() : List.of(1L), List.of(1L, 2L)));
		failing.assertAccounted(bad, failing.results().size());
		Files.write(input, file(input, TWO));
		assertThat(failing.run()).as("%s, repaired: %s", bad.name(), failing.message()).isEqualTo(MillState.COMPLETED);
		assertThat(failing.results()).as("%s, repaired", bad.name()).containsExactly(1L, 2L, 3L);
		Run skipping = new Run(input, broken, ErrorPolicy.SKIP);
		Run writing = new Run(input, broken, ErrorPolicy.DEAD_LETTER);
		if (skipping.run() == MillState.FAILED) {
			// what is not an element but the end of the file
			assertThat(writing.run()).isEqualTo(MillState.FAILED);
			assertThat(skipping.message()).as(bad.name()).isEqualTo(message);
			assertThat(writing.message()).as(bad.name()).isEqualTo(message);
			return message + " [whatever the policy]";
		}
		assertThat(skipping.results()).as(bad.name()).isIn(List.of(List.of(1L, 3L), List.of(1L, 2L, 3L)));
		skipping.assertAccounted(bad, skipping.results().size());
		assertThat(writing.run()).as(bad.name()).isEqualTo(MillState.COMPLETED);
		assertThat(writing.results()).as(bad.name()).isEqualTo(skipping.results());
		writing.assertAccounted(bad, writing.results().size());
		List<DeadLetter> letters = writing.letters();
		Map<SkipReason, Long> skipped = skipping.counted(false);
		assertThat(writing.counted(true)).as(bad.name()).isEqualTo(skipped);
		assertThat(letters).as(bad.name())
			.hasSize(skipped.values().stream().mapToInt(Long::intValue).sum())
			.allSatisfy((letter) -> assertThat(message).contains(letter.message()));
		byte[] letter = letters.get(0).element().value();
		boolean whole = letters.size() == 1 && Arrays.equals(letter, bad.bytes());
		return message + " " + skipped + (whole ? "" : " [its dead letter: " + letter.length + " bytes]");
	}

	private static byte[] file(Path input, byte[] element) {
		boolean array = input.toString().endsWith(".json");
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] between = utf8(array ? ",\n" : "\n");
		out.writeBytes(utf8(array ? "[" : ""));
		out.writeBytes(ONE);
		out.writeBytes(between);
		out.writeBytes(element);
		out.writeBytes(between);
		out.writeBytes(THREE);
		out.writeBytes(utf8(array ? "]\n" : "\n"));
		return out.toByteArray();
	}

	@Test
	void brokenFiles() throws IOException {
		Approved texts = new Approved("containers-approved.txt");
		for (BadInput bad : BadInput.read("containers.txt")) {
			Path input = this.directory.resolve(bad.where().get(0));
			byte[] broken = packed(bad.where().get(1), bad.bytes());
			List<String> messages = new ArrayList<>();
			for (ErrorPolicy policy : ErrorPolicy.values()) {
				Run run = new Run(input, broken, policy);
				assertThat(run.run()).as(bad.name()).isEqualTo(MillState.FAILED);
				messages.add(run.message());
				assertThat(run.letters()).as(bad.name()).isEmpty();
				run.assertAccounted(bad, run.results().size());
				Files.write(input, repaired(input));
				assertThat(run.run()).as("%s, repaired: %s", bad.name(), run.message()).isEqualTo(MillState.COMPLETED);
				assertThat(run.results()).as("%s, repaired", bad.name()).containsExactly(1L, 2L, 3L);
			}
			assertThat(messages).as(bad.name()).containsOnly(messages.get(0));
			texts.add(bad.name(), messages.get(0));
		}
		texts.verify();
	}

	private static byte[] repaired(Path input) throws IOException {
		boolean array = input.toString().contains(".json") && !input.toString().contains(".jsonl");
		byte[] text = utf8(
				array ? "[{\"time\":1},\n{\"time\":2},\n{\"time\":3}]" : "{\"time\":1}\n{\"time\":2}\n{\"time\":3}\n");
		return input.toString().endsWith(".gz") ? gzip(text) : text;
	}

	private static byte[] packed(String how, byte[] text) throws IOException {
		int number = Integer.parseInt("0" + how.replaceAll("\\D", ""));
		if (how.equals("plain")) {
			return text;
		}
		byte[] packed = gzip(text);
		if (how.equals("gzip twice")) {
			return gzip(packed);
		}
		if (how.contains("cut by")) {
			return Arrays.copyOf(packed, packed.length - number);
		}
		if (how.contains("cut to")) {
			return Arrays.copyOf(packed, number);
		}
		if (how.contains("flipped at")) {
			packed[packed.length - number] ^= 1;
		}
		if (how.contains("behind")) {
			packed = Arrays.copyOf(packed, packed.length + 3);
			packed[packed.length - 3] = 'x';
		}
		return packed;
	}

	private static byte[] gzip(byte[] text) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out) {

			{
				// bytes as they are, whatever compresses them here
				this.def.setLevel(Deflater.NO_COMPRESSION);
			}

		}) {
			gzip.write(text);
		}
		return out.toByteArray();
	}

	/**
	 * A mill, whose runs go on where the last one ended.
	 */
	private final class Run {

		private final InMemoryBroker memory = new InMemoryBroker();

		private final Mill mill;

		Run(Path input, byte[] bytes, ErrorPolicy policy) throws IOException {
			Files.write(input, bytes);
			Path other = Files.writeString(CorpusOnFilesTests.this.directory.resolve("b.jsonl"), "1\n2\n3\n4\n");
			MillBuilder builder = Mill.builder("mill").to("out", Long.class, this.memory);
			Input<Event> master = builder.from(definition("a", Event.class, input), FILES);
			JoinMany<Event, Long> child = builder.join(master, definition("b", Long.class, other), FILES)
				.onLong(Event::time, (number) -> number)
				.many();
			master.onInvalid(policy);
			master.onDisorder(policy);
			builder.deadLetters("a", StreamDefinition.of("letters", DeadLetter.class), this.memory);
			builder.process((delivery) -> delivery.get(child).get(delivery.get(master)).get(0));
			this.mill = builder.build();
		}

		private <T> StreamDefinition<T> definition(String stream, Class<T> type, Path file) {
			return new StreamDefinition<>(stream, type, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString()));
		}

		MillState run() {
			return this.mill.run();
		}

		List<Object> results() {
			return this.memory.<Object>stream("out").elements();
		}

		List<DeadLetter> letters() {
			return this.memory.<DeadLetter>stream("letters").elements();
		}

		String message() {
			MillStatus.@Nullable Problem problem = this.mill.status().lastError();
			return (problem != null) ? problem.message().replace(CorpusOnFilesTests.this.directory.toString(), "<dir>")
					: "";
		}

		void assertAccounted(BadInput bad, long delivered) {
			try {
				Accounting.assertAccounted(this.mill, "a", delivered, 0);
			}
			catch (AssertionError ex) {
				throw new AssertionError(bad.name() + ": " + ex.getMessage(), ex);
			}
		}

		Map<SkipReason, Long> counted(boolean deadLettered) {
			MillCounters.Input counters = this.mill.counters().inputs().get("a");
			Map<SkipReason, Long> counted = new TreeMap<>();
			for (SkipReason reason : List.of(SkipReason.INVALID, SkipReason.DISORDER, SkipReason.TOMBSTONE)) {
				long count = (deadLettered ? counters.deadLettered(reason) : counters.skipped(reason)).get();
				if (count > 0) {
					counted.put(reason, count);
				}
			}
			return counted;
		}

	}

}
