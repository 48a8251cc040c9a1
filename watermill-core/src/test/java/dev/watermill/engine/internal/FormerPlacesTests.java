package dev.watermill.engine.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.checkpoint.internal.CheckpointFile;
import dev.watermill.broker.checkpoint.internal.StateDirectory;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills of files whose configuration moves the place of their commits.
 */
class FormerPlacesTests {

	@TempDir
	private Path directory;

	@BeforeEach
	void writeInput() throws IOException {
		Files.writeString(path("in.jsonl"), "1\n2\nnull\n");
	}

	private Path path(String name) {
		return this.directory.resolve(name);
	}

	private StreamDefinition<Long> file(String name) {
		return file(name, Long.class);
	}

	private <T> StreamDefinition<T> file(String name, Class<T> type) {
		return new StreamDefinition<>(name, type,
				Map.of(JsonFileBroker.FILE_PROPERTY, path(name + ".jsonl").toString()));
	}

	/**
	 * Run a mill that stops at the element that can't be read. All that it reads goes to
	 * the first output, and nothing to another.
	 */
	private String run(String output, String... others) {
		JsonFileBroker files = JsonFileBroker.builder(new JsonMapper()).build();
		MillBuilder builder = Mill.builder("copy").stateDirectory(path("state"));
		Input<Long> from = builder.from(file("in"), files);
		builder.process((delivery) -> delivery.get(from));
		builder.to(file(output), Long.class, files);
		for (String other : others) {
			builder.to(file(other, String.class), String.class, files);
		}
		Mill mill = builder.build();
		MillState end = mill.run();
		return (end == MillState.FAILED) ? mill.status().lastError().message() : end.name();
	}

	@Test
	void positionsMoveWithAnotherFirstFile() throws IOException {
		assertThat(run("b")).contains("in.jsonl");
		assertThat(path("b.jsonl")).hasContent("1\n2\n");
		Files.writeString(path("in.jsonl"), "1\n2\n3\nnull\n");
		assertThat(run("b", "a")).contains("in.jsonl");
		assertThat(path("b.jsonl.checkpoint")).content().contains("left-for", "a.jsonl.checkpoint");
		Files.writeString(path("in.jsonl"), "1\n2\n3\n4\n");
		assertThat(run("b", "a")).isEqualTo("COMPLETED");
		assertThat(path("b.jsonl")).hasContent("1\n2\n3\n4\n");
	}

	@Test
	void refusesToGoOnFromAPlaceThatWasLeft() throws IOException {
		run("b");
		run("b", "a");
		Files.delete(path("a.jsonl.checkpoint"));
		assertThat(run("b")).contains("'copy'", "a.jsonl.checkpoint", "reset the mill");
		assertThat(path("b.jsonl")).hasContent("1\n2\n");
	}

	@Test
	void theYoungerOfTwoPlacesCounts() throws IOException {
		run("b");
		String older = Files.readString(path("b.jsonl.checkpoint"));
		Files.writeString(path("in.jsonl"), "1\n2\n3\nnull\n");
		run("b", "a");
		// as if a crash had come before the place was marked as left
		Files.writeString(path("b.jsonl.checkpoint"), older);
		Files.writeString(path("in.jsonl"), "1\n2\n3\n4\n");
		assertThat(run("b", "a")).isEqualTo("COMPLETED");
		assertThat(path("b.jsonl")).hasContent("1\n2\n3\n4\n");
	}

	private Mill into(String output, String... more) {
		JsonFileBroker files = JsonFileBroker.builder(new JsonMapper()).build();
		MillBuilder builder = Mill.builder("copy").stateDirectory(path("state"));
		Input<Long> from = builder.from(file((more.length > 0) ? more[0] : "in"), files);
		builder.process((delivery) -> delivery.get(from));
		builder.to(new StreamDefinition<>("out", Long.class,
				Map.of(JsonFileBroker.FILE_PROPERTY, path(output).toString())), Long.class, files);
		return builder.build();
	}

	private static String problem(Mill mill) {
		MillState end = mill.run();
		MillStatus.Problem problem = mill.status().lastError();
		return (problem != null) ? problem.message() : end.name();
	}

	private String runInto(String output, String... more) {
		return problem(into(output, more));
	}

	private List<Path> remembered() throws IOException {
		if (!Files.exists(path("state"))) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(path("state"))) {
			return files.toList();
		}
	}

	@Test
	void positionsMoveWithTheOnlyFile() throws IOException {
		assertThat(runInto("a.jsonl")).contains("in.jsonl");
		Files.writeString(path("in.jsonl"), "1\n2\n3\nnull\n");
		assertThat(runInto("b.jsonl")).contains("in.jsonl");
		assertThat(path("a.jsonl.checkpoint")).content().contains("left-for", "b.jsonl.checkpoint");
		assertThat(path("b.jsonl")).hasContent("3\n");
		Files.writeString(path("in.jsonl"), "1\n2\n3\n4\nnull\n");
		assertThat(runInto("c.json")).contains("in.jsonl");
		Files.writeString(path("in.jsonl"), "1\n2\n3\n4\n5\n");
		assertThat(runInto("c.json")).isEqualTo("COMPLETED");
		assertThat(path("a.jsonl")).hasContent("1\n2\n");
		assertThat(path("b.jsonl")).hasContent("3\n");
		assertThat(path("c.json")).content().isEqualToIgnoringWhitespace("[4,5]");
	}

	@Test
	void goesOnBehindWhatIsInTheOnlyFileWhereItWasMoved() throws IOException {
		for (String[] names : new String[][] { { "a.jsonl", "b.jsonl" }, { "a.json.part", "b.json.part" },
				{ "c.jsonl.gz", "d.jsonl.gz" } }) {
			writeInput();
			assertThat(runInto(names[0].replace(".part", ""))).contains("in.jsonl");
			Files.createDirectories(path("moved"));
			Files.move(path(names[0]), path("moved").resolve(names[1]));
			Files.writeString(path("in.jsonl"), "1\n2\n3\n");
			String moved = "moved/" + names[1].replace(".part", "");
			assertThat(runInto(moved)).isEqualTo("COMPLETED");
			assertThat(contentOf(path(moved))).as(moved)
				.isEqualToIgnoringWhitespace(moved.endsWith(".json") ? "[1,2,3]" : "1\n2\n3\n");
		}
	}

	private static String contentOf(Path file) throws IOException {
		byte[] bytes = Files.readAllBytes(file);
		return file.toString().endsWith(".gz")
				? new String(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(),
						StandardCharsets.UTF_8)
				: new String(bytes, StandardCharsets.UTF_8);
	}

	@Test
	void leavesAFileOfSomebodyElseAloneThatBecomesTheOnlyOne() throws IOException {
		Files.writeString(path("b.jsonl"), "8\n9\n10\n");
		Files.writeString(path("in.jsonl"), "null\n");
		assertThat(runInto("a.jsonl")).contains("in.jsonl");
		assertThat(runInto("b.jsonl")).contains("is there already");
		writeInput();
		assertThat(runInto("a.jsonl")).contains("in.jsonl");
		assertThat(runInto("b.jsonl")).contains("is there already");
		assertThat(path("b.jsonl")).hasContent("8\n9\n10\n");
	}

	@Test
	void beginsWithTheOnlyFileOnceTheFormerHasCompleted() throws IOException {
		Files.writeString(path("in.jsonl"), "1\n2\n");
		assertThat(runInto("a.jsonl")).isEqualTo("COMPLETED");
		assertThat(remembered()).isEmpty();
		for (int run = 0; run < 2; run++) {
			assertThat(runInto("b.jsonl")).isEqualTo("COMPLETED");
			assertThat(path("b.jsonl")).hasContent("1\n2\n");
		}
	}

	@Test
	void beginsWithTheOnlyFileWhereTheFormerCheckpointIsGone() throws IOException {
		assertThat(runInto("a.jsonl")).contains("in.jsonl");
		Files.delete(path("a.jsonl.checkpoint"));
		assertThat(runInto("b.jsonl")).contains("in.jsonl");
		assertThat(path("b.jsonl")).hasContent("1\n2\n");
	}

	@Test
	void beginsWithTheOnlyFileOnceItIsReset() {
		assertThat(runInto("a.jsonl")).contains("in.jsonl");
		into("b.jsonl").reset();
		assertThat(runInto("b.jsonl")).contains("in.jsonl");
		assertThat(path("b.jsonl")).hasContent("1\n2\n");
		into("b.jsonl").reset();
		assertThat(runInto("c.jsonl")).contains("in.jsonl");
		assertThat(path("c.jsonl")).hasContent("1\n2\n");
	}

	@Test
	void otherInputsAreOtherWork() throws IOException {
		Files.writeString(path("day2.jsonl"), "7\n8\nnull\n");
		assertThat(runInto("a.jsonl")).contains("in.jsonl");
		assertThat(runInto("b.jsonl", "day2")).contains("day2.jsonl");
		assertThat(path("b.jsonl")).hasContent("7\n8\n");
		Files.writeString(path("in.jsonl"), "1\n2\n3\n");
		assertThat(runInto("c.jsonl")).isEqualTo("COMPLETED");
		assertThat(path("c.jsonl")).hasContent("3\n");
	}

	@Test
	void goesOnWithoutMemoryWhereTheStateDirectoryCanNotBeWritten() throws IOException {
		Files.writeString(path("state"), "no directory");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		Logger logger = (Logger) LoggerFactory.getLogger(StateDirectory.class);
		log.start();
		logger.addAppender(log);
		try {
			Mill mill = into("a.jsonl");
			for (int run = 0; run < 2; run++) {
				assertThat(problem(mill)).contains("in.jsonl");
			}
		}
		finally {
			logger.detachAppender(log);
		}
		assertThat(log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("'copy'", path("state").toString(),
					"watermill.state-dir"));
		assertThat(path("a.jsonl")).hasContent("1\n2\n");
		Files.writeString(path("in.jsonl"), "1\n2\n3\n");
		assertThat(runInto("a.jsonl")).isEqualTo("COMPLETED");
		assertThat(path("a.jsonl")).hasContent("1\n2\n3\n");
	}

	@Test
	void isTheSameUnderAnyNameOfTheOnlyFile() throws IOException {
		Path relative = Path.of("").toAbsolutePath().relativize(path("a.jsonl").toAbsolutePath());
		assertThat(runInto("a.jsonl")).contains("in.jsonl");
		Files.writeString(path("in.jsonl"), "1\n2\n3\nnull\n");
		assertThat(runInto(relative.toString())).contains("in.jsonl");
		assertThat(runInto("./a.jsonl")).contains("in.jsonl");
		assertThat(path("a.jsonl.checkpoint")).content().doesNotContain("left-for");
		assertThat(path("a.jsonl")).hasContent("1\n2\n3\n");
	}

	@Test
	void refusesTheOnlyFileWhileTheFormerIsInUse() {
		assertThat(runInto("a.jsonl")).contains("in.jsonl");
		try (CommitLog held = CheckpointFile.beside(path("a.jsonl"), false)
			.open(CommitScope.of(new LaneId("copy", 0)))) {
			Mill second = into("b.jsonl");
			assertThat(problem(second)).contains("a.jsonl", "is in use", "watermill.state-dir");
			assertThat(second.status().state()).isEqualTo(MillState.STOPPED);
		}
		assertThat(path("b.jsonl")).doesNotExist();
	}

}
