package dev.watermill.spring.binding.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.watermill.Mill;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.ElementEncoder;
import dev.watermill.engine.MillState;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams in files and in brokers of the user's own, and how their elements are read and
 * written.
 */
@ExtendWith(OutputCaptureExtension.class)
class BindingTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.runner(this.directory)
			.withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.file=" + file("a.jsonl"),
					"watermill.streams.b.file=" + file("b.jsonl"));
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private void in(String text) {
		MillsRunner.write(file("a.jsonl"), text);
	}

	private String out() {
		return MillsRunner.read(file("b.jsonl"));
	}

	@Test
	void ignoresUnknownFields() {
		in("{\"robotId\":1,\"battery\":99}\n");
		this.runner.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":1}\n");
	}

	@Test
	void refusesFractionsAndTextsAsIntegers() {
		for (String bad : List.of("1.5", "\"1\"")) {
			in("{\"robotId\":1}\n{\"robotId\":" + bad + "}\n");
			this.runner.run((context) -> {
				Mill mill = MillsRunner.await(context, "copy");
				assertThat(mill.state()).isEqualTo(MillState.FAILED);
				assertThat(mill.status().lastError().message()).contains("stream 'a'", "a.jsonl");
			});
		}
	}

	@Test
	void saysWhichJacksonSettingsDoNotApply(CapturedOutput output) {
		in("{\"robotId\":1.0}\n{\"robotId\":2e0}\n");
		this.runner
			.withPropertyValues("spring.jackson.deserialization.accept-float-as-int=false",
					"spring.jackson.deserialization.FAIL_ON_UNKNOWN_PROPERTIES=true",
					"spring.jackson.deserialization.fail-on-null-for-primitives=true",
					"spring.jackson.mapper.allow-coercion-of-scalars=true",
					"spring.jackson.datatype.datetime.adjust-dates-to-context-time-zone=true")
			.run((context) -> assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED));
		assertThat(out()).isEqualTo("{\"robotId\":1}\n{\"robotId\":2}\n");
		assertThat(output)
			.contains("accept-float-as-int=false does not apply to the streams of mills: 1.0 and 1e3",
					"FAIL_ON_UNKNOWN_PROPERTIES=true does not apply", "allow-coercion-of-scalars=true does not apply",
					"adjust-dates-to-context-time-zone=true does not apply")
			.doesNotContain("fail-on-null-for-primitives=true does not apply");
	}

	@Test
	void saysThatAFloatingWindowKeyIsNoSize(CapturedOutput output) {
		in("{\"x\":0.5}\n{\"x\":59.9}\n{\"x\":60.0}\n");
		ApplicationContextRunner floating = MillsRunner.runner(this.directory)
			.withUserConfiguration(FloatingWindows.class)
			.withPropertyValues("watermill.streams.a.file=" + file("a.jsonl"),
					"watermill.streams.b.file=" + file("b.jsonl"));
		floating.run((context) -> MillsRunner.await(context, "floating"));
		assertThat(output).contains("'floating' has the floating-point window key 'x / 60'", "#floorDiv(a, b)");
		int told = output.toString().length();
		floating
			.withPropertyValues("watermill.mills.floating.window.by=#floorDiv(x, 60)",
					"watermill.streams.b.overwrite=true")
			.run((context) -> MillsRunner.await(context, "floating"));
		assertThat(output.toString().substring(told)).doesNotContain("floating-point window key");
	}

	@Test
	void readsFilesOfAnyFraming() {
		MillsRunner.write(file("a.log"), "{\"robotId\":1}{\"robotId\":2}\n{\n\"robotId\":3}");
		this.runner
			.withPropertyValues("watermill.streams.a.file=file:" + file("a.log"),
					"watermill.streams.a.format=concatenated")
			.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":1}\n{\"robotId\":2}\n{\"robotId\":3}\n");
	}

	@Test
	void readsAnArrayWithinAnObject() {
		MillsRunner.write(file("a.geojson"), "{\"type\":\"x\",\"features\":[{\"robotId\":1}]}");
		this.runner
			.withPropertyValues("watermill.streams.a.file=" + file("a.geojson"), "watermill.streams.a.at=features")
			.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":1}\n");
	}

	@Test
	void readsWhatIsOnTheClassPath() {
		this.runner.withPropertyValues("watermill.streams.a.file=classpath:reference.jsonl")
			.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":7}\n");
	}

	@Test
	void refusesToWriteWhatCanOnlyBeRead() {
		in("{\"robotId\":1}\n");
		for (String property : List.of("format=lines", "at=Records", "file=classpath:reference.jsonl")) {
			this.runner.withPropertyValues("watermill.streams.b." + property)
				.run((context) -> assertThat(context.getStartupFailure()).isNotNull()
					.rootCause()
					.hasMessageContaining("'b' is written"));
		}
	}

	@Test
	void skipsInvalidElementsWhereAsked() {
		in("{\"robotId\":1}\n{\"robotId\":\"x\"}\n{\"robotId\":3}\n");
		this.runner.withPropertyValues("watermill.streams.a.on-invalid=skip").run((context) -> {
			assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED);
			assertThat(out()).isEqualTo("{\"robotId\":1}\n{\"robotId\":3}\n");
		});
	}

	@Test
	void usesTheApplicationsMapper() {
		in("{\"robot_id\":1}\n");
		this.runner.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
			.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robot_id\":1}\n");
	}

	@Test
	void usesCustomizersOfTheApplicationsMapper() {
		in("{\"id\":1}\n");
		this.runner
			.withBean(JsonMapperBuilderCustomizer.class, () -> (builder) -> builder.addMixIn(A.class, Renamed.class))
			.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"id\":1}\n");
	}

	@Test
	void usesDecodersAndEncoders() {
		in("7\n8\n");
		this.runner.withUserConfiguration(Codecs.class)
			.withPropertyValues("watermill.streams.A.deserializer=decoder", "watermill.streams.b.serializer=encoder")
			.run((context) -> {
				Mill mill = MillsRunner.await(context, "copy");
				assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
			});
		assertThat(out()).isEqualTo("\"robot 7\"\n\"robot 8\"\n");
	}

	@Test
	void replacesAFileOnlyWhereAsked() {
		in("{\"robotId\":1}\n");
		MillsRunner.write(file("b.jsonl"), "{}\n");
		this.runner
			.run((context) -> assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.FAILED));
		assertThat(out()).isEqualTo("{}\n");
		this.runner.withPropertyValues("watermill.streams.b.overwrite=true")
			.run((context) -> assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED));
		assertThat(out()).isEqualTo("{\"robotId\":1}\n");
	}

	@Test
	void letsTheHighestPropertySourceMoveAStream() {
		InMemoryBroker memory = new InMemoryBroker();
		memory.<A>stream("a").append(new A(5)).end();
		in("{\"robotId\":1}\n");
		ApplicationContextRunner moved = this.runner.withBean("memory", InMemoryBroker.class, () -> memory);
		// From a file to a broker, in whatever spelling
		moved.withInitializer((context) -> add(context, Map.of("watermill.streams.A.broker", "memory")))
			.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":5}\n");
		// And back, by the environment
		moved.withInitializer((context) -> {
			add(context, Map.of("watermill.streams.a.broker", "memory"));
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("WATERMILL_STREAMS_A_FILE", file("a.jsonl").toString())));
		}).run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":1}\n");
	}

	@Test
	void goesBackToTheLowerSourceWhereTheHigherOneUnsets() {
		InMemoryBroker memory = new InMemoryBroker();
		memory.<A>stream("a").append(new A(5)).end();
		this.runner.withBean("memory", InMemoryBroker.class, () -> memory).withInitializer((context) -> {
			MutablePropertySources sources = context.getEnvironment().getPropertySources();
			sources.addLast(new MapPropertySource("low", Map.of("watermill.streams.a.broker", "memory")));
			add(context, Map.of("watermill.streams.a.file", ""));
		}).run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":5}\n");
	}

	@Test
	void letsTheHighestPropertySourceCutTheWindows() {
		in("{\"robotId\":1}\n{\"robotId\":2}\n");
		List<Integer> sizes = new CopyOnWriteArrayList<>();
		ApplicationContextRunner windows = MillsRunner.runner(this.directory)
			.withBean(Windows.class, () -> new Windows(sizes))
			.withPropertyValues("watermill.streams.a.file=" + file("a.jsonl"),
					"watermill.mills.windows.window.by=robotId");
		windows.run((context) -> MillsRunner.await(context, "windows"));
		assertThat(sizes).containsExactly(1, 1);
		sizes.clear();
		windows.withInitializer((context) -> add(context, Map.of("watermill.mills.windows.window.every", "1d")))
			.run((context) -> MillsRunner.await(context, "windows"));
		assertThat(sizes).containsExactly(2);
		sizes.clear();
		// Left empty the annotation counts
		windows.withInitializer((context) -> add(context, Map.of("watermill.mills.windows.window.by", "")))
			.run((context) -> MillsRunner.await(context, "windows"));
		assertThat(sizes).containsExactly(2);
	}

	@Test
	void takesSettingsThatAreLeftEmptyAsUnset() {
		in("{\"robotId\":1}\n");
		this.runner
			.withPropertyValues("watermill.streams.b.key=", "watermill.streams.b.serializer= ",
					"watermill.streams.a.deserializer=", "watermill.streams.a.topic=", "watermill.streams.a.broker=")
			.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":1}\n");
	}

	private static void add(ConfigurableApplicationContext context, Map<String, Object> properties) {
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("high", properties));
	}

	@Test
	void readsFromABrokerOfTheUsersOwn() {
		InMemoryBroker memory = new InMemoryBroker();
		memory.<A>stream("robots").append(new A(5)).end();
		this.runner.withBean("memory", InMemoryBroker.class, () -> memory)
			.withPropertyValues("watermill.streams.a.file=", "watermill.streams.a.broker=memory",
					"watermill.streams.a.properties." + InMemoryBroker.STREAM_PROPERTY + "=robots")
			.run((context) -> MillsRunner.await(context, "copy"));
		assertThat(out()).isEqualTo("{\"robotId\":5}\n");
	}

	@Test
	void readsFilesWithTheBrokerThatTheUserGaveTheNameOfOurs() {
		in("{\"robotId\":5}\n");
		this.runner.withUserConfiguration(OwnBroker.class).run((context) -> {
			assertThat(context).hasSingleBean(JsonFileBroker.class);
			MillsRunner.await(context, "copy");
		});
		assertThat(out()).isEqualTo("{\"robotId\":42}\n");
	}

	@WaterMillProcessor("windows")
	static class Windows {

		private final List<Integer> sizes;

		Windows(List<Integer> sizes) {
			this.sizes = sizes;
		}

		void function(@WindowBy("robotId / 10") List<A> as) {
			this.sizes.add(as.size());
		}

	}

	interface Renamed {

		@JsonProperty("id")
		long robotId();

	}

	static class Codecs {

		@Bean
		ElementDecoder<A> decoder() {
			return (bytes) -> new A(Long.parseLong(new String(bytes, StandardCharsets.UTF_8).trim()));
		}

		@Bean
		ElementEncoder<A> encoder() {
			return (result) -> ("\"robot " + result.robotId() + "\"").getBytes(StandardCharsets.UTF_8);
		}

	}

	static class OwnBroker {

		@Bean
		JsonFileBroker watermillFileBroker(JsonFileBroker.Builder builder) {
			return builder.decoder("a", (bytes) -> new A(42)).build();
		}

	}

	@WaterMillProcessor("copy")
	static class Copy {

		@ToStream("b")
		A function(A a) {
			return a;
		}

	}

	@WaterMillProcessor("floating")
	static class FloatingWindows {

		@ToStream("b")
		A size(@FromStream("a") @WindowBy("x / 60") List<Floating> window) {
			return new A(window.size());
		}

	}

	record Floating(double x) {

	}

	record A(long robotId) {

	}

}
