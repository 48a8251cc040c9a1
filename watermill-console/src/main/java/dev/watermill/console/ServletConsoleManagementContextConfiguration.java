package dev.watermill.console;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.function.support.HandlerFunctionAdapter;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;

/**
 * {@link ManagementContextConfiguration @ManagementContextConfiguration} for the console
 * of a servlet application where the Actuator has a port of its own: the console is there
 * too, since a page may only call where it comes from, and whoever may not reach the one
 * has no use for the other.
 *
 * @since 0.1.0
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "watermill.console.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ DispatcherServlet.class, RouterFunction.class })
public class ServletConsoleManagementContextConfiguration {

	@Bean
	RouterFunction<ServerResponse> watermillConsole(WaterMillConsoleProperties properties,
			WebEndpointProperties endpoints) {
		return ServletConsole.routes(ConsolePaths.of(properties, endpoints, true));
	}

	/**
	 * The management context has no support for router functions of its own.
	 */
	@Bean
	RouterFunctionMapping watermillConsoleMapping(RouterFunction<ServerResponse> watermillConsole) {
		return new RouterFunctionMapping(watermillConsole);
	}

	@Bean
	HandlerFunctionAdapter watermillConsoleAdapter() {
		return new HandlerFunctionAdapter();
	}

}
