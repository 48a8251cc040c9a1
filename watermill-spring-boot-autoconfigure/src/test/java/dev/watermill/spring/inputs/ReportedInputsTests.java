package dev.watermill.spring.inputs;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.engine.MillStatus;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.MillsRunner;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Inputs as people have them who do this job, and what an application makes of them. Each
 * is a directory of the resources: {@code application.yml}, the files,
 * {@code topic-<stream>.txt} with a record a line, and {@code expected.txt}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReportedInputsTests {

	@TempDir
	private Path directory;

	static Stream<String> onFiles() throws IOException {
		return inputs().filter((input) -> !hasTopics(input)).map(ReportedInputsTests::name);
	}

	static Stream<String> onTopics() throws IOException {
		return inputs().filter(ReportedInputsTests::hasTopics).map(ReportedInputsTests::name);
	}

	private static String name(Path input) {
		return input.getFileName().toString();
	}

	private static boolean hasTopics(Path input) {
		return Files.exists(input.resolve("topic-a.txt")) || Files.exists(input.resolve("topic-b.txt"));
	}

	private static Path root() {
		return Path.of(URI.create(Objects.requireNonNull(ReportedInputsTests.class.getResource("/inputs")).toString()));
	}

	private static Stream<Path> inputs() throws IOException {
		try (Stream<Path> inputs = Files.list(root())) {
			return inputs.sorted().toList().stream();
		}
	}

	@ParameterizedTest
	@MethodSource
	void onFiles(String input, CapturedOutput output) throws IOException {
		run(input, MillsRunner.runner(this.directory), output);
	}

	@ParameterizedTest
	@MethodSource
	void onTopics(String input, CapturedOutput output) throws IOException {
		String topics = input + "-" + UUID.randomUUID();
		for (String stream : List.of("a", "b")) {
			Path records = root().resolve(input).resolve("topic-" + stream + ".txt");
			if (Files.exists(records)) {
				send(topics + "-" + stream, Files.readAllLines(records));
			}
		}
		run(input, MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withPropertyValues("topics=" + topics), output);
	}

	private static void send(String topic, List<String> lines) {
		SharedKafka.topics().create(topic, 1);
		List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
		for (String line : lines) {
			byte[] value = line.startsWith("@hex:") ? HexFormat.of().parseHex(line.substring("@hex:".length()))
					: line.getBytes(StandardCharsets.UTF_8);
			records.add(new ProducerRecord<>(topic, line.equals("<null>") ? null : value));
		}
		SharedKafka.topics().send(records, new ByteArraySerializer(), new ByteArraySerializer());
	}

	private void run(String input, ApplicationContextRunner runner, CapturedOutput output) throws IOException {
		Path directory = this.directory.resolve("input");
		copy(root().resolve(input), directory);
		runner.withInitializer(new ConfigDataApplicationContextInitializer())
			.withUserConfiguration(Processors.class)
			.withPropertyValues("spring.config.location=" + directory.resolve("application.yml").toUri(),
					"dir=" + directory)
			.run((context) -> {
				Expected expected = Expected.read(directory.resolve("expected.txt"));
				if (expected.isRefused()) {
					Throwable failure = context.getStartupFailure();
					assertThat(failure).isNotNull();
					expected.says().forEach((text) -> assertThat(failure).hasStackTraceContaining(text));
					approve(input, context, NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
					return;
				}
				assertThat(context).hasNotFailed();
				Mill mill = MillsRunner.await(context, "mill");
				String told = mill.status().lastError() + "\n" + output;
				expected.says().forEach((text) -> assertThat(told).contains(text));
				assertThat(told).doesNotContain("REDACTED", "DeserializationFeature", "ReadFeature", "CoercionConfig",
						"Creator");
				assertThat(mill.state()).as(told).isEqualTo(expected.state());
				assertThat(Files.readAllLines(directory.resolve("out.jsonl"))).isEqualTo(expected.results());
				MillStatus.Problem problem = mill.status().lastError();
				if (problem != null) {
					approve(input, context, problem.message());
				}
			});
	}

	/**
	 * Compare what a user is told, word by word, with what somebody has read and found
	 * good. Run with {@code -Dapprove=true} it is written down, to be read.
	 */
	private void approve(String input, ApplicationContext context, @Nullable String message) throws IOException {
		// a context that could not start has no environment to be asked
		String topics = (context instanceof AssertableApplicationContext started && started.getStartupFailure() != null)
				? "<topics>" : context.getEnvironment().getProperty("topics", "<topics>");
		String text = String.valueOf(message)
			.replace(this.directory.resolve("input").toString(), "<dir>")
			.replace(topics, "<topics>") + "\n";
		if (Boolean.getBoolean("approve")) {
			Files.writeString(Path.of("src/test/resources/inputs", input, "message.txt"), text);
		}
		else {
			assertThat(root().resolve(input).resolve("message.txt")).content().isEqualTo(text);
		}
	}

	private static void copy(Path from, Path to) throws IOException {
		Files.createDirectories(to);
		try (Stream<Path> files = Files.list(from)) {
			for (Path file : files.toList()) {
				Files.copy(file, to.resolve(file.getFileName()));
			}
		}
	}

}
