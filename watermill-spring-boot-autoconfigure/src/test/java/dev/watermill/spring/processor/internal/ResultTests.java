package dev.watermill.spring.processor.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.delivery.EndOfStream;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where results go, in every form that a function can return them.
 */
class ResultTests {

	@TempDir
	Path directory;

	@BeforeEach
	void writeInput() {
		MillsRunner.write(this.directory.resolve("in.json"), "[{\"time\":1},{\"time\":2},{\"time\":3}]");
	}

	private Path out(String stream) {
		return this.directory.resolve(stream + ".json");
	}

	private String results(String stream) {
		return MillsRunner.read(out(stream)).replaceAll("\\s", "");
	}

	private void run(Class<?> processor, String... properties) {
		MillsRunner.runner(this.directory)
			.withUserConfiguration(processor)
			.withPropertyValues(properties)
			.withPropertyValues("watermill.streams.a.file=" + this.directory.resolve("in.json"),
					"watermill.streams.b.file=" + out("b"), "watermill.streams.fire.file=" + out("fire"),
					"watermill.streams.smoke.file=" + out("smoke"), "watermill.streams.other.file=" + out("other"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Mill mill = MillsRunner.await(context, "mill");
				assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { Single.class, Optionals.class, Lists.class, Iterables.class, Iterators.class,
			Streams.class, Wildcards.class })
	void writesResultsOfEveryForm(Class<?> processor) {
		run(processor);
		assertThat(results("b")).isEqualTo("[{\"time\":1},{\"time\":3}]");
	}

	@Test
	void writesNothingWithoutResults() {
		run(Nothing.class);
		assertThat(Files.exists(out("b"))).isFalse();
		run(NothingBoxed.class);
	}

	@Test
	void writesEachPermittedTypeToItsStream() {
		run(Sealed.class);
		assertThat(results("fire")).isEqualTo("[{\"at\":1},{\"at\":3}]");
		assertThat(results("smoke")).isEqualTo("[{\"at\":2}]");
	}

	@Test
	void writesAllPermittedTypesToTheNamedStream() {
		run(SealedToOne.class);
		assertThat(results("other")).isEqualTo("[{\"at\":1},{\"at\":2},{\"at\":3}]");
	}

	@Test
	void writesObjectsToTheStreamsOfTheSettings() {
		run(Objects.class, "watermill.mills.mill.outputs.fire=" + Fire.class.getName(),
				"watermill.mills.mill.outputs.b=" + B.class.getName());
		assertThat(results("fire")).isEqualTo("[{\"at\":1},{\"at\":3}]");
		assertThat(results("b")).isEqualTo("[{\"time\":2}]");
	}

	@Test
	void writesObjectsToTheOneStreamOfTheSettings() {
		run(Objects.class, "watermill.mills.mill.outputs[0]=other");
		assertThat(results("other")).isEqualTo("[{\"at\":1},{\"time\":2},{\"at\":3}]");
	}

	@Test
	void endsTheStreamByAResult() {
		run(Ending.class);
		assertThat(results("b")).isEqualTo("[{\"time\":1}]");
	}

	@Test
	void writesResultsWithoutTypes() {
		run(Dynamic.class);
		assertThat(results("other")).isEqualTo("[{\"time\":1},{\"time\":2},{\"time\":3}]");
		run(DynamicNodes.class);
		assertThat(results("b")).isEqualTo("[[1],[2],[3]]");
	}

	@Test
	void writesNumbers() {
		run(Numbers.class);
		assertThat(results("other")).isEqualTo("[1,2,3]");
	}

	@WaterMillProcessor("mill")
	static class Single {

		@Nullable B function(A a) {
			return (a.time() != 2) ? new B(a.time()) : null;
		}

	}

	@WaterMillProcessor("mill")
	static class Optionals {

		Optional<B> function(A a) {
			return Optional.of(new B(a.time())).filter((b) -> b.time() != 2);
		}

	}

	@WaterMillProcessor("mill")
	static class Lists {

		List<B> function(A a) {
			return (a.time() != 1) ? List.of() : List.of(new B(1), new B(3));
		}

	}

	@WaterMillProcessor("mill")
	static class Iterables {

		Iterable<B> function(A a) {
			return new Lists().function(a);
		}

	}

	@WaterMillProcessor("mill")
	static class Iterators {

		Iterator<B> function(A a) {
			return new Lists().function(a).iterator();
		}

	}

	@WaterMillProcessor("mill")
	static class Streams {

		Stream<B> function(A a) {
			return new Lists().function(a).stream();
		}

	}

	@WaterMillProcessor("mill")
	static class Wildcards {

		List<? extends B> function(A a) {
			return new Lists().function(a);
		}

	}

	@WaterMillProcessor("mill")
	static class Nothing {

		void function(A a) {
		}

	}

	@WaterMillProcessor("mill")
	static class NothingBoxed {

		@Nullable Void function(A a) {
			return null;
		}

	}

	@WaterMillProcessor("mill")
	static class Sealed {

		List<Alarm> function(A a) {
			return List.of((a.time() != 2) ? new Fire(a.time()) : new Smoke(a.time()));
		}

	}

	@WaterMillProcessor("mill")
	static class SealedToOne {

		@ToStream("other")
		Alarm function(A a) {
			return (a.time() != 2) ? new Fire(a.time()) : new Smoke(a.time());
		}

	}

	@WaterMillProcessor("mill")
	static class Objects {

		Object function(A a) {
			return (a.time() != 2) ? new Fire(a.time()) : Optional.of(new B(a.time()));
		}

	}

	@WaterMillProcessor("mill")
	static class Ending {

		@ToStream("b")
		Object function(A a) {
			return (a.time() != 2) ? new B(a.time()) : EndOfStream.INSTANCE;
		}

	}

	@WaterMillProcessor("mill")
	static class Dynamic {

		@ToStream("other")
		Map<String, Object> function(A a) {
			return Map.of("time", a.time());
		}

	}

	@WaterMillProcessor("mill")
	static class DynamicNodes {

		@ToStream("b")
		JsonNode function(A a) {
			return JsonNodeFactory.instance.arrayNode().add(a.time());
		}

	}

	@WaterMillProcessor("mill")
	static class Numbers {

		@ToStream("Other")
		long function(A a) {
			return a.time();
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

	sealed interface Haze extends Alarm {

	}

	record Smoke(long at) implements Haze {

	}

}
