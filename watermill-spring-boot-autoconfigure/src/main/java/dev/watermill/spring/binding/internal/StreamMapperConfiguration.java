package dev.watermill.spring.binding.internal;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * What kinds of places import whose elements are JSON, or are made as if they were: one
 * mapper for all of them.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public class StreamMapperConfiguration {

	@Bean
	StreamMapper watermillStreamMapper(ConfigurableBeanFactory beanFactory, Environment environment) {
		return new StreamMapper(beanFactory, environment);
	}

}
