package dev.watermill.console;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the console, in servlet and in
 * reactive applications. The settings are there in any case, so that they are known where
 * there is no console.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration")
@EnableConfigurationProperties(WaterMillConsoleProperties.class)
@ImportRuntimeHints(ConsoleHints.class)
@Import({ ServletConsoleConfiguration.class, ReactiveConsoleConfiguration.class })
public final class WaterMillConsoleAutoConfiguration {

}
