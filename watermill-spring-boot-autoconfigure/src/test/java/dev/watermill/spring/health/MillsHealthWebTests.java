package dev.watermill.spring.health;

import dev.watermill.Mill;
import dev.watermill.spring.actuate.InMemoryMills;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

class MillsHealthWebTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withBean(InMemoryMills.class, () -> new InMemoryMills())
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class, EndpointAutoConfiguration.class,
				JacksonEndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				ManagementContextAutoConfiguration.class, ServletManagementContextAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthEndpointAutoConfiguration.class, WaterMillHealthContributorAutoConfiguration.class))
		.withPropertyValues("management.endpoint.health.show-details=always");

	@Test
	void saysWhyAMillFailed() {
		this.contextRunner.run((context) -> {
			Mill mill = context.getBean(InMemoryMills.class).addFailedJoin("robot-speed");
			assertThat(MockMvcTester.from(context).get().uri("/actuator/health/watermill"))
				.hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
				.bodyJson()
				.isStrictlyEqualTo("""
						{
							"status": "DOWN",
							"details": {
								"robot-speed": {
									"state": "FAILED",
									"since": "%s",
									"lastError": {
										"message": "%s",
										"cause": "java.lang.IllegalStateException: broken sensor",
										"at": "%s"
									}
								}
							}
						}
						""".formatted(mill.status().since(), mill.status().lastError().message(),
						mill.status().lastError().at()));
		});
	}

}
