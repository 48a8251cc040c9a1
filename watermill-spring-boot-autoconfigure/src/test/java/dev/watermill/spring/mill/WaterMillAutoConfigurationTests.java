package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.time.Duration;

import dev.watermill.Mill;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.binding.internal.BrokerKind;
import dev.watermill.spring.binding.internal.StreamKind;
import dev.watermill.spring.file.JsonFileAutoConfiguration;
import dev.watermill.spring.properties.ErrorHandling;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.StreamProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * What is there by default, and what is not.
 */
class WaterMillAutoConfigurationTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.runner(this.directory);
	}

	@Test
	void isThereByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(Mills.class)
				.hasSingleBean(MillLifecycle.class)
				.hasSingleBean(JsonFileBroker.class)
				.hasSingleBean(BrokerKind.class)
				.hasBean("watermillFileKind")
				.hasSingleBean(CompletionExit.class);
			assertThat(context.getBean(Mills.class).all()).isEmpty();
			assertThat(context.getBean(Mills.class).get("none")).isNull();
			// The mills' own mapper takes nobody's place
			assertThat(context).hasSingleBean(JsonMapper.class);
		});
	}

	@Test
	void isNotThereWhenDisabled() {
		this.runner.withPropertyValues("watermill.enabled=false", "watermill.exit-on-completion=true")
			.run((context) -> assertThat(context).doesNotHaveBean(Mills.class)
				.doesNotHaveBean(MillLifecycle.class)
				.doesNotHaveBean(StreamKind.class)
				.doesNotHaveBean(JsonFileBroker.class)
				.doesNotHaveBean(CompletionExit.class));
	}

	@Test
	void isNotThereWithoutTheEngine() {
		this.runner.withClassLoader(new FilteredClassLoader(Mill.class))
			.run((context) -> assertThat(context).doesNotHaveBean(Mills.class));
	}

	@Test
	void hasNoFilesWithoutJackson() {
		this.runner.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> assertThat(context).hasSingleBean(Mills.class).doesNotHaveBean("watermillFileKind"));
	}

	@Test
	void readsJsonWithoutTheApplicationsMapper() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(JsonFileBroker.class));
	}

	@Test
	void backsOffBeforeTheMillsOfTheUser() {
		this.runner.withBean("own", Mills.class, () -> mock(Mills.class))
			.withPropertyValues("watermill.exit-on-completion=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Mills.class)
				.doesNotHaveBean(MillLifecycle.class)
				.doesNotHaveBean(CompletionExit.class));
	}

	@Test
	void bindsTheSettingsOfTheContract() {
		this.runner
			.withPropertyValues("watermill.streams.robot-location.file=a.json",
					"watermill.streams.ROBOTLOCATION.on-invalid=skip")
			.run((context) -> {
				WaterMillProperties properties = context.getBean(WaterMillProperties.class);
				StreamProperties stream = properties.findStream("RobotLocation");
				assertThat(stream).isNotNull();
				assertThat(stream.getFile()).isEqualTo("a.json");
				assertThat(stream.getOnInvalid()).isEqualTo(ErrorHandling.SKIP);
				assertThat(stream.getOnDisorder()).isEqualTo(ErrorHandling.FAIL);
				assertThat(properties.findStream("robot")).isNull();
			});
	}

	@Test
	void hasTheDefaultsOfTheContract() {
		WaterMillProperties properties = new WaterMillProperties();
		assertThat(properties.isEnabled()).isTrue();
		assertThat(properties.isExitOnCompletion()).isFalse();
		assertThat(properties.getStateDir()).isEqualTo(Path.of(".watermill"));
		MillProperties mill = new MillProperties();
		assertThat(mill.isAutoStartup()).isTrue();
		assertThat(mill.getStartFrom()).isNull();
		assertThat(mill.getPollTimeout()).isEqualTo(Duration.ofSeconds(1));
		assertThat(mill.getDataTimeout()).isNull();
		assertThat(mill.getMaxGroupSize()).isEqualTo(100_000);
		assertThat(mill.getMaxWindowSize()).isEqualTo(1_000_000);
		assertThat(mill.getCommitInterval()).isEqualTo(Duration.ofMillis(100));
		assertThat(mill.getConcurrency()).isOne();
		assertThat(mill.getRetry().getMaxRetries()).isEqualTo(2);
		assertThat(mill.getRetry().getDelay()).isEqualTo(Duration.ofSeconds(1));
		assertThat(mill.getRetry().getMaxDelay()).isEqualTo(Duration.ofSeconds(30));
		assertThat(mill.getRetry().getMultiplier()).isEqualTo(2);
		assertThat(mill.getRetry().getJitter()).isZero();
		assertThat(mill.getRetry().getExceptionIncludes()).isEmpty();
		assertThat(mill.getRetry().getExceptionExcludes()).isEmpty();
		assertThat(mill.getOnError()).isEqualTo(ErrorHandling.FAIL);
		assertThat(mill.getRestart().getMaxRestarts()).isZero();
		assertThat(mill.getRestart().getDelay()).isEqualTo(Duration.ofSeconds(10));
		assertThat(mill.getRestart().getMaxDelay()).isEqualTo(Duration.ofMinutes(5));
	}

}
