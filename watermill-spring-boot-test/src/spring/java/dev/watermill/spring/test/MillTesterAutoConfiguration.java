package dev.watermill.spring.test;

import java.time.Duration;
import java.util.List;

import dev.watermill.engine.RetryPolicy;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.internal.StreamMapper;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import dev.watermill.spring.properties.WaterMillProperties;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of tests whose streams are in
 * memory: a {@link MillTester} runs the mills.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = WaterMillAutoConfiguration.class)
@ConditionalOnProperty(name = "spring.test.watermill.broker", havingValue = "memory", matchIfMissing = true)
@EnableConfigurationProperties(WaterMillProperties.class)
public final class MillTesterAutoConfiguration {

	private final MillClock clock = new MillClock();

	@Bean
	MemoryStreams watermillMemoryStreams(WaterMillProperties properties, ObjectProvider<StreamMapper> mapper) {
		return new MemoryStreams(new StreamPlaces(properties), () -> mapper.getObject().get(), this.clock,
				Steps.UNNOTICED);
	}

	/**
	 * Before customizers of the user's own, which may want other clocks.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	MillCustomizer watermillTestedMills() {
		return (builder) -> builder.clock(this.clock, this.clock::nanos).retry(MillTesterAutoConfiguration::atOnce);
	}

	static RetryPolicy atOnce(RetryPolicy policy) {
		return new RetryPolicy(policy.maxRetries(), Duration.ZERO, policy.multiplier(), Duration.ZERO, Duration.ZERO,
				policy.exceptionIncludes(), policy.exceptionExcludes());
	}

	@Bean
	MillTester watermillMillTester(ObjectProvider<Mills> mills, MemoryStreams streams, WaterMillProperties properties,
			ConfigurableListableBeanFactory beanFactory) {
		return new MillTester(() -> mills.stream().findFirst().map(Mills::all).orElse(List.of()), streams, this.clock,
				new CrashFactory(beanFactory, new StreamPlaces(properties), streams::mapper, this.clock));
	}

}
