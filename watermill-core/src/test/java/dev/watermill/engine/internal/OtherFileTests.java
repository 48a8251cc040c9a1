package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills that stopped within a file and are given another one.
 */
class OtherFileTests {

	private static final String DAY_1 = "{\"id\":11}\n{\"id\":12}\n";

	private static final String DAY_2 = "{\"id\":21}\n{\"id\":22}\n{\"id\":23}\n";

	@TempDir
	private Path directory;

	private Path day1;

	private Path day2;

	private Path output;

	@BeforeEach
	void stopWithinTheFirst() throws IOException {
		this.output = this.directory.resolve("out.jsonl");
		this.day1 = Files.writeString(this.directory.resolve("day1.jsonl"), DAY_1 + "{");
		this.day2 = Files.writeString(this.directory.resolve("day2.jsonl"), DAY_2);
		assertThat(FileMill.copy(this.day1, this.output).run()).isEqualTo(MillState.FAILED);
		assertThat(this.output).hasContent(DAY_1);
	}

	private void fails(Path input, String... problem) {
		Mill mill = FileMill.copy(input, this.output);
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(FileMill.problem(mill)).contains("'in'", input.toString(), "--watermill.reset=copy")
			.contains(problem);
		assertThat(this.output).hasContent(DAY_1);
	}

	@Test
	void saysThatAFileIsADifferentOne() throws IOException {
		fails(this.day2, "is a different file", "'day1.jsonl'", "2 elements");
		Path namesake = Files.createDirectory(this.directory.resolve("2")).resolve("day1.jsonl");
		fails(Files.writeString(namesake, DAY_2), "is a different file", "'day1.jsonl'");
		fails(Files.writeString(this.directory.resolve("empty.jsonl"), ""), "is a different file");
		Files.createSymbolicLink(this.directory.resolve("link.jsonl"), Path.of("day2.jsonl"));
		fails(this.directory.resolve("link.jsonl"), "is a different file");
	}

	@Test
	void saysThatAFileHasChanged() throws IOException {
		Files.writeString(this.day1, DAY_2);
		fails(this.day1, "has changed before the position", "expected the same content");
		Files.writeString(this.day1, "");
		fails(this.day1, "has changed before the position", "expected the same length");
		Files.createSymbolicLink(this.directory.resolve("link.jsonl"), Path.of("day1.jsonl"));
		fails(this.directory.resolve("link.jsonl"), "has changed before the position");
	}

	@Test
	void goesOnWithAFileThatWasMoved() throws IOException {
		Path moved = this.directory.resolve("moved.jsonl");
		Files.writeString(moved, DAY_1 + "{\"id\":13}\n");
		Files.delete(this.day1);
		assertThat(FileMill.copy(moved, this.output).run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.output).hasContent(DAY_1 + "{\"id\":13}\n");
	}

	@Test
	void beginsWithTheOtherFileOnceItIsReset() {
		fails(this.day2, "is a different file");
		FileMill.copy(this.day2, this.output).reset();
		assertThat(FileMill.copy(this.day2, this.output).run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.output).hasContent(DAY_2);
	}

	@Test
	void beginsWithTheOtherFileOnceTheFirstHasCompleted() throws IOException {
		Files.writeString(this.day1, DAY_1);
		assertThat(FileMill.copy(this.day1, this.output).run()).isEqualTo(MillState.COMPLETED);
		assertThat(FileMill.copy(this.day2, this.output).run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.output).hasContent(DAY_2);
	}

}
