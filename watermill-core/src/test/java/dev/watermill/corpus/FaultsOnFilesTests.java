package dev.watermill.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.codec.StrictJson;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each kind of fault of the files that a mill reads, writes and remembers its positions
 * in, between two runs or in the middle of one: what it says, and that it goes on once
 * the fault is repaired, with each result and each dead letter once.
 */
class FaultsOnFilesTests {

	private static final String WHOLE = "1\n\"bad\"\n2\n3\n4\n5\n6\n\"worse\"\n";

	@TempDir
	private Path directory;

	private final Map<String, Fault> betweenRuns = new LinkedHashMap<>();

	private final Map<String, Fault> whileItRuns = new LinkedHashMap<>();

	FaultsOnFilesTests() {
		this.betweenRuns.put("input-removed", (files) -> {
			Files.delete(files.input);
			return () -> Files.writeString(files.input, WHOLE);
		});
		this.betweenRuns.put("input-replaced-by-a-directory", (files) -> files.replaceByDirectory(files.input));
		this.betweenRuns.put("input-shortened", (files) -> files.replace(files.input, "1\n\"bad\"\n"));
		this.betweenRuns.put("input-emptied", (files) -> files.replace(files.input, ""));
		this.betweenRuns.put("input-changed-before-the-position",
				(files) -> files.replace(files.input, WHOLE.replace("3\n", "7\n")));
		this.betweenRuns.put("output-removed", (files) -> files.move(files.output));
		this.betweenRuns.put("output-replaced-by-a-directory", (files) -> files.replaceByDirectory(files.output));
		this.betweenRuns.put("output-shortened", (files) -> files.replace(files.output, "10\n"));
		this.betweenRuns.put("output-changed", (files) -> files.replace(files.output, "10\n21\n30\n"));
		this.betweenRuns.put("output-written-by-another",
				(files) -> files.replace(files.output, "a longer text\nthan was\n"));
		this.betweenRuns.put("dead-letters-removed", (files) -> files.move(files.letters));
		this.betweenRuns.put("dead-letters-shortened", (files) -> files.replace(files.letters, "{\n"));
		this.betweenRuns.put("dead-letters-replaced-by-a-directory",
				(files) -> files.replaceByDirectory(files.letters));
		this.betweenRuns.put("checkpoint-cut", (files) -> files.replace(files.checkpoint, "{\"inputs\":"));
		this.betweenRuns.put("checkpoint-emptied", (files) -> files.replace(files.checkpoint, ""));
		this.betweenRuns.put("checkpoint-of-another-program",
				(files) -> files.replace(files.checkpoint, "{\"some\":\"thing\"}"));
		this.betweenRuns.put("checkpoint-removed", (files) -> files.move(files.checkpoint));
		this.betweenRuns.put("checkpoint-replaced-by-a-directory",
				(files) -> files.replaceByDirectory(files.checkpoint));
		this.betweenRuns.put("place-cut", (files) -> files.replace(files.place(), "{\"pla"));
		this.betweenRuns.put("place-emptied", (files) -> files.replace(files.place(), ""));
		this.betweenRuns.put("place-removed", (files) -> files.move(files.place()));
		this.betweenRuns.put("lock-replaced-by-a-directory",
				(files) -> files.replaceByDirectory(files.directory.resolve("out.jsonl.lock")));
		this.betweenRuns.put("state-directory-replaced-by-a-file", (files) -> files.replaceByFile(files.state));
		this.whileItRuns.put("output-removed-while-it-runs", (files) -> files.move(files.output));
		this.whileItRuns.put("output-replaced-while-it-runs", (files) -> files.replaceAnew(files.output, "other\n"));
		this.whileItRuns.put("output-shortened-while-it-runs", (files) -> files.replace(files.output, "1"));
		this.whileItRuns.put("checkpoint-removed-while-it-runs", (files) -> files.move(files.checkpoint));
		this.whileItRuns.put("checkpoint-replaced-by-a-directory-while-it-runs",
				(files) -> files.replaceByDirectory(files.checkpoint));
		this.whileItRuns.put("dead-letters-removed-while-it-runs", (files) -> files.move(files.letters));
		this.whileItRuns.put("state-directory-removed-while-it-runs", (files) -> files.move(files.state));
		this.whileItRuns.put("state-directory-replaced-by-a-file-while-it-runs",
				(files) -> files.replaceByFile(files.state));
		this.whileItRuns.put("input-removed-while-it-runs", (files) -> {
			Files.delete(files.input);
			return () -> Files.writeString(files.input, WHOLE);
		});
	}

	@Test
	void saysWhatIsBrokenAndGoesOnOnceItIsRepaired() throws Exception {
		Approved texts = new Approved("faults-on-files.txt");
		for (Map.Entry<String, Fault> fault : this.betweenRuns.entrySet()) {
			MillFiles files = new MillFiles(this.directory.resolve(fault.getKey()));
			Files.writeString(files.input, WHOLE);
			assertThat(files.run((broken) -> {
				throw new IllegalStateException("not yet");
			})).as(fault.getKey()).isEqualTo(MillState.FAILED);
			assertThat(files.output).as("%s: %s", fault.getKey(), files.message()).hasContent("10\n20\n30\n");
			Repair repair = fault.getValue().strike(files);
			texts.add(fault.getKey(), files.told(fault.getKey(), null, repair));
		}
		for (Map.Entry<String, Fault> fault : this.whileItRuns.entrySet()) {
			MillFiles files = new MillFiles(this.directory.resolve(fault.getKey()));
			Files.writeString(files.input, WHOLE);
			texts.add(fault.getKey(), files.told(fault.getKey(), fault.getValue(), () -> {
			}));
		}
		texts.verify();
	}

	/**
	 * Something that happens to files.
	 */
	private interface Fault {

		Repair strike(MillFiles files) throws IOException;

	}

	private interface Repair {

		void run() throws IOException;

	}

	/**
	 * A mill and its files.
	 */
	private static final class MillFiles {

		private final JsonFileBroker broker = JsonFileBroker.builder(StrictJson.of(new JsonMapper())).build();

		private final Path directory;

		private final Path input;

		private final Path output;

		private final Path checkpoint;

		private final Path letters;

		private final Path state;

		private @Nullable Mill mill;

		private @Nullable Repair repair;

		MillFiles(Path directory) throws IOException {
			this.directory = Files.createDirectories(directory);
			this.input = directory.resolve("a.jsonl");
			this.output = directory.resolve("out.jsonl");
			this.checkpoint = directory.resolve("out.jsonl.checkpoint");
			this.letters = directory.resolve("dead.jsonl");
			this.state = directory.resolve("state");
		}

		private <T> StreamDefinition<T> definition(String stream, Class<T> type, Path file) {
			return new StreamDefinition<>(stream, type, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString()));
		}

		/**
		 * Run a mill.
		 * @param fault what happens at the element 4
		 */
		MillState run(@Nullable Fault fault) {
			MillBuilder builder = Mill.builder("mill").stateDirectory(this.state).commitInterval(Duration.ofNanos(1));
			Input<Long> input = builder.from(definition("a", Long.class, this.input), this.broker);
			input.onInvalid(ErrorPolicy.DEAD_LETTER);
			builder.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
			builder.deadLetters("a", definition("letters", DeadLetter.class, this.letters), this.broker);
			builder.to(definition("out", Long.class, this.output), Long.class, this.broker);
			Mill created = builder.process((delivery) -> {
				long element = delivery.get(input);
				if (element == 4 && fault != null) {
					this.repair = fault.strike(this);
				}
				return element * 10;
			}).build();
			this.mill = created;
			return created.run();
		}

		String message() {
			MillStatus.@Nullable Problem problem = this.mill.status().lastError();
			String message = (problem != null) ? problem.message() : "";
			return message.replace(this.directory.toString(), "<dir>")
				.replace(Path.of("").toAbsolutePath().toString(), "<here>")
				.replaceAll("mill~\\w+", "mill~<id>")
				.replaceAll("at least \\d{4} bytes", "at least <n> bytes");
		}

		String told(String kind, @Nullable Fault fault, Repair outside) throws IOException {
			MillState end = run(fault);
			String message = message();
			if (end == MillState.FAILED) {
				Repair inside = this.repair;
				outside.run();
				if (inside != null) {
					inside.run();
				}
				end = run(null);
			}
			else {
				message = "goes on";
			}
			assertThat(end).as("%s, repaired: %s", kind, message()).isEqualTo(MillState.COMPLETED);
			assertThat(this.output).as(kind).hasContent("10\n20\n30\n40\n50\n60\n");
			assertThat(Files.readAllLines(this.letters)).as(kind).hasSize(2);
			return message;
		}

		/**
		 * What says where the mill commits.
		 */
		Path place() throws IOException {
			try (Stream<Path> found = Files.list(this.state)) {
				return found.filter((file) -> file.toString().endsWith(".place")).findFirst().orElseThrow();
			}
		}

		Repair move(Path file) throws IOException {
			Path aside = this.directory.resolve("aside");
			Files.move(file, aside);
			return () -> {
				remove(file);
				Files.move(aside, file);
			};
		}

		Repair replace(Path file, String text) throws IOException {
			byte[] before = Files.readAllBytes(file);
			Files.writeString(file, text);
			return () -> Files.write(file, before);
		}

		Repair replaceAnew(Path file, String text) throws IOException {
			Repair moved = move(file);
			Files.writeString(file, text);
			return moved;
		}

		Repair replaceByDirectory(Path file) throws IOException {
			Repair moved = move(file);
			Files.createDirectory(file);
			return moved;
		}

		Repair replaceByFile(Path file) throws IOException {
			Repair moved = move(file);
			Files.writeString(file, "x");
			return moved;
		}

		private static void remove(Path file) throws IOException {
			if (!Files.exists(file)) {
				return;
			}
			List<Path> found = new ArrayList<>();
			try (Stream<Path> all = Files.walk(file)) {
				all.sorted(Comparator.reverseOrder()).forEach(found::add);
			}
			for (Path path : found) {
				Files.delete(path);
			}
		}

	}

}
