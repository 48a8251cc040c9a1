package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills whose positions are forgotten. Each mill is made anew, as after a restart of the
 * process.
 */
class ResetTests {

	@TempDir
	private Path directory;

	private Path input;

	private Path output;

	@BeforeEach
	void writeInput() throws IOException {
		this.input = this.directory.resolve("in.jsonl");
		this.output = this.directory.resolve("out.jsonl");
		Files.writeString(this.input, "{\"id\":1}\n{\"id\":2}\n");
	}

	@Test
	void startsFromTheStartAfterItCompleted() throws IOException {
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		mill().reset();
		Files.writeString(this.input, "{\"id\":3}\n");
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.output).hasContent("{\"id\":3}\n");
	}

	@Test
	void startsFromTheStartAfterItsOutputWasCut() throws IOException {
		Files.writeString(this.input, "{\"id\":1}\n{\"id\":2}\n{\"id\":\n");
		assertThat(mill().run()).isEqualTo(MillState.FAILED);
		Files.writeString(this.output, "{");
		writeInput();
		assertThat(mill().run()).isEqualTo(MillState.FAILED);
		mill().reset();
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.output).hasContent("{\"id\":1}\n{\"id\":2}\n");
	}

	@Test
	void startsFromTheStartAfterItsCheckpointWasDamaged() throws IOException {
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		Files.writeString(this.directory.resolve("out.jsonl.checkpoint"), "?");
		assertThat(mill().run()).isEqualTo(MillState.FAILED);
		mill().reset();
		Files.delete(this.output);
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void leavesAFileAloneThatItDidNotWrite() throws IOException {
		Files.writeString(this.output, "{\"id\":9}\n");
		mill().reset();
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError()).isNotNull();
		assertThat(this.output).hasContent("{\"id\":9}\n");
	}

	private Mill mill() {
		JsonFileBroker files = JsonFileBroker.builder(new JsonMapper()).build();
		MillBuilder builder = Mill.builder("copy").stateDirectory(this.directory);
		Input<Element> from = builder.from(file("in", this.input), files);
		builder.process((delivery) -> delivery.get(from));
		builder.to(file("out", this.output), Element.class, files);
		return builder.build();
	}

	private static StreamDefinition<Element> file(String stream, Path path) {
		return new StreamDefinition<>(stream, Element.class, Map.of(JsonFileBroker.FILE_PROPERTY, path.toString()));
	}

	record Element(long id) {

	}

}
