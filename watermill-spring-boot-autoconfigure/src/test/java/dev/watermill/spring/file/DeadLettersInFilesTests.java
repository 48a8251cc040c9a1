package dev.watermill.spring.file;

import java.nio.file.Path;
import java.util.Optional;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Dead letters of files in files, as an application has them.
 */
class DeadLettersInFilesTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		MillsRunner.write(this.directory.resolve("a.jsonl"),
				"{\"time\":1,\"name\":\"x\"}\n{\"time\":\"late\",\"name\":\"y\"}\n{\"time\":3,\"name\":\"z\"}\n");
		this.runner = MillsRunner.runner(this.directory)
			.withPropertyValues("watermill.streams.a.file=" + this.directory.resolve("a.jsonl"),
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"),
					"watermill.streams.a.on-invalid=dead-letter", "watermill.mills.mill.on-error=dead-letter",
					"watermill.mills.mill.retry.max-retries=0");
	}

	private String dead() {
		return MillsRunner.read(this.directory.resolve("dead.jsonl"));
	}

	private static void awaitCompleted(Mill mill) {
		assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void writesWhatIsInvalidAndWhatTheFunctionFailsFor() {
		this.runner.withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.mills.mill.dead-letter.file=" + this.directory.resolve("dead.jsonl"))
			.run((context) -> {
				Mill mill = MillsRunner.await(context, "mill");
				awaitCompleted(mill);
				assertThat(mill.counters().inputs().get("a").deadLettered(SkipReason.INVALID).get()).isEqualTo(1);
				assertThat(mill.counters().inputs().get("a").deadLettered(SkipReason.FAILED).get()).isEqualTo(1);
			});
		assertThat(MillsRunner.read(this.directory.resolve("b.jsonl"))).isEqualTo("{\"time\":1,\"name\":\"x\"}\n");
		assertThat(dead().lines().toList()).satisfiesExactly(
				(line) -> assertThat(line).contains("\"reason\":\"invalid\"", "{\\\"time\\\":\\\"late\\\"",
						"\"line\":2"),
				(line) -> assertThat(line).contains("\"reason\":\"failed\"", "as intended", "\"line\":3"));
	}

	@Test
	void replaysThemOnceTheMillThatWritesThemHasEnded() {
		this.runner.withUserConfiguration(Copy.class, Repair.class)
			.withPropertyValues("watermill.streams.a.dead-letter.file=" + this.directory.resolve("dead.jsonl"),
					"watermill.streams.dead.file=" + this.directory.resolve("dead.jsonl"),
					"watermill.streams.dead.format=dead-letter",
					"watermill.streams.c.file=" + this.directory.resolve("c.jsonl"))
			.run((context) -> {
				awaitCompleted(MillsRunner.await(context, "mill"));
				awaitCompleted(MillsRunner.await(context, "repair"));
			});
		assertThat(MillsRunner.read(this.directory.resolve("c.jsonl"))).isEqualTo("{\"time\":2,\"name\":\"y\"}\n");
	}

	@WaterMillProcessor("mill")
	static class Copy {

		@ToStream("b")
		A copy(A a) {
			if (a.time() == 3) {
				throw new IllegalStateException("as intended");
			}
			return a;
		}

	}

	@WaterMillProcessor("repair")
	static class Repair {

		@ToStream("c")
		Optional<A> repair(@FromStream("dead") JsonNode dead) {
			return dead.path("time").isString() ? Optional.of(new A(2, dead.path("name").asString()))
					: Optional.empty();
		}

	}

	record A(long time, String name) {

	}

}
