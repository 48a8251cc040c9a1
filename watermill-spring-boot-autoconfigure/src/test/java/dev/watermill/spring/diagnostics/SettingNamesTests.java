package dev.watermill.spring.diagnostics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.watermill.engine.MillState;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownPropertyException;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names of streams and mills that are no Java identifiers, in YAML, and names that are in
 * the environment by chance.
 */
@ExtendWith(OutputCaptureExtension.class)
class SettingNamesTests {

	@TempDir
	Path directory;

	@BeforeEach
	void writeInput() {
		MillsRunner.write(this.directory.resolve("in.jsonl"), "{\"time\":1}\n");
	}

	private ApplicationContextRunner with(String... documents) {
		ApplicationContextRunner runner = MillsRunner.runner(this.directory);
		for (String document : documents) {
			String yaml = document.replace("IN", this.directory.resolve("in.jsonl").toString())
				.replace("OUT", this.directory.resolve("out.jsonl").toString());
			runner = runner.withInitializer((context) -> {
				try {
					new YamlPropertySourceLoader()
						.load(document, new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
						.forEach(context.getEnvironment().getPropertySources()::addLast);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}
		return runner;
	}

	private void assertCompletes(ApplicationContextRunner runner, Class<?> processor, String mill) {
		runner.withUserConfiguration(processor).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(MillsRunner.await(context, mill).state()).isEqualTo(MillState.COMPLETED);
			assertThat(MillsRunner.read(this.directory.resolve("out.jsonl"))).isEqualTo("{\"time\":1}\n");
		});
	}

	private ConfigurationFailures.Explained refuses(Class<?> processor, String... documents) {
		return new ConfigurationFailures(() -> with(documents)).start(processor);
	}

	@Test
	void takesLettersOfAnyAlphabetInBrackets() {
		assertCompletes(with("""
				watermill:
				  streams:
				    "[größe]": { file: IN }
				    "[温度]": { file: OUT }
				    "[湿度]": { file: none.jsonl }
				  mills:
				    "[größe]": { poll-timeout: 7s }
				    "[orders.v1]": { poll-timeout: 8s, auto-startup: false }
				"""), Sizes.class, "größe");
		with("watermill.mills: { '[größe]': { poll-timeout: 7s } }")
			.run((context) -> assertThat(context.getBean(WaterMillProperties.class).findMill("größe")).isNotNull()
				.extracting(MillProperties::getPollTimeout)
				.isEqualTo(Duration.ofSeconds(7)));
	}

	@Test
	void takesNamesWithDotsInBrackets() {
		assertCompletes(with("""
				watermill.streams:
				  "[orders.v1]": { file: IN }
				  "[orders.v2]": { file: OUT }
				"""), Versions.class, "orders.v1");
	}

	@Test
	void takesLettersThatAreComposedOfSeveral() {
		String name = Normalizer.normalize("größe", Normalizer.Form.NFD);
		assertCompletes(with("watermill.streams: { '[" + name + "]': { file: IN }, '[温度]': { file: OUT } }"),
				Sizes.class, "größe");
	}

	@Test
	void takesAnyNameInJoinsAndOutputs() {
		assertCompletes(with("""
				watermill:
				  streams:
				    "[größe]": { file: IN }
				    "[länge]": { file: IN }
				    "[höhe.v1]": { file: IN }
				    "[温度]": { file: OUT }
				  mills.join:
				    joins:
				      "[länge]": { left: time, right: time }
				      "[höhe.v1]": { left: time, right: time }
				    outputs:
				      "[温度]": %s
				""".formatted(A.class.getName())), Joined.class, "join");
	}

	@Test
	void namesTheBracketsThatLettersBeyondAsciiNeed() {
		refuses(Sizes.class, """
				watermill:
				  streams:
				    größe: { file: IN }
				    "[höhe]": { file: IN }
				    温度: { file: OUT }
				    speed: { topic: größe }
				  mills:
				    größe: { poll-timeout: 7s }
				    "[join]":
				      joins: { länge.left: time, "[höhe]": { left: time } }
				      outputs: { 湿度: com.acme.A }
				""").by(InvalidPropertyException.class)
			.describes("letters that Spring Boot drops from names without brackets",
					"'größe', '温度' under watermill.streams", "'größe' under watermill.mills",
					"'länge' under watermill.mills[join].joins", "'湿度' under watermill.mills[join].outputs")
			.advises("\"[größe]\": in YAML, watermill.streams[größe] elsewhere", "\"[温度]\":",
					"watermill.mills[join].joins[länge]")
			.description()
			.doesNotContain("höhe", "speed");
	}

	@Test
	void namesTheVariablesWhoseLettersAreLost() {
		Map<String, Object> variables = Map.of("WATERMILL_STREAMS_GR\u00d6SSE_FILE", "a.jsonl", "GR\u00d6SSE", "1");
		new ConfigurationFailures(() -> with("watermill.streams: { '[größe]': { file: IN } }")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables))))
			.start(Sizes.class)
			.by(InvalidPropertyException.class)
			.describes("drops: WATERMILL_STREAMS_GR\u00d6SSE_FILE.")
			.advises("SPRING_APPLICATION_JSON", "in brackets");
	}

	@Test
	void namesTheBracketsThatANameWithDotsNeeds() {
		refuses(Versions.class, "watermill.streams: { orders.v1: { file: IN }, orders.v2.file: OUT }")
			.by(UnknownPropertyException.class)
			.describes("There is no property watermill.streams.orders.v1.file")
			.advises("If 'orders.v1' is a name, write it in brackets: watermill.streams[orders.v1].file (in YAML "
					+ "\"[orders.v1]\":)", "watermill.streams[orders.v2].file");
		refuses(Versions.class, """
				watermill:
				  streams: { "[orders.v1]": { file: IN }, "[orders.v2]": { file: OUT } }
				  mills.orders.v1.retry.delay: 1s
				""").by(UnknownPropertyException.class).advises("watermill.mills[orders.v1].retry.delay");
		refuses(Joined.class, """
				watermill:
				  streams: { a.file: IN }
				  mills.join.joins.orders.v1.left: time
				""").by(UnknownPropertyException.class).advises("watermill.mills.join.joins[orders.v1].left");
	}

	@Test
	void movesAStreamOfAnyNameByAnotherSource() {
		assertCompletes(
				with("watermill.streams: { '[größe]': { file: IN }, '[温度]': { file: OUT } }",
						"watermill.streams: { '[größe]': { broker: none }, '[温度]': { broker: none } }"),
				Sizes.class, "größe");
	}

	@ParameterizedTest
	@ValueSource(strings = { "watermill", "watermill-mills", "watermill-streams", "watermill-kafka", "watermill-files",
			"watermill-console", "watermill-mills-copy", "watermill-streams-in", "watermill-reset",
			"watermill-state-dir", "watermill-enabled", "watermill-exit-on-completion" })
	void passesOverWhatKubernetesTellsOfAService(String service, CapturedOutput output) {
		assertCompletes(
				with("watermill.streams: { '[größe]': { file: IN }, '[温度]': { file: OUT } }")
					.withInitializer((context) -> context.getEnvironment()
						.getPropertySources()
						.replace("systemEnvironment",
								new SystemEnvironmentPropertySource("systemEnvironment", kubernetes(service)))),
				Sizes.class, "größe");
		assertThat(output).doesNotContain("No mill uses", "have no effect");
	}

	private static Map<String, Object> kubernetes(String service) {
		String prefix = service.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
		Map<String, Object> variables = new HashMap<>();
		variables.put(prefix + "SERVICE_HOST", "10.0.0.11");
		variables.put(prefix + "SERVICE_PORT", "8080");
		variables.put(prefix + "SERVICE_PORT_HTTP", "8080");
		variables.put(prefix + "PORT", "tcp://10.0.0.11:8080");
		variables.put(prefix + "PORT_8080_TCP", "tcp://10.0.0.11:8080");
		variables.put(prefix + "PORT_8080_TCP_PROTO", "tcp");
		variables.put(prefix + "PORT_8080_TCP_PORT", "8080");
		variables.put(prefix + "PORT_8080_TCP_ADDR", "10.0.0.11");
		return variables;
	}

	@Test
	void warnsOfVariablesThatAreMeantAsSettingsAndAreNone(CapturedOutput output) {
		Map<String, Object> variables = new HashMap<>();
		for (String none : List.of("STREAMS_ROBOT_LOCATION_FILE", "STREAMS_A_ONINVALIT", "EXIT_ON_COMPLETON",
				"FILES_FSINC")) {
			variables.put("WATERMILL_" + none, "true");
		}
		// with hyphens in another source, without them, no setting of ours, and what may
		// be anything
		for (String right : List.of("STREAMS_OUT_LINES_ON_INVALID", "STREAMS_OUTLINES_ONDISORDER")) {
			variables.put("WATERMILL_" + right, "skip");
		}
		variables.put("WATERMILL_KAFKA_CREATETOPICS", "false");
		variables.put("WATERMILL_VERSION", "1.0");
		variables.put("WATERMILL_FILES_FSYNC", "true");
		assertCompletes(
				with("watermill.streams: { a: { file: IN }, out-lines: { file: OUT } }")
					.withInitializer((context) -> context.getEnvironment()
						.getPropertySources()
						.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables))),
				Hyphen.class, "hyphen");
		assertThat(output).containsOnlyOnce("have no effect: WATERMILL_EXIT_ON_COMPLETON, WATERMILL_FILES_FSINC, "
				+ "WATERMILL_STREAMS_A_ONINVALIT, WATERMILL_STREAMS_ROBOT_LOCATION_FILE. Names lose their hyphens");
	}

	@Test
	void takesSettingsOfTheEnvironment() {
		assertCompletes(
				with("watermill.streams: { '[größe]': { file: IN } }")
					.withInitializer((context) -> context.getEnvironment()
						.getPropertySources()
						.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", Map
							.of("WATERMILL_STREAMS_PORT_FILE", this.directory.resolve("out.jsonl").toString())))),
				Port.class, "port");
	}

	@WaterMillProcessor("größe")
	static class Sizes {

		@ToStream("温度")
		A size(@FromStream("größe") A a) {
			return a;
		}

	}

	@WaterMillProcessor("orders.v1")
	static class Versions {

		@ToStream("orders.v2")
		A version(@FromStream("orders.v1") A a) {
			return a;
		}

	}

	@WaterMillProcessor("hyphen")
	static class Hyphen {

		@ToStream("out-lines")
		A copy(A a) {
			return a;
		}

	}

	@WaterMillProcessor("port")
	static class Port {

		@ToStream("port")
		A port(@FromStream("größe") A a) {
			return a;
		}

	}

	@WaterMillProcessor("join")
	static class Joined {

		Object join(@FromStream("größe") A a, @FromStream("länge") Map<A, B> b,
				@FromStream("höhe.v1") @JoinOn(parent = "größe") Map<A, C> c) {
			return a;
		}

	}

	record A(long time) {

	}

	record B(long time) {

	}

	record C(long time) {

	}

}
