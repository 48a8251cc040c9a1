package dev.watermill.spring.actuate.info;

import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what the info endpoint tells of
 * mills.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WaterMillAutoConfiguration.class)
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnBean(Mills.class)
@ConditionalOnEnabledInfoContributor("watermill")
public final class WaterMillInfoAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "watermillInfoContributor")
	InfoContributor watermillInfoContributor(Mills mills) {
		return new MillInfoContributor(mills);
	}

}
