package dev.watermill.engine.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.engine.internal.FileMill.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills that read files and go on after they completed, since what they write is endless:
 * a file is read again if its content has changed since it was read, and only then.
 */
class CompletedFileTests {

	private static final int MANY = 20_000;

	@TempDir
	private Path directory;

	private final EndlessList output = new EndlessList();

	private Mill mill(Path input, UnaryOperator<Element> function) {
		return FileMill.copy(input, null, this.output, function).waitForMore(false).build();
	}

	private void run(Path input) {
		Mill mill = mill(input, UnaryOperator.identity());
		assertThat(mill.run()).as(FileMill.problem(mill)).isEqualTo(MillState.COMPLETED);
	}

	private List<Long> results() {
		return this.output.elements().stream().map((element) -> ((Element) element).id()).toList();
	}

	private Path write(String name, long from, long to) throws IOException {
		return write(name, from, to, Deflater.DEFAULT_COMPRESSION);
	}

	private Path write(String name, long from, long to, int level) throws IOException {
		List<String> lines = LongStream.rangeClosed(from, to).mapToObj((id) -> "{\"id\":" + id + "}").toList();
		String text = name.contains("jsonl") ? lines.stream().map((line) -> line + "\n").collect(Collectors.joining())
				: "[\n" + String.join(",\n", lines) + "\n]\n\n";
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		if (name.endsWith(".gz")) {
			ByteArrayOutputStream zipped = new ByteArrayOutputStream();
			try (GZIPOutputStream out = new GZIPOutputStream(zipped) {
				{
					this.def.setLevel(level);
				}
			}) {
				out.write(bytes);
			}
			bytes = zipped.toByteArray();
		}
		Path written = Files.write(this.directory.resolve("written"), bytes);
		// as who replaces a file that is open does it
		return Files.move(written, this.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
	}

	private static List<Long> range(long from, long to) {
		return LongStream.rangeClosed(from, to).boxed().toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "in.jsonl", "in.json", "in.jsonl.gz", "in.json.gz" })
	void tellsOfAFileAsItWasRead(String name) throws IOException {
		Path input = write(name, 1, MANY);
		Mill mill = mill(input, (element) -> {
			if (element.id() == MANY) {
				replace(name);
			}
			return element;
		});
		assertThat(mill.run()).as(FileMill.problem(mill)).isEqualTo(MillState.COMPLETED);
		assertThat(results()).isEqualTo(range(1, MANY));
		run(input);
		assertThat(results()).as("what stands there now was not read yet").hasSize(MANY + 2).endsWith(7L, 8L);
	}

	private void replace(String name) {
		try {
			write(name, 7, 8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void needsNoFileAnyMoreThatItHasRead() throws IOException {
		Path input = write("in.jsonl", 1, 3);
		Mill mill = mill(input, (element) -> {
			assertThat(!Files.exists(input) || input.toFile().delete()).isTrue();
			return element;
		});
		assertThat(mill.run()).as(FileMill.problem(mill)).isEqualTo(MillState.COMPLETED);
		write("in.jsonl", 1, 3);
		run(input);
		assertThat(results()).isEqualTo(range(1, 3));
	}

	@ParameterizedTest
	@ValueSource(strings = { "in.jsonl", "in.json", "in.jsonl.gz", "in.json.gz" })
	void readsAFileAgainOnlyIfItsContentChanged(String name) throws IOException {
		Path input = write(name, 1, MANY);
		run(input);
		Files.setLastModifiedTime(input, FileTime.fromMillis(0));
		run(input);
		write(name, 1, MANY, Deflater.BEST_SPEED);
		run(input);
		assertThat(results()).as("touched and written anew").isEqualTo(range(1, MANY));
		write(name, 1, MANY + 1);
		run(input);
		assertThat(results()).as("longer").hasSize(2 * MANY + 1);
		write(name, 1, MANY);
		run(input);
		assertThat(results()).as("shorter").hasSize(3 * MANY + 1);
		byte[] bytes = Files.readAllBytes(input);
		if (!name.endsWith(".gz")) {
			bytes[bytes.length - 1] = ' ';
			Files.write(input, bytes);
			run(input);
			assertThat(results()).as("another last byte").hasSize(4 * MANY + 1);
			run(input);
			assertThat(results()).hasSize(4 * MANY + 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "in.jsonl", "in.json", "in.jsonl.gz" })
	void knowsTheContentOfAFileThatItReadInSeveralStarts(String name) throws IOException {
		Path input = write(name, 1, MANY);
		for (int stop : new int[] { 2, 5_000, MANY - 1, MANY }) {
			List<Mill> mills = new ArrayList<>();
			mills.add(mill(input, (element) -> {
				if (element.id() == stop) {
					mills.get(0).stop();
				}
				return element;
			}));
			assertThat(mills.get(0).run()).isIn(MillState.STOPPED, MillState.COMPLETED);
		}
		run(input);
		run(input);
		assertThat(results()).isEqualTo(range(1, MANY));
		byte[] bytes = Files.readAllBytes(write(name.replace(".gz", ""), 1, MANY));
		int first = new String(bytes, StandardCharsets.US_ASCII).indexOf("1}");
		bytes[first] = '0';
		Path plain = Files.write(this.directory.resolve(name.replace(".gz", "")), bytes);
		if (!name.endsWith(".gz")) {
			run(plain);
			assertThat(results()).as("another first element").hasSize(2 * MANY).contains(0L);
		}
	}

	@Test
	void readsAFileAgainThatWasNotReadToItsEndIfItChanged() throws IOException {
		Path input = write("in.jsonl", 1, 3);
		Path other = write("other.jsonl", 1, 2 * MANY);
		Runnable run = () -> {
			MillBuilder builder = Mill.builder("join").stateDirectory(this.directory).waitForMore(false);
			Input<Element> from = builder.from(FileMill.file("in", input), FileMill.FILES);
			JoinMany<Element, Element> matches = builder.join(from, FileMill.file("other", other), FileMill.FILES)
				.onLong(Element::id, Element::id)
				.many();
			builder.process((delivery) -> delivery.get(matches).get(delivery.get(from)).get(0));
			builder.to("out", Element.class, this.output);
			Mill mill = builder.build();
			assertThat(mill.run()).as(FileMill.problem(mill)).isEqualTo(MillState.COMPLETED);
		};
		run.run();
		assertThat(results()).isEqualTo(range(1, 3));
		run.run();
		assertThat(results()).isEqualTo(range(1, 3));
		write("in.jsonl", 4, 5);
		run.run();
		assertThat(results()).as("the other goes on where it was").isEqualTo(range(1, 5));
		write("in.jsonl", 7, 8);
		write("other.jsonl", 2, MANY);
		run.run();
		assertThat(results()).as("the other is another one").hasSize(7).endsWith(7L, 8L);
	}

}
