package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StartFrom;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Values that are out of all bounds, in settings and in checkpoints.
 */
class BoundsTests {

	@TempDir
	private Path directory;

	private Path input() throws IOException {
		return Files.writeString(this.directory.resolve("in.jsonl"), "{\"id\":1}\n{\"id\":2}\n{\"id\":\n");
	}

	private MillBuilder builder() throws IOException {
		return FileMill.copy(input(), this.directory.resolve("out.jsonl"), FileMill.FILES, UnaryOperator.identity());
	}

	@Test
	void refusesDurationsThatNoClockCounts() throws IOException {
		List<BiConsumer<MillBuilder, Duration>> settings = List.of(MillBuilder::pollTimeout,
				MillBuilder::commitInterval, MillBuilder::dataTimeout, MillBuilder::windowEvery,
				(builder, value) -> builder.retry(new RetryPolicy(2, value, value)));
		for (BiConsumer<MillBuilder, Duration> setting : settings) {
			MillBuilder builder = builder();
			setting.accept(builder, MillBuilder.MAX_DURATION);
			for (Duration duration : List.of(Duration.ofDays(150_000), Duration.ofSeconds(Long.MAX_VALUE),
					Duration.ofSeconds(-1))) {
				assertThatIllegalArgumentException().isThrownBy(() -> setting.accept(builder, duration))
					.withMessageContaining("must");
			}
		}
		assertThatIllegalArgumentException().isThrownBy(() -> builder().windowEvery(Duration.ZERO))
			.withMessageContaining("windows must be positive");
	}

	@Test
	void worksWithTheLongestDurations() throws IOException {
		Files.writeString(input(), "{\"id\":1}\n");
		Duration longest = MillBuilder.MAX_DURATION;
		Mill mill = builder().pollTimeout(longest)
			.commitInterval(longest)
			.dataTimeout(longest)
			.retry(new RetryPolicy(2, longest, longest))
			.build();
		mill.start();
		assertThat(awaitLong(mill)).isTrue();
	}

	private static boolean awaitLong(Mill mill) {
		try {
			return mill.awaitEnd(Duration.ofSeconds(Long.MAX_VALUE));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void refusesTimesThatNoTopicKnows() {
		for (Instant instant : List.of(Instant.MIN, Instant.ofEpochMilli(-1), Instant.MAX)) {
			assertThatIllegalArgumentException().isThrownBy(() -> new StartFrom.At(instant))
				.withMessageContaining("1970");
		}
		assertThat(new StartFrom.At(Instant.EPOCH).instant()).isEqualTo(Instant.EPOCH);
		assertThatIllegalArgumentException().isThrownBy(() -> StartFrom.parse("1969-12-31T23:59:59Z"));
	}

	@Test
	void failsInWordsWhereACheckpointHasNegativeNumbers() throws IOException {
		for (String field : List.of("offset", "count", "line", "length")) {
			assertThat(builder().build().run()).isEqualTo(MillState.FAILED);
			Path checkpoint = this.directory.resolve("out.jsonl.checkpoint");
			String text = Files.readString(checkpoint);
			String spoilt = text.replaceFirst("(\"" + field + "\" : )\\d+", "$1-8");
			assertThat(spoilt).as(text).isNotEqualTo(text);
			Files.writeString(checkpoint, spoilt);
			Mill mill = builder().build();
			assertThat(mill.run()).isEqualTo(MillState.FAILED);
			String stream = field.equals("length") ? "out" : "in";
			assertThat(FileMill.problem(mill)).contains("tream '" + stream + "'", "-8", stream + ".jsonl",
					"or reset the mill");
			assertThat(this.directory.resolve("out.jsonl")).hasContent("{\"id\":1}\n{\"id\":2}\n");
			Files.writeString(checkpoint, text);
		}
	}

}
