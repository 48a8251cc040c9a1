package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.watermill.Input;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.engine.MillState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
		return new StreamDefinition<>(name, Long.class,
				Map.of(JsonFileBroker.FILE_PROPERTY, path(name + ".jsonl").toString()));
	}

	/**
	 * Run a mill that stops at the element that can't be read.
	 */
	private String run(String... outputs) {
		JsonFileBroker files = JsonFileBroker.builder(new JsonMapper()).build();
		MillBuilder builder = Mill.builder("copy").stateDirectory(path("state"));
		Input<Long> from = builder.from(file("in"), files);
		builder.process((delivery) -> delivery.get(from));
		for (String output : outputs) {
			builder.to(file(output), Long.class, files);
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

}
