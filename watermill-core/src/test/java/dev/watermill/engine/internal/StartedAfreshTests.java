package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.engine.internal.FileMill.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills of files that have completed start afresh, so it does not matter which streams
 * they had then.
 */
class StartedAfreshTests {

	@TempDir
	private Path directory;

	@BeforeEach
	void writeInput() throws IOException {
		Files.writeString(this.directory.resolve("in.jsonl"), "{\"id\":1}\n{\"id\":2}\n");
		Files.writeString(this.directory.resolve("right.jsonl"), "{\"id\":2}\n");
	}

	private Mill mill(boolean joined, boolean writes, int failAt) {
		MillBuilder builder = Mill.builder("copy").stateDirectory(this.directory.resolve("state"));
		Input<Element> from = builder.from(FileMill.file("in", this.directory.resolve("in.jsonl")), FileMill.FILES);
		if (joined) {
			builder.join(from, FileMill.file("right", this.directory.resolve("right.jsonl")), FileMill.FILES)
				.onLong(Element::id, Element::id)
				.many();
		}
		builder.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
		if (!writes) {
			return builder.forEach((delivery) -> fail(delivery.get(from), failAt)).build();
		}
		builder.process((delivery) -> fail(delivery.get(from), failAt));
		return builder.to(FileMill.file("out", this.directory.resolve("out.jsonl")), Element.class, FileMill.FILES)
			.build();
	}

	private static Element fail(Element element, int at) {
		if (element.id() == at) {
			throw new IllegalStateException("failed at " + at);
		}
		return element;
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void joinsOneMoreStream(boolean writes) throws IOException {
		assertThat(mill(false, writes, 0).run()).isEqualTo(MillState.COMPLETED);
		Mill changed = mill(true, writes, 0);
		assertThat(changed.run()).as(FileMill.problem(changed)).isEqualTo(MillState.COMPLETED);
		assertThat(changed.counters().deliveries().get()).isEqualTo(1);
		if (writes) {
			assertThat(this.directory.resolve("out.jsonl")).hasContent("{\"id\":2}");
		}
	}

	@Test
	void doesNotBeforeItHasCompleted() {
		assertThat(mill(false, true, 2).run()).isEqualTo(MillState.FAILED);
		Mill changed = mill(true, true, 0);
		assertThat(changed.run()).isEqualTo(MillState.FAILED);
		assertThat(FileMill.problem(changed)).contains("lack the streams [right]");
	}

}
