package dev.watermill.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

import dev.watermill.Mill;
import dev.watermill.spring.file.JsonFileAutoConfiguration;
import dev.watermill.spring.kafka.KafkaBrokerAutoConfiguration;
import dev.watermill.spring.kafka.MissingKafkaAutoConfiguration;
import dev.watermill.spring.mill.CompletionExitAutoConfiguration;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What tests of mills in an application context have in common.
 */
public final class MillsRunner {

	private MillsRunner() {
	}

	public static ApplicationContextRunner runner(Path directory) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class,
					CompletionExitAutoConfiguration.class, MissingKafkaAutoConfiguration.class,
					JacksonAutoConfiguration.class))
			.withPropertyValues("watermill.state-dir=" + directory.resolve("state"));
	}

	/**
	 * Return a runner with Kafka, whose groups no other runner has.
	 */
	public static ApplicationContextRunner kafkaRunner(Path directory, String bootstrapServers) {
		return runner(directory)
			.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaBrokerAutoConfiguration.class))
			.withPropertyValues("spring.application.name=test-" + UUID.randomUUID(),
					"spring.kafka.bootstrap-servers=" + bootstrapServers);
	}

	public static Mill mill(ApplicationContext context, String name) {
		Mill mill = context.getBean(Mills.class).get(name);
		assertThat(mill).as("mill " + name).isNotNull();
		return mill;
	}

	public static Mill await(ApplicationContext context, String name) {
		Mill mill = mill(context, name);
		try {
			assertThat(mill.awaitEnd(Duration.ofSeconds(30))).as("end of mill " + name + ": " + mill.status()).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return mill;
	}

	public static Path write(Path file, String text) {
		try {
			Files.createDirectories(file.getParent());
			return Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
