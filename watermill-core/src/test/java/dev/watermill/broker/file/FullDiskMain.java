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
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import org.awaitility.Awaitility;

/**
 * Lets mills write files to a disk of half a megabyte until it is full, and then makes
 * room.
 */
public final class FullDiskMain {

	private static final int ELEMENTS = 20_000;

	private static final int DISK = 512 * 1024;

	private FullDiskMain() {
	}

	public static void main(String[] args) throws IOException {
		Path disk = Path.of(args[0]);
		Path input = Path.of(args[1]);
		Files.writeString(input, IntStream.range(0, ELEMENTS).mapToObj((i) -> i + "\n").collect(Collectors.joining()));
		for (String name : new String[] { "out.jsonl", "out.json", "out.jsonl.gz" }) {
			System.out.println(name + ": " + run(input, disk.resolve(name)));
			try (var files = Files.list(disk)) {
				for (Path file : files.toList()) {
					Files.delete(file);
				}
			}
		}
	}

	private static String run(Path input, Path output) throws IOException {
		Path filler = output.resolveSibling("filler");
		Files.write(filler, new byte[DISK - 16 * 1024]);
		Mill mill = mill(input, output);
		mill.start();
		await(() -> mill.status().unavailable() != null);
		String waits = mill.state() + " waits for " + mill.status().unavailable();
		Files.delete(filler);
		await(() -> mill.state() != MillState.RUNNING && mill.state() != MillState.STARTING);
		return waits + "; then " + mill.state() + ((count(output) == ELEMENTS) ? " with all results"
				: " with " + count(output) + " results, " + mill.status());
	}

	private static Mill mill(Path input, Path output) {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).build();
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMillis(1));
		Input<Integer> in = builder.from(definition("in", input), broker);
		builder.to(definition("out", output), Integer.class, broker);
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

}
