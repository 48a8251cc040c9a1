package dev.watermill.engine.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.internal.FileMill.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Mills that read named pipes.
 */
class PipeTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	@TempDir
	private Path directory;

	private Path output() {
		return this.directory.resolve("out.jsonl");
	}

	private Path pipe(String name) throws Exception {
		Path pipe = this.directory.resolve(name);
		assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
		return pipe;
	}

	private static String lines(long from, long to) {
		return LongStream.rangeClosed(from, to).mapToObj((id) -> "{\"id\":" + id + "}\n").collect(Collectors.joining());
	}

	private static void write(OutputStream out, String text) {
		try {
			out.write(text.getBytes(StandardCharsets.US_ASCII));
			out.flush();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Write to a pipe and close it, on another thread, since it waits for its reader.
	 */
	private static CompletableFuture<Void> write(Path pipe, String text) {
		return CompletableFuture.runAsync(() -> {
			try (OutputStream plain = Files.newOutputStream(pipe);
					OutputStream out = pipe.toString().endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
				write(out, text);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private static void assertCompletes(Mill mill) throws InterruptedException {
		assertThat(mill.awaitEnd(LONG)).as("ended").isTrue();
		assertThat(mill.state()).as(FileMill.problem(mill)).isEqualTo(MillState.COMPLETED);
	}

	private static void assertStops(Mill mill) throws InterruptedException {
		mill.stop();
		assertThat(mill.awaitEnd(LONG)).as("ended").isTrue();
		assertThat(mill.state()).as(FileMill.problem(mill)).isEqualTo(MillState.STOPPED);
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.doesNotContain("pipe-in"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "in.jsonl", "in.json", "in.jsonl.gz" })
	void readsAPipeToItsEnd(String name) throws Exception {
		Path pipe = pipe(name);
		String lines = lines(1, 50_000);
		Mill mill = FileMill.copy(pipe, output());
		mill.start();
		write(pipe, name.equals("in.json") ? "[" + lines.trim().replace("\n", ",") + "]" : lines).join();
		assertCompletes(mill);
		assertThat(output()).hasContent(lines);
	}

	@Test
	void commitsWhatCameWhileItWaitsForMore() throws Exception {
		Path pipe = pipe("in.jsonl");
		Mill mill = FileMill.copy(pipe, output());
		mill.start();
		try (OutputStream out = Files.newOutputStream(pipe)) {
			write(out, "{\"id\":1}\n{\"id\":2}\n{\"i");
			await().atMost(LONG).until(() -> Files.exists(output()) && Files.readString(output()).equals(lines(1, 2)));
			write(out, "d\":3}\n{\"id\":4}");
			await().atMost(LONG).until(() -> Files.readString(output()).equals(lines(1, 3)));
		}
		assertCompletes(mill);
		assertThat(output()).hasContent(lines(1, 4));
	}

	@Test
	void stopsWhileItWaitsForAWriter() throws Exception {
		Path pipe = pipe("in.jsonl");
		Mill mill = FileMill.copy(pipe, output());
		mill.start();
		await().until(() -> mill.state() == MillState.RUNNING);
		assertStops(mill);
		Mill again = FileMill.copy(pipe, output());
		again.start();
		write(pipe, lines(1, 2)).join();
		assertCompletes(again);
		assertThat(output()).hasContent(lines(1, 2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "in.jsonl", "in.jsonl.gz" })
	void stopsWhileItWaitsForMore(String name) throws Exception {
		Path pipe = pipe(name);
		Mill mill = FileMill.copy(pipe, output());
		mill.start();
		try (OutputStream plain = Files.newOutputStream(pipe);
				OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain, 512, true) : plain) {
			write(out, lines(1, 2));
			await().atMost(LONG).until(() -> Files.exists(output()) && Files.readString(output()).equals(lines(1, 2)));
			assertStops(mill);
		}
		catch (IOException ex) {
			// nobody reads any more
		}
		Mill again = FileMill.copy(pipe, output());
		assertThat(again.run()).isEqualTo(MillState.FAILED);
		assertThat(FileMill.problem(again)).contains(pipe.toString(), "is a pipe", "behind 2 elements",
				"Reset the mill 'copy'");
		again.reset();
		again.start();
		write(pipe, lines(1, 3)).join();
		assertCompletes(again);
		assertThat(output()).hasContent(lines(1, 3));
	}

	@Test
	void losesNothingOfAPipeWhenTheFunctionFails() throws Exception {
		Path pipe = pipe("in.jsonl");
		List<Long> calls = new ArrayList<>();
		Mill mill = FileMill.copy(pipe, output(), (element) -> {
			calls.add(element.id());
			if (calls.size() == 1) {
				throw new IllegalStateException("planted");
			}
			return element;
		});
		mill.start();
		write(pipe, lines(1, 3)).exceptionally((ex) -> null).join();
		assertThat(mill.awaitEnd(LONG)).isTrue();
		if (mill.state() == MillState.FAILED) {
			// it could not be repeated, and says so
			assertThat(FileMill.problem(mill)).contains("is a pipe");
			assertThat(Files.readString(output())).isEmpty();
		}
		else {
			assertThat(output()).hasContent(lines(1, 3));
		}
	}

	@Test
	void refusesTwoStreamsOnOnePipe() throws Exception {
		Path pipe = pipe("in.jsonl");
		MillBuilder builder = Mill.builder("join").stateDirectory(this.directory);
		Input<Element> from = builder.from(FileMill.file("in", pipe), FileMill.FILES);
		builder.join(from, FileMill.file("other", pipe), FileMill.FILES).onLong(Element::id, Element::id).many();
		builder.forEach((delivery) -> delivery.get(from));
		Mill mill = builder.build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(FileMill.problem(mill)).contains("'other'", "is a pipe that another stream reads");
	}

}
