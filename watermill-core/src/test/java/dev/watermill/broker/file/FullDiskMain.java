package dev.watermill.broker.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.stream.ErrorPolicy;
import org.awaitility.Awaitility;

/**
 * Lets mills write files to a disk of half a megabyte until it is full, and then makes
 * room.
 */
public final class FullDiskMain {

	private static final int ELEMENTS = 20_000;

	private static final int BAD = 60;

	private static final int DISK = 512 * 1024;

	private FullDiskMain() {
	}

	public static void main(String[] args) {
		try {
			run(args);
			System.exit(0);
		}
		catch (Throwable ex) {
			ex.printStackTrace(System.out);
			// though a mill may wait for room
			System.exit(1);
		}
	}

	private static void run(String[] args) throws IOException {
		Path disk = Path.of(args[0]);
		Path input = Path.of(args[1]);
		Files.writeString(input, IntStream.range(0, ELEMENTS).mapToObj((i) -> i + "\n").collect(Collectors.joining()));
		for (String name : new String[] { "out.jsonl", "out.json", "out.jsonl.gz" }) {
			Path output = disk.resolve(name);
			System.out.println(name + ": " + run(mill(input, output), output) + found(count(output), ELEMENTS));
			try (var files = Files.list(disk)) {
				for (Path file : files.toList()) {
					Files.delete(file);
				}
			}
		}
		Files.writeString(input, IntStream.range(0, BAD).mapToObj((i) -> i + "\nx\n").collect(Collectors.joining()));
		Path letters = disk.resolve("out-letters.jsonl");
		System.out.println("out-letters.jsonl: " + run(letters(input, letters), letters) + found(lines(letters), BAD));
	}

	private static String found(int count, int expected) {
		return (count == expected) ? " with all results" : " with " + count + " results";
	}

	private static String run(Mill mill, Path output) throws IOException {
		Path filler = output.resolveSibling("filler");
		Files.write(filler, new byte[DISK - 16 * 1024]);
		mill.start();
		await(() -> mill.status().unavailable() != null);
		String waits = mill.state() + " waits for " + mill.status().unavailable();
		Files.delete(filler);
		await(() -> mill.state() != MillState.RUNNING && mill.state() != MillState.STARTING);
		return waits + "; then " + mill.state();
	}

	private static Mill mill(Path input, Path output) {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).build();
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMillis(1));
		Input<Integer> in = builder.from(definition("in", input), broker);
		builder.to(definition("out", output), Integer.class, broker);
		return builder.process((delivery) -> delivery.get(in)).build();
	}

	/**
	 * A mill that has room for its results, but not for its dead letters.
	 */
	private static Mill letters(Path input, Path letters) {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).build();
		MillBuilder builder = Mill.builder("letters")
			.commitInterval(Duration.ofMillis(1))
			.deadLetters(new StreamDefinition<>("letters", DeadLetter.class,
					Map.of(JsonFileBroker.FILE_PROPERTY, letters.toString())), broker);
		Input<Integer> in = builder.from(definition("in", input), broker);
		in.onInvalid(ErrorPolicy.DEAD_LETTER);
		builder.to(definition("out", input.resolveSibling("other.jsonl")), Integer.class, broker);
		return builder.process((delivery) -> delivery.get(in)).build();
	}

	private static StreamDefinition<Integer> definition(String stream, Path file) {
		return new StreamDefinition<>(stream, Integer.class, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString()));
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5)).until(condition);
	}

	/**
	 * How many results there are, as long as each is the next number.
	 */
	private static int count(Path output) throws IOException {
		try (InputStream file = Files.newInputStream(output);
				InputStream in = output.toString().endsWith(".gz") ? new GZIPInputStream(file) : file) {
			int count = 0;
			for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("[\\[\\],\n]+")) {
				if (!line.isEmpty() && Integer.parseInt(line) == count) {
					count++;
				}
			}
			return count;
		}
	}

	/**
	 * How many dead letters there are, as long as each is of the next bad line.
	 */
	private static int lines(Path letters) throws IOException {
		int count = 0;
		for (String letter : Files.readAllLines(letters)) {
			if (TestFiles.JSON.readTree(letter).at("/origin/line").intValue() == 2 * (count + 1)) {
				count++;
			}
		}
		return count;
	}

}
