package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files, each of them in order, that are merged as one ordered stream.
 */
class MergedFilesTests {

	private static final KeyFunction<Integer> TENTH = KeyFunction.ofLong("x / 10", (x) -> x / 10);

	private static final List<String> MERGED = List.of("[1,2,3]", "[11,12,10]", "[20,20,21,20]", "[30]");

	@TempDir
	private Path directory;

	private ErrorPolicy onDisorder = ErrorPolicy.FAIL;

	@BeforeEach
	void writeFiles() {
		file("a-1.jsonl", "1\n11\n12\n20\n20\n");
		file("a-2.jsonl", "2\n3\n10\n21\n");
		TestFiles.write(this.directory.resolve("a-3.jsonl.gz"), TestFiles.gzip("20\n30\n"));
	}

	private void file(String name, String content) {
		TestFiles.write(this.directory.resolve(name), content);
	}

	private StreamDefinition<Integer> in(String pattern) {
		return new StreamDefinition<>("in", Integer.class,
				Map.of("file", this.directory.resolve(pattern).toString(), "merge", "true", "format", "lines"));
	}

	/**
	 * Build a mill that writes each window as a line.
	 * @param failing at which delivery its function fails, -1 for none
	 */
	private Mill mill(int failing) {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).build();
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofNanos(1))
			.pollTimeout(Duration.ofMillis(1))
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
		Input<Integer> in = builder.from(in("a-*"), broker);
		in.onDisorder(this.onDisorder);
		builder.windowBy(TENTH);
		builder.to(new StreamDefinition<>("out", List.class,
				Map.of("file", this.directory.resolve("out.jsonl").toString())), List.class, broker);
		int[] calls = { 0 };
		return builder.process((delivery) -> {
			if (calls[0]++ == failing) {
				throw new IllegalStateException("as asked");
			}
			return List.copyOf(delivery.window(in));
		}).build();
	}

	private List<String> out() throws IOException {
		return Files.readAllLines(this.directory.resolve("out.jsonl"));
	}

	@Test
	void comeInTheOrderOfTheirKeysAndThenOfTheirNames() throws IOException {
		assertThat(mill(-1).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).isEqualTo(MERGED);
	}

	@Test
	void areTakenUpWhereEachOfThemWas() throws IOException {
		for (int i = 0; i < MERGED.size(); i++) {
			Files.deleteIfExists(this.directory.resolve("out.jsonl"));
			Files.deleteIfExists(this.directory.resolve("out.jsonl.checkpoint"));
			assertThat(mill(i).run()).isEqualTo(MillState.FAILED);
			assertThat(out()).isEqualTo(MERGED.subList(0, i));
			assertThat(mill(-1).run()).isEqualTo(MillState.COMPLETED);
			assertThat(out()).isEqualTo(MERGED);
		}
	}

	@Test
	void areFoundAgainByTheirNames() throws IOException {
		assertThat(mill(2).run()).isEqualTo(MillState.FAILED);
		file("a-0.jsonl", "25\n40\n");
		assertThat(mill(-1).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("[1,2,3]", "[11,12,10]", "[25,20,20,21,20]", "[30]", "[40]");
	}

	@Test
	void keysOfANewOneThatWerePassedAreOutOfOrder() throws IOException {
		assertThat(mill(2).run()).isEqualTo(MillState.FAILED);
		file("a-0.jsonl", "5\n25\n");
		Mill failed = mill(-1);
		assertThat(failed.run()).isEqualTo(MillState.FAILED);
		assertThat(failed.status().lastError().message()).contains("a-0.jsonl:1").contains("went back: 0 after 1");
		this.onDisorder = ErrorPolicy.SKIP;
		Mill skipping = mill(-1);
		assertThat(skipping.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("[1,2,3]", "[11,12,10]", "[25,20,20,21,20]", "[30]");
	}

	@Test
	void oneThatIsGoneBeforeItsEndStopsTheMill() throws IOException {
		assertThat(mill(2).run()).isEqualTo(MillState.FAILED);
		Files.delete(this.directory.resolve("a-2.jsonl"));
		Mill failed = mill(-1);
		assertThat(failed.run()).isEqualTo(MillState.FAILED);
		assertThat(failed.status().lastError().message())
			.contains("has no a-2.jsonl any more, which was merged with the others, and not to its end");
		file("a-2.jsonl", "2\n3\n10\n21\n");
		assertThat(mill(-1).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).isEqualTo(MERGED);
	}

	@Test
	void oneThatWasReadToItsEndMayGo() throws IOException {
		assertThat(mill(3).run()).isEqualTo(MillState.FAILED);
		Files.delete(this.directory.resolve("a-1.jsonl"));
		assertThat(mill(-1).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).isEqualTo(MERGED);
	}

	@Test
	void oneFileIsNotMerged() {
		JsonFileBroker broker = JsonFileBroker.builder(TestFiles.JSON).build();
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> broker.source(in("a-1.jsonl")))
			.withMessageContaining("is one file. Bind it to a pattern");
	}

}
