package dev.watermill.console;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * {@link ManagementContextConfiguration @ManagementContextConfiguration} for the console
 * of a reactive application where the Actuator has a port of its own: the console is
 * there too, as in servlet applications.
 *
 * @since 0.1.0
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "watermill.console.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(DispatcherHandler.class)
public class ReactiveConsoleManagementContextConfiguration {

	@Bean
	RouterFunction<ServerResponse> watermillConsole(WaterMillConsoleProperties properties,
			WebEndpointProperties endpoints) {
		return ReactiveConsole.routes(ConsolePaths.of(properties, endpoints, true));
	}

}
