package dev.watermill.console;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the console. The settings are
 * there in any case, so that they are known where there is no console.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration")
@EnableConfigurationProperties(WaterMillConsoleProperties.class)
public final class WaterMillConsoleAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "watermill.console.enabled", matchIfMissing = true)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass({ RouterFunction.class, WebEndpointProperties.class })
	@ConditionalOnBean(WebEndpointProperties.class)
	static class ServletConfiguration {

		/**
		 * Within the other, since this condition can't even be asked without the
		 * Actuator.
		 */
		@Configuration(proxyBeanMethods = false)
		@ConditionalOnManagementPort(ManagementPortType.SAME)
		static class SamePortConfiguration {

			@Bean
			RouterFunction<ServerResponse> watermillConsole(WaterMillConsoleProperties properties,
					WebEndpointProperties endpoints) {
				return ServletConsole
					.routes(ConsolePaths.of(properties, endpoints.getBasePath(), endpoints.getPathMapping()));
			}

		}

	}

}
