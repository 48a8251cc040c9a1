package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.file.TestFiles.Attempt;
import dev.watermill.broker.file.TestFiles.Content;
import dev.watermill.stream.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for several files that are read as one stream.
 */
class FilePatternTests {

	@TempDir
	private Path directory;

	private StreamSource<Integer> source(String pattern, String format) {
		return JsonFileBroker.builder(TestFiles.JSON)
			.build()
			.source(new StreamDefinition<>("test", Integer.class,
					Map.of("file", this.directory.resolve(pattern).toString(), "format", format)));
	}

	private Path file(String name, String content) {
		Path file = this.directory.resolve(name);
		return name.endsWith(".gz") ? TestFiles.write(file, TestFiles.gzip(content)) : TestFiles.write(file, content);
	}

	@Test
	void readsFilesInTheOrderOfTheirNames() {
		file("a-2.jsonl", "3\n4");
		file("a-1.jsonl", "1\n2\n");
		file("a-10.jsonl", "");
		file("b-0.jsonl", "9\n");
		file("a-3.jsonl.part", "9\n");
		Content content = TestFiles.read(source("a-*.jsonl", ""), null);
		assertThat(content.elements()).containsExactly(1, 2, 3, 4);
		assertThat(content.origins()).containsExactly(this.directory.resolve("a-1.jsonl") + ":1",
				this.directory.resolve("a-1.jsonl") + ":2", this.directory.resolve("a-2.jsonl") + ":1",
				this.directory.resolve("a-2.jsonl") + ":2");
	}

	@Test
	void knowsWhichFilesItReadsBeforeTheyAreThere() throws IOException {
		StreamSource<Integer> source = source("a-*.jsonl", "");
		Path real = this.directory.toRealPath();
		assertThat(source.reads(real.resolve("a-1.jsonl"))).isTrue();
		assertThat(source.reads(real.resolve("a-*.jsonl"))).isTrue();
		assertThat(source.reads(real.resolve("b-1.jsonl"))).isFalse();
		assertThat(source.reads(real.resolve("deeper/a-1.jsonl"))).isFalse();
		assertThat(source.reads("a-1.jsonl")).isFalse();
		Files.createSymbolicLink(this.directory.resolve("a-2.jsonl"), Path.of("elsewhere"));
		assertThat(source.reads(real.resolve("elsewhere"))).isTrue();
	}

	@Test
	void refusesAPatternInTheNameOfADirectory() {
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> source("*/a.jsonl", "").verify())
			.withMessageContaining("has a pattern in the name of a directory");
	}

	@Test
	void goesOnFromEveryPositionWithoutTheFilesBeforeIt() throws IOException {
		Path first = file("a-1.jsonl", "1\n2\n");
		file("a-2.jsonl", "\n");
		file("a-3.jsonl", "3\n4\n");
		Content content = TestFiles.read(source("a-?.jsonl", ""), null);
		for (int i = 0; i <= 4; i++) {
			Position position = Position.parse(content.positions().get(i).toString());
			Content rest = TestFiles.read(source("a-?.jsonl", ""), position);
			assertThat(rest.elements()).isEqualTo(content.elements().subList(i, 4));
			assertThat(rest.positions()).isEqualTo(content.positions().subList(i, 5));
		}
		Files.delete(first);
		assertThat(TestFiles.read(source("a-?.jsonl", ""), content.positions().get(3)).elements()).containsExactly(4);
		Attempt gone = TestFiles.tryToRead(source("a-?.jsonl", ""), content.positions().get(1));
		assertThat(gone.failure()).hasMessageContaining("a-1.jsonl").hasMessageContaining("gone");
	}

	@Test
	void goesOnWithFilesAndLinesThatCameLater() throws IOException {
		Path last = file("a-1.jsonl", "1\n2\n");
		Content content = TestFiles.read(source("a-*.jsonl", ""), null);
		Position behind = content.positions().get(2);
		file("a-1.jsonl", "1\n2\n3\n");
		file("a-2.jsonl", "4\n");
		assertThat(TestFiles.read(source("a-*.jsonl", ""), behind).elements()).containsExactly(3, 4);
		Files.delete(last);
		assertThat(TestFiles.read(source("a-*.jsonl", ""), behind).elements()).containsExactly(4);
	}

	@Test
	void failsWhereAFileCameBeforeWhatWasRead() throws IOException {
		file("a-1.jsonl", "1\n");
		Path second = file("a-2.jsonl", "2\n3\n");
		Content content = TestFiles.read(source("a-*.jsonl", ""), null);
		Position within = content.positions().get(2);
		Path late = file("a-0.jsonl", "9\n");
		for (Position from : List.of(within, content.positions().get(3))) {
			assertThat(TestFiles.tryToRead(source("a-*.jsonl", ""), from).failure())
				.hasMessageContaining("has 2 files before a-2.jsonl")
				.hasMessageContaining("would be left out");
		}
		Files.delete(late);
		assertThat(TestFiles.read(source("a-*.jsonl", ""), within).elements()).containsExactly(3);
		Files.delete(this.directory.resolve("a-1.jsonl"));
		assertThat(TestFiles.read(source("a-*.jsonl", ""), within).elements()).containsExactly(3);
		assertThat(second).exists();
	}

	@Test
	void failsWhereAFileComesBeforeWhatIsRead() throws Exception {
		file("a-1.jsonl", "1\n");
		file("a-3.jsonl", "3\n");
		try (StreamReader<Integer> reader = source("a-*.jsonl", "").open(new LaneId("mill", 0), null)) {
			assertThat(reader.read(Duration.ZERO).size()).isEqualTo(1);
			file("a-0.jsonl", "0\n");
			assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> reader.read(Duration.ZERO))
				.withMessageContaining("has 1 file before a-1.jsonl");
		}
	}

	@Test
	void readsCompressedFilesAmongOthers() {
		file("app.log.1.gz", "1\n");
		file("app.log.2", "2\n");
		assertThat(TestFiles.read(source("app.log*", "lines"), null).elements()).containsExactly(1, 2);
	}

	@Test
	void failsAtADamagedFileBehindWhatIsWhole() {
		file("a-1.json", "[1,2]");
		file("a-2.json", "[3");
		file("a-3.json", "[4]");
		Attempt attempt = TestFiles.tryToRead(source("a-*.json", ""), null);
		assertThat(attempt.content().elements()).containsExactly(1, 2);
		assertThat(attempt.failure()).hasMessageContaining("a-2.json");
		file("a-2.json", "[3,3]");
		assertThat(TestFiles.read(source("a-*.json", ""), attempt.content().positions().get(2)).elements())
			.containsExactly(3, 3, 4);
	}

	@Test
	void refusesAPatternThatNoFileHasAndOneThatIsWritten() {
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> source("a-*.jsonl", "").verify())
			.withMessageContaining("a-*.jsonl")
			.withMessageContaining("no file");
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).build();
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> broker.sink(new StreamDefinition<>("test", Integer.class, Map.of("file", "out-*.jsonl"))))
			.withMessageContaining("pattern");
	}

}
