package dev.watermill.spring.diagnostics;

import java.nio.file.Path;
import java.util.function.Supplier;

import dev.watermill.spring.MillsRunner;
import org.assertj.core.api.AbstractStringAssert;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts applications with mistakes and shows what their user reads.
 */
final class ConfigurationFailures {

	private final Supplier<ApplicationContextRunner> runner;

	private String[] properties = {};

	ConfigurationFailures(Path directory) {
		this(() -> MillsRunner.runner(directory));
	}

	ConfigurationFailures(Supplier<ApplicationContextRunner> runner) {
		this.runner = runner;
	}

	ConfigurationFailures with(String... newProperties) {
		this.properties = newProperties;
		return this;
	}

	Explained start(Class<?>... configuration) {
		Explained[] explained = new Explained[1];
		this.runner.get().withUserConfiguration(configuration).withPropertyValues(this.properties).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new MillConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).as("analysis of " + context.getStartupFailure()).isNotNull();
			explained[0] = new Explained(analysis);
		});
		return explained[0];
	}

	record Explained(FailureAnalysis analysis) {

		Explained by(Class<? extends Throwable> type) {
			assertThat(this.analysis.getCause()).isInstanceOf(type);
			return this;
		}

		AbstractStringAssert<?> description() {
			return assertThat(this.analysis.getDescription());
		}

		Explained describes(String... parts) {
			description().contains(parts);
			return this;
		}

		Explained advises(String... parts) {
			assertThat(this.analysis.getAction()).contains(parts);
			return this;
		}

	}

}
