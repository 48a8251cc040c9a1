package dev.watermill.spring.metrics;

import dev.watermill.Mill;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.actuate.InMemoryMills;
import dev.watermill.spring.mill.Mills;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class WaterMillMetricsAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, WaterMillMetricsAutoConfiguration.class));

	@Test
	void bindsMillsThatWereBuiltWithTheTimers() {
		this.contextRunner.withUserConfiguration(RegistryConfiguration.class, MillsConfiguration.class)
			.run((context) -> {
				assertThat(context).hasSingleBean(MillMetrics.class).hasSingleBean(MillTimers.class);
				completeOn(context.getBean(InMemoryMills.class));
				assertThatMillIsMeasuredBy(context.getBean(MeterRegistry.class));
			});
	}

	@Test
	void bindsMillsWhereBeansAreLazy() {
		this.contextRunner.withUserConfiguration(RegistryConfiguration.class, MillsConfiguration.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				completeOn(context.getBean(InMemoryMills.class));
				assertThatMillIsMeasuredBy(registry);
			});
	}

	@Test
	void bindsMillsToTheCompositeOfSeveralRegistries() {
		this.contextRunner
			.withUserConfiguration(RegistryConfiguration.class, AnotherRegistryConfiguration.class,
					MillsConfiguration.class)
			.run((context) -> {
				completeOn(context.getBean(InMemoryMills.class));
				assertThat(context.getBean(MeterRegistry.class)).isInstanceOf(CompositeMeterRegistry.class);
				assertThatMillIsMeasuredBy(context.getBean("registry", MeterRegistry.class));
				assertThatMillIsMeasuredBy(context.getBean("anotherRegistry", MeterRegistry.class));
			});
	}

	@Test
	void measuresNothingThatIsSwitchedOff() {
		this.contextRunner.withUserConfiguration(RegistryConfiguration.class, MillsConfiguration.class)
			.withPropertyValues("management.metrics.enable.watermill=false")
			.run((context) -> {
				completeOn(context.getBean(InMemoryMills.class));
				assertThat(context.getBean(MeterRegistry.class).find("watermill.deliveries").meters()).isEmpty();
				assertThat(context.getBean(MeterRegistry.class).find("watermill.process").meters()).isEmpty();
			});
	}

	@Test
	void backsOffWithoutMicrometer() {
		this.contextRunner.withUserConfiguration(MillsConfiguration.class)
			.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("millMetrics"));
	}

	@Test
	void backsOffWithoutRegistry() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(WaterMillMetricsAutoConfiguration.class))
			.withUserConfiguration(MillsConfiguration.class)
			.run((context) -> assertThat(context).doesNotHaveBean(MillMetrics.class).doesNotHaveBean(MillTimers.class));
	}

	@Test
	void backsOffWithoutMills() {
		this.contextRunner.withUserConfiguration(RegistryConfiguration.class)
			.run((context) -> assertThat(context).doesNotHaveBean(MillMetrics.class).doesNotHaveBean(MillTimers.class));
	}

	@Test
	void backsOffBeforeMetricsOfTheUsers() {
		this.contextRunner
			.withUserConfiguration(RegistryConfiguration.class, MillsConfiguration.class,
					UserMetricsConfiguration.class)
			.run((context) -> assertThat(context).getBean(MillMetrics.class).isSameAs(context.getBean("userMetrics")));
	}

	private static void completeOn(InMemoryMills mills) {
		Mill mill = mills.get("robot-speed");
		mills.appendLocations("robot-speed", "location", 4).end();
		mills.appendLocations("robot-speed", "next-step", 5).end();
		mill.run();
	}

	private static void assertThatMillIsMeasuredBy(MeterRegistry registry) {
		assertThat(registry.get("watermill.deliveries").tag("mill", "robot-speed").functionCounter().count())
			.isEqualTo(4);
		assertThat(registry.get("watermill.process").tag("mill", "robot-speed").timer().count()).isEqualTo(4);
	}

	@Configuration(proxyBeanMethods = false)
	static class RegistryConfiguration {

		@Bean
		MeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AnotherRegistryConfiguration {

		@Bean
		MeterRegistry anotherRegistry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MillsConfiguration {

		@Bean
		InMemoryMills mills(ObjectProvider<MillCustomizer> customizers) {
			InMemoryMills mills = new InMemoryMills(customizers.orderedStream().toList());
			mills.addJoin("robot-speed");
			return mills;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UserMetricsConfiguration {

		@Bean
		MillMetrics userMetrics(Mills mills) {
			return new MillMetrics(mills, new MillTimers());
		}

	}

}
