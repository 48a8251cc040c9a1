package com.acme.robots;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.spring.mill.Mills;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * An application as its user writes it, with nothing but the contract at hand.
 */
@ExtendWith(OutputCaptureExtension.class)
class RobotsApplicationTests {

	private static final String SPEEDS = "[{\"time\":0,\"speed\":0.5},{\"time\":10,\"speed\":3.0}]";

	@TempDir
	Path directory;

	private Path locations;

	private Path speeds;

	@BeforeEach
	void writeLocations() throws IOException {
		this.speeds = this.directory.resolve("out/robot-speed.json");
		this.locations = Files.writeString(this.directory.resolve("locations.json"), """
				[{"time":0,"x":0,"y":0,"battery":99},{"time":10,"x":3,"y":4},{"time":20,"x":300,"y":4}]""");
	}

	@Test
	void joinsALocationWithTheNext() throws Exception {
		try (ConfigurableApplicationContext context = builder().run(
				"--watermill.streams.robot-location.file=" + this.locations,
				"--watermill.streams.robot-location-next-step.file=" + this.locations,
				"--watermill.streams.robot-speed.file=" + this.speeds)) {
			awaitCompletion(context);
		}
		assertThat(Files.readString(this.speeds)).isEqualToIgnoringWhitespace(SPEEDS);
	}

	@Test
	void takesEverySettingFromAFile() throws Exception {
		Path settings = Files.writeString(this.directory.resolve("application.yml"),
				"""
						watermill:
						  enabled: true
						  exit-on-completion: false
						  state-dir: %1$s/state
						  streams:
						    RobotLocation:            { file: "%2$s" }
						    robot-location-next-step: { file: "%2$s", on-invalid: skip, on-disorder: skip }
						    robotSpeed:               { file: "%3$s", overwrite: true }
						  mills:
						    robot-speed:
						      auto-startup: true
						      joins:
						        robot-location-next-step: { left: "time + 20", right: "time" }
						      start-from:
						      poll-timeout: 1s
						      data-timeout:
						      max-group-size: 100000
						      max-window-size: 1000000
						      commit-interval: 100ms
						      concurrency: 1
						      retry: { max-retries: 2, delay: 1s, multiplier: 2, max-delay: 30s, jitter: 0, exception-includes: [], exception-excludes: [] }
						      on-error: fail
						"""
					.formatted(this.directory, this.locations, this.speeds));
		try (ConfigurableApplicationContext context = builder().run("--spring.config.location=" + settings)) {
			awaitCompletion(context);
		}
		assertThat(Files.readString(this.speeds)).isEqualToIgnoringWhitespace("[{\"time\":0,\"speed\":3.0}]");
	}

	@Test
	void takesSettingsFromTheEnvironment() throws Exception {
		Map<String, Object> environment = Map.of("WATERMILL_STREAMS_ROBOTLOCATION_FILE", this.locations.toString(),
				"WATERMILL_STREAMS_ROBOTLOCATIONNEXTSTEP_FILE", this.locations.toString(),
				"WATERMILL_STREAMS_ROBOTSPEED_FILE", this.speeds.toString(),
				"WATERMILL_MILLS_ROBOTSPEED_JOINS_ROBOTLOCATIONNEXTSTEP_LEFT", "time + 20");
		SpringApplicationBuilder builder = builder().initializers((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", environment)));
		// The file of the settings that the environment overrides
		try (ConfigurableApplicationContext context = builder.run("--spring.main.banner-mode=off",
				"--watermill.streams.robot-speed.overwrite=true")) {
			awaitCompletion(context);
		}
		assertThat(Files.readString(this.speeds)).isEqualToIgnoringWhitespace("[{\"time\":0,\"speed\":3.0}]");
	}

	@Test
	void explainsWhatIsWrong(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> builder().run("--watermill.streams.robot-locaton.file=" + this.locations));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The stream 'robot-location' of the mill 'robot-speed' is bound to no place.")
			.contains("Action:", "set watermill.streams.robot-location.file", "Did you mean 'robot-locaton'?");
	}

	@Test
	void explainsAPropertyThatDoesNotExist(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> builder().run("--watermill.streams.robot-location.fiel=" + this.locations));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("There is no property watermill.streams.robot-location.fiel")
			.contains("Did you mean 'file'?");
	}

	private static SpringApplicationBuilder builder() {
		return new SpringApplicationBuilder(RobotsApplication.class).web(WebApplicationType.NONE);
	}

	private static void awaitCompletion(ConfigurableApplicationContext context) throws InterruptedException {
		Mill mill = context.getBean(Mills.class).get("robot-speed");
		assertThat(mill).isNotNull();
		assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
		assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
	}

}
