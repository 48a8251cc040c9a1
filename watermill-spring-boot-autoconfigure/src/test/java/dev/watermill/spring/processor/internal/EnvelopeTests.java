package dev.watermill.spring.processor.internal;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.delivery.Result;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A function may return a {@link Result} wherever it may return the value alone.
 */
class EnvelopeTests {

	@TempDir
	Path directory;

	@BeforeEach
	void writeInput() {
		MillsRunner.write(this.directory.resolve("in.json"), "[{\"time\":1},{\"time\":2},{\"time\":3}]");
	}

	private String results(String stream) {
		return MillsRunner.read(this.directory.resolve(stream + ".json")).replaceAll("\\s", "");
	}

	private void run(Class<?> processor, String... properties) {
		MillsRunner.runner(this.directory)
			.withUserConfiguration(processor)
			.withPropertyValues(properties)
			.withPropertyValues("watermill.streams.a.file=" + this.directory.resolve("in.json"),
					"watermill.streams.b.file=" + this.directory.resolve("b.json"),
					"watermill.streams.fire.file=" + this.directory.resolve("fire.json"),
					"watermill.streams.smoke.file=" + this.directory.resolve("smoke.json"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Mill mill = MillsRunner.await(context, "mill");
				assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
			});
	}

	@ParameterizedTest
	@ValueSource(
			classes = { Single.class, Optionals.class, Lists.class, Iterators.class, Streams.class, Wildcards.class })
	void writesTheValuesOfEveryForm(Class<?> processor) {
		run(processor);
		assertThat(results("b")).isEqualTo("[{\"time\":1},{\"time\":3}]");
	}

	@Test
	void writesEachPermittedTypeToItsStream() {
		run(Sealed.class);
		assertThat(results("fire")).isEqualTo("[{\"at\":1},{\"at\":3}]");
		assertThat(results("smoke")).isEqualTo("[{\"at\":2}]");
	}

	@Test
	void writesValuesWithoutTypes() {
		run(Dynamic.class);
		assertThat(results("b")).isEqualTo("[{\"time\":1},{\"time\":2},{\"time\":3}]");
		run(Anything.class, "watermill.mills.mill.outputs.fire=" + B.class.getName());
		assertThat(results("fire")).isEqualTo("[{\"time\":1},{\"time\":1}]");
	}

	@WaterMillProcessor("mill")
	static class Single {

		@Nullable Result<B> function(A a) {
			return (a.time() != 2) ? Result.of(new B(a.time())).withKey(a.time()).withHeader("kind", "single") : null;
		}

	}

	@WaterMillProcessor("mill")
	static class Optionals {

		Optional<Result<B>> function(A a) {
			return Optional.ofNullable(new Single().function(a));
		}

	}

	@WaterMillProcessor("mill")
	static class Lists {

		List<Result<B>> function(A a) {
			return (a.time() != 1) ? List.of() : List.of(Result.of(new B(1)), Result.of(new B(3)));
		}

	}

	@WaterMillProcessor("mill")
	static class Iterators {

		Iterator<Result<B>> function(A a) {
			return new Lists().function(a).iterator();
		}

	}

	@WaterMillProcessor("mill")
	static class Streams {

		Stream<Result<B>> function(A a) {
			return new Lists().function(a).stream();
		}

	}

	@WaterMillProcessor("mill")
	static class Wildcards {

		List<? extends Result<? extends B>> function(A a) {
			return new Lists().function(a);
		}

	}

	@WaterMillProcessor("mill")
	static class Sealed {

		Result<Alarm> function(A a) {
			return Result.of((a.time() != 2) ? new Fire(a.time()) : new Smoke(a.time()));
		}

	}

	@WaterMillProcessor("mill")
	static class Dynamic {

		@ToStream("b")
		Result<Map<String, Object>> function(A a) {
			return Result.of(Map.of("time", a.time()));
		}

	}

	@WaterMillProcessor("mill")
	static class Anything {

		Object function(A a) {
			return (a.time() != 1) ? List.of() : List.of(Result.of(new B(1)), new B(1));
		}

	}

	record A(long time) {

	}

	record B(long time) {

	}

	sealed interface Alarm {

	}

	record Fire(long at) implements Alarm {

	}

	record Smoke(long at) implements Alarm {

	}

}
