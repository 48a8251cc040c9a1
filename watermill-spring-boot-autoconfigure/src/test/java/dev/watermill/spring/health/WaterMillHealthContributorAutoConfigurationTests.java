package dev.watermill.spring.health;

import dev.watermill.spring.actuate.InMemoryMills;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
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
