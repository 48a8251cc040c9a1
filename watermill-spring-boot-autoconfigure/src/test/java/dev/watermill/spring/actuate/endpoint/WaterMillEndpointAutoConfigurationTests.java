package dev.watermill.spring.actuate.endpoint;

import dev.watermill.spring.actuate.InMemoryMills;
import dev.watermill.spring.mill.Mills;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class WaterMillEndpointAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withBean(InMemoryMills.class, () -> new InMemoryMills())
		.withConfiguration(AutoConfigurations.of(WaterMillEndpointAutoConfiguration.class));

	@Test
	void isThereWhereItIsExposedToTheWeb() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=watermill")
			.run((context) -> assertThat(context).hasSingleBean(WaterMillEndpoint.class)
				.hasSingleBean(WaterMillEndpointWebExtension.class));
	}

	@Test
	void hasNoWebExtensionWhereItIsExposedToJmxOnly() {
		this.contextRunner
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=watermill")
			.run((context) -> assertThat(context).hasSingleBean(WaterMillEndpoint.class)
				.doesNotHaveBean(WaterMillEndpointWebExtension.class));
	}

	@Test
	void isNotThereWhereItIsNotExposed() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(WaterMillEndpoint.class)
			.doesNotHaveBean(WaterMillEndpointWebExtension.class));
	}

	@Test
	void isNotThereWithoutAccess() {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=*",
					"management.endpoint.watermill.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(WaterMillEndpoint.class)
				.doesNotHaveBean(WaterMillEndpointWebExtension.class));
	}

	@Test
	void backsOffWithoutActuator() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=*")
			.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("watermillEndpoint"));
	}

	@Test
	void backsOffWithoutMills() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WaterMillEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WaterMillEndpoint.class));
	}

	@Test
	void backsOffBeforeAnEndpointOfTheUsers() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=*")
			.withUserConfiguration(UserConfiguration.class)
			.run((context) -> assertThat(context).getBean(WaterMillEndpoint.class)
				.isSameAs(context.getBean("userEndpoint")));
	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		@Bean
		WaterMillEndpoint userEndpoint(Mills mills) {
			return new WaterMillEndpoint(mills);
		}

	}

}
