package dev.watermill.console;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Configuration of the console in a servlet application that has the Actuator, and has it
 * on its own port.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "watermill.console.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ DispatcherServlet.class, WebEndpointProperties.class })
@ConditionalOnBean(WebEndpointProperties.class)
class ServletConsoleConfiguration {

	/**
	 * Within the other, since this condition can't even be asked without the Actuator.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnManagementPort(ManagementPortType.SAME)
	static class SamePortConfiguration {

		@Bean
		RouterFunction<ServerResponse> watermillConsole(WaterMillConsoleProperties properties,
				WebEndpointProperties endpoints) {
			return ServletConsole.routes(ConsolePaths.of(properties, endpoints, false));
		}

	}

}
