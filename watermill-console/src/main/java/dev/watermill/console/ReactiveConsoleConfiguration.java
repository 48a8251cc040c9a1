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
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Configuration of the console in a reactive application that has the Actuator, and has
 * it on its own port.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "watermill.console.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({ DispatcherHandler.class, WebEndpointProperties.class })
@ConditionalOnBean(WebEndpointProperties.class)
class ReactiveConsoleConfiguration {

	/**
	 * Within the other, since this condition can't even be asked without the Actuator.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnManagementPort(ManagementPortType.SAME)
	static class SamePortConfiguration {

		@Bean
		RouterFunction<ServerResponse> watermillConsole(WaterMillConsoleProperties properties,
				WebEndpointProperties endpoints) {
			return ReactiveConsole.routes(ConsolePaths.of(properties, endpoints, false));
		}

	}

}
