package dev.watermill.spring.autoconfigure;

import dev.watermill.spring.mill.ApplicationExit;
import dev.watermill.spring.mill.CompletionExit;
import dev.watermill.spring.mill.MillRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that ends an application once its
 * mills are over.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WaterMillAutoConfiguration.class)
@ConditionalOnBooleanProperty("watermill.exit-on-completion")
@ConditionalOnBean(MillRegistry.class)
public final class CompletionExitAutoConfiguration {

	@Bean
	CompletionExit completionExit(MillRegistry mills, ApplicationContext context,
			ObjectProvider<ApplicationExit> exit) {
		return new CompletionExit(mills, context, exit.getIfAvailable(() -> ApplicationExit.SYSTEM));
	}

}
