package dev.watermill.spring.health;

import dev.watermill.spring.mill.Mills;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of mills.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(Mills.class)
@ConditionalOnEnabledHealthIndicator("watermill")
@EnableConfigurationProperties(MillsHealthProperties.class)
public final class WaterMillHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "watermillHealthIndicator", "watermillHealthContributor" },
			search = SearchStrategy.CURRENT)
	MillsHealthIndicator watermillHealthContributor(ApplicationContext context, MillsHealthProperties properties) {
		properties.check();
		return new MillsHealthIndicator(Mills.of(context), properties);
	}

}
