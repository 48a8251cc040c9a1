package dev.watermill.spring.health;

import java.time.Duration;

import dev.watermill.spring.actuate.InMemoryMills;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class WaterMillHealthContributorAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withBean(InMemoryMills.class, () -> new InMemoryMills())
		.withConfiguration(AutoConfigurations.of(HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, WaterMillHealthContributorAutoConfiguration.class));

	@Test
	void contributesHealthNamedWatermill() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(MillsHealthIndicator.class);
			assertThat(context.getBean(HealthContributorRegistry.class).getContributor("watermill"))
				.isInstanceOf(MillsHealthIndicator.class);
		});
	}

	@Test
	void bindsThresholds() {
		this.contextRunner.withPropertyValues("management.health.watermill.call-threshold=90s",
				"management.health.watermill.progress-threshold=0", "management.health.watermill.lag-threshold=100000")
			.run((context) -> assertThat(context.getBean(MillsHealthProperties.class))
				.extracting(MillsHealthProperties::getCallThreshold, MillsHealthProperties::getProgressThreshold,
						MillsHealthProperties::getLagThreshold)
				.containsExactly(Duration.ofSeconds(90), Duration.ZERO, 100_000L));
	}

	@ParameterizedTest
	@ValueSource(strings = { "call-threshold=-1s", "progress-threshold=-1m", "lag-threshold=-1" })
	void refusesThresholdsBelowZero(String property) {
		this.contextRunner.withPropertyValues("management.health.watermill." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("management.health.watermill." + property.substring(0, property.indexOf('='))));
	}

	@Test
	void backsOffWhereItIsSwitchedOff() {
		this.contextRunner.withPropertyValues("management.health.watermill.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MillsHealthIndicator.class));
	}

	@Test
	void backsOffWhereAllAreSwitchedOff() {
		this.contextRunner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MillsHealthIndicator.class));
	}

	@Test
	void backsOffWithoutHealth() {
		new ApplicationContextRunner().withBean(InMemoryMills.class, () -> new InMemoryMills())
			.withConfiguration(AutoConfigurations.of(WaterMillHealthContributorAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("watermillHealthContributor"));
	}

	@Test
	void backsOffWithoutMills() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WaterMillHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MillsHealthIndicator.class));
	}

	@Test
	void backsOffBeforeAnIndicatorOfTheUsers() {
		this.contextRunner.withUserConfiguration(UserConfiguration.class)
			.run((context) -> assertThat(context).doesNotHaveBean(MillsHealthIndicator.class)
				.hasBean("watermillHealthIndicator"));
	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		@Bean
		HealthIndicator watermillHealthIndicator() {
			return () -> Health.up().build();
		}

	}

}
