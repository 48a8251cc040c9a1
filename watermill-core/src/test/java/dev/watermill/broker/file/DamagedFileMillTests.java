package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import dev.watermill.Accounting;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.file.TestFiles.Attempt;
import dev.watermill.codec.InvalidElement;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for mills that read a damaged file.
 */
class DamagedFileMillTests {

	@TempDir
	private Path directory;

	private Mill mill(Path in, Path out) {
		JsonFileBroker files = JsonFileBroker.builder(TestFiles.JSON).build();
		MillBuilder builder = Mill.builder("mill");
		Input<Integer> input = builder.from(TestFiles.definition(in, Integer.class), files);
		input.onInvalid(ErrorPolicy.SKIP);
		builder.process((delivery) -> delivery.get(input));
		builder.to(TestFiles.definition(out, Integer.class), Integer.class, files);
		return builder.build();
	}

	@Test
	void failsBehindWhatIsWholeAndGoesOnThereOnceTheFileIsRestored() throws IOException {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < 400; i++) {
			text.append((i == 7) ? "x" : i).append('\n');
		}
		byte[] whole = TestFiles.gzip(text.toString());
		Path in = TestFiles.write(this.directory.resolve("in.jsonl.gz"), Arrays.copyOf(whole, whole.length - 100));
		Path out = this.directory.resolve("out.jsonl");
		Mill mill = mill(in, out);
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("'test'", in.toString(), "in the middle");
		assertThat(Files.readAllLines(out)).hasSizeBetween(100, 398);
		TestFiles.write(in, whole);
		assertThat(mill(in, out).run()).isEqualTo(MillState.COMPLETED);
		assertThat(Files.readString(out)).isEqualTo(text.toString().replace("x\n", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { ".json", ".jsonl" })
	void accountsForEveryElementOfADamagedFile(String suffix) {
		for (long seed = 0; seed < 100; seed++) {
			RandomJson json = new RandomJson(seed);
			List<JsonNode> elements = json.elements(8);
			String text = json.damaged(suffix.equals(".json") ? json.array(elements) : json.lines(elements));
			Path in = TestFiles.write(this.directory.resolve("in" + suffix), text);
			Attempt attempt = TestFiles.tryToRead(TestFiles.source(in, JsonNode.class, 100_000), null);
			List<Object> found = attempt.content().elements();
			long invalid = found.stream().filter((element) -> element instanceof InvalidElement).count();
			MillBuilder builder = Mill.builder("mill");
			Input<JsonNode> input = builder.from(TestFiles.definition(in, JsonNode.class),
					JsonFileBroker.builder(TestFiles.JSON).build());
			input.onInvalid(ErrorPolicy.SKIP);
			long[] delivered = new long[1];
			Mill mill = builder.stateDirectory(this.directory.resolve("state" + seed + suffix))
				.forEach((delivery) -> delivered[0]++)
				.build();
			MillState state = mill.run();
			String what = "seed %d: %s".formatted(seed, text);
			assertThat(state).as(what).isEqualTo((attempt.failure() != null) ? MillState.FAILED : MillState.COMPLETED);
			assertThat(mill.counters().inputs().get("test").skipped(SkipReason.INVALID).get()).as(what)
				.isEqualTo(invalid);
			assertThat(delivered[0]).as(what).isEqualTo(found.size() - invalid);
			Accounting.assertAccounted(mill, "test", delivered[0], 0);
		}
	}

	@Test
	void failsForACutArrayThoughInvalidElementsAreSkipped() throws IOException {
		Path in = TestFiles.write(this.directory.resolve("in.json"), "[1,\n2,\nx,\n3");
		Path out = this.directory.resolve("out.jsonl");
		Mill mill = mill(in, out);
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		TestFiles.write(in, "[1,\n2,\nx,\n3,\n4]");
		assertThat(mill(in, out).run()).isEqualTo(MillState.COMPLETED);
		assertThat(Files.readAllLines(out)).containsExactly("1", "2", "3", "4");
	}

}
