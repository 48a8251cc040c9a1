package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.internal.FileMill.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files that have more than one name.
 */
class FilePlaceTests {

	@TempDir
	private Path directory;

	private Path input;

	@BeforeEach
	void makeNames() throws IOException {
		this.input = path("in.jsonl");
		Files.writeString(this.input, "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
		Files.createDirectories(path("real/deep"));
		Files.createSymbolicLink(path("link"), Path.of("real/deep"));
	}

	private Path path(String name) {
		return this.directory.resolve(name);
	}

	/**
	 * Make all ways to name a file that is not there yet.
	 */
	private List<Path> names(String name) throws IOException {
		String alias = "alias-" + name;
		Files.createSymbolicLink(path("real/" + alias), Path.of("deep/" + name));
		Files.createSymbolicLink(path("absolute-" + name), path("real/" + alias));
		Path file = path("real/deep/" + name);
		return List.of(file, path("link/" + name), path("link/../deep/./" + name), path("real/" + alias),
				path("absolute-" + name), Path.of("").toAbsolutePath().relativize(file));
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.json", "out.jsonl", "out.json.gz" })
	void refusesTwoOutputsOnOneFile(String name) throws IOException {
		Path file = path("real/deep/" + name);
		for (Path other : names(name)) {
			MillBuilder builder = FileMill.copy(this.input, file, FileMill.FILES, (element) -> element);
			builder.to(FileMill.file("again", other), Element.class, FileMill.FILES);
			assertThatExceptionOfType(IllegalArgumentException.class).as(other.toString())
				.isThrownBy(builder::build)
				.withMessageContaining("'copy'")
				.withMessageContaining("'out'")
				.withMessageContaining("'again'")
				.withMessageContaining(file.toString())
				.withMessageContaining(other.toString());
		}
	}

	@Test
	void refusesToReadItsOwnOutput() throws IOException {
		Path file = path("real/deep/both.jsonl");
		for (Path other : names("both.jsonl")) {
			Files.deleteIfExists(file);
			refusesToRead(file, other);
			Files.writeString(file, "{\"id\":1}\n");
			refusesToRead(file, other);
			refusesToRead(other, file);
		}
	}

	private static void refusesToRead(Path input, Path output) {
		assertThatExceptionOfType(IllegalArgumentException.class).as(input + " and " + output)
			.isThrownBy(() -> FileMill.copy(input, output))
			.withMessageContaining("'copy'")
			.withMessageContaining("'in'")
			.withMessageContaining("'out'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.json", "out.jsonl", "out.json.gz" })
	void refusesTwoOutputsOnOneFileThatHasTwoNames(String name) throws IOException {
		Path file = Files.writeString(path(name), "");
		Path other = Files.createLink(path("real/other-" + name), file);
		MillBuilder builder = FileMill.copy(this.input, file, FileMill.FILES, (element) -> element);
		builder.to(FileMill.file("again", other), Element.class, FileMill.FILES);
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(builder::build)
			.withMessageContaining("'out'")
			.withMessageContaining("'again'")
			.withMessageContaining(other.toString());
	}

	@Test
	void refusesToReadItsOwnOutputByAHardLink() throws IOException {
		Path other = Files.createLink(path("real/other.jsonl"), this.input);
		refusesToRead(this.input, other);
		refusesToRead(other, this.input);
		refusesToRead(path("real/oth*.jsonl"), this.input);
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.jsonl", "out.jsonl.gz" })
	void refusesToWriteIntoAFileThatHasAnotherName(String name) throws IOException {
		Path file = path(name);
		Files.writeString(this.input, "{\"id\":1}\n{\"id\":\n");
		assertThat(FileMill.copy(this.input, file).run()).isEqualTo(MillState.FAILED);
		Path other = Files.createLink(path("real/other-" + name), file);
		byte[] before = Files.readAllBytes(file);
		Files.writeString(this.input, "{\"id\":1}\n{\"id\":2}\n");
		for (Path either : List.of(file, other)) {
			Mill mill = FileMill.copy(this.input, either);
			assertThat(mill.run()).isEqualTo(MillState.FAILED);
			assertThat(FileMill.problem(mill)).contains("'out'", either.toString(), "2 names (hard links)",
					"a copy of its own");
			assertThat(other).hasBinaryContent(before);
		}
		Path copy = Files.copy(file, path("copy"));
		Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
		assertThat(FileMill.copy(this.input, file).run()).isEqualTo(MillState.COMPLETED);
		assertThat(other).hasBinaryContent(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.json", "out.json.gz" })
	void leavesWhatAnArrayWasUnderItsOtherName(String name) throws IOException {
		Path file = path(name);
		assertThat(FileMill.copy(this.input, file).run()).isEqualTo(MillState.COMPLETED);
		Path snapshot = Files.createLink(path("real/" + name), file);
		byte[] before = Files.readAllBytes(file);
		Files.writeString(this.input, "{\"id\":4}\n");
		assertThat(FileMill.copy(this.input, file).run()).isEqualTo(MillState.COMPLETED);
		assertThat(snapshot).hasBinaryContent(before);
		assertThat(Files.readAllBytes(file)).isNotEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.json", "out.json.gz" })
	void leavesALinkToAnArrayALink(String name) throws IOException {
		Path file = path("real/deep/" + name);
		for (Path other : names(name)) {
			Files.deleteIfExists(file);
			assertThat(FileMill.copy(this.input, other).run()).as(other.toString()).isEqualTo(MillState.COMPLETED);
			byte[] whole = Files.readAllBytes(file);
			assertThat(Files.isSymbolicLink(file)).isFalse();
			Files.writeString(file, "[]");
			assertThat(FileMill.copy(this.input, other).run()).as(other.toString()).isEqualTo(MillState.COMPLETED);
			assertThat(file).as(other.toString()).hasBinaryContent(whole);
			assertThat(path("real/deep/" + name + ".part")).doesNotExist();
		}
		assertThat(path("absolute-" + name)).isSymbolicLink();
		assertThat(path("real/alias-" + name)).isSymbolicLink();
		assertThat(path("absolute-" + name + ".checkpoint")).doesNotExist();
	}

	@Test
	void goesOnWhereItWasUnderAnyNameOfItsOutput() throws IOException {
		Path file = path("real/deep/out.jsonl");
		for (Path other : names("out.jsonl")) {
			Files.writeString(this.input, "{\"id\":1}\n{\"id\":\n");
			assertThat(FileMill.copy(this.input, file).run()).isEqualTo(MillState.FAILED);
			Files.writeString(this.input, "{\"id\":1}\n{\"id\":2}\n");
			Mill mill = FileMill.copy(this.input, other);
			assertThat(mill.run()).as(other + ": " + FileMill.problem(mill)).isEqualTo(MillState.COMPLETED);
			assertThat(file).hasContent("{\"id\":1}\n{\"id\":2}\n");
		}
		try (var files = Files.walk(this.directory)) {
			assertThat(files.filter((path) -> path.toString().endsWith(".checkpoint"))).hasSize(1);
		}
	}

	@Test
	void refusesASecondMillWhateverNameItHasForTheFile() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Mill first = FileMill.copy(this.input, path("real/deep/out.jsonl"), (element) -> {
			called.countDown();
			await(goOn);
			return element;
		});
		first.start();
		await(called);
		try {
			for (Path other : names("out.jsonl")) {
				Mill second = FileMill.copy(this.input, other);
				assertThat(second.run()).as(other.toString()).isEqualTo(MillState.STOPPED);
				assertThat(FileMill.problem(second)).contains("in use in this process");
			}
		}
		finally {
			goOn.countDown();
		}
		assertThat(first.awaitEnd(java.time.Duration.ofSeconds(20))).isTrue();
		assertThat(path("real/deep/out.jsonl")).hasContent("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void keepsTheCheckpointsOfMillsApartThatWriteNothing() throws IOException {
		for (String name : List.of("温度", "湿度", "Robot", "robot")) {
			MillBuilder builder = Mill.builder(name).stateDirectory(path("state"));
			Input<Element> from = builder.from(FileMill.file("in", this.input), FileMill.FILES);
			builder.forEach((delivery) -> delivery.get(from));
			Mill mill = builder.build();
			assertThat(mill.run()).as(name + ": " + FileMill.problem(mill)).isEqualTo(MillState.COMPLETED);
		}
		try (var files = Files.list(path("state"))) {
			assertThat(files.filter((path) -> path.toString().endsWith(".checkpoint"))).hasSize(4);
		}
	}

}
