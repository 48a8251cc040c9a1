package dev.watermill.spring.actuate.info;

import java.nio.file.Path;

import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.info.InfoContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.info.InfoEndpointAutoConfiguration;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WaterMillInfoAutoConfiguration}.
 */
class WaterMillInfoAutoConfigurationTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner() {
		Path in = MillsRunner.write(this.directory.resolve("a.jsonl"), "{\"time\":1}\n");
		return MillsRunner.runner(this.directory)
			.withConfiguration(AutoConfigurations.of(WaterMillInfoAutoConfiguration.class,
					InfoContributorAutoConfiguration.class, InfoEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=info", "watermill.streams.a.file=" + in,
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"))
			.withUserConfiguration(Copy.class);
	}

	@Test
	void tellsWhatMillsReadAndWrite() {
		runner().run((context) -> {
			String info = JsonMapper.shared().writeValueAsString(context.getBean(InfoEndpoint.class).info());
			assertThat(info)
				.isEqualTo("{\"watermill\":{\"mills\":{\"copy\":{\"reads\":[\"file %s\"],\"writes\":[\"file %s\"]}}}}"
					.formatted(this.directory.resolve("a.jsonl"), this.directory.resolve("b.jsonl")));
		});
	}

	@Test
	void tellsNothingWhereItIsTurnedOff() {
		runner().withPropertyValues("management.info.watermill.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("watermillInfoContributor"));
		runner().withPropertyValues("management.info.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("watermillInfoContributor"));
	}

	@Test
	void isNotThereWithoutTheActuator() {
		runner().withClassLoader(new FilteredClassLoader(InfoContributor.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("watermillInfoContributor"));
	}

	@WaterMillProcessor("copy")
	static class Copy {

		@ToStream("b")
		Reading copy(@FromStream("a") Reading reading) {
			return reading;
		}

	}

	record Reading(long time) {

	}

}
