package dev.watermill.spring.mill;

import dev.watermill.spring.properties.WaterMillProperties;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that provides the exit code of an
 * application with mills, and ends it once they are over.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WaterMillAutoConfiguration.class)
@ConditionalOnBean(value = MillRegistry.class, search = SearchStrategy.CURRENT)
public final class CompletionExitAutoConfiguration {

	@Bean
	CompletionExit watermillCompletionExit(MillRegistry mills, ConfigurableApplicationContext context,
			WaterMillProperties properties) {
		return new CompletionExit(mills, context, properties.isExitOnCompletion());
	}

}
