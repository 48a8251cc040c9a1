package dev.watermill.spring.test;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.watermill.engine.RetryPolicy;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.internal.StreamMapper;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import dev.watermill.spring.mill.internal.MillWorkshop;
import dev.watermill.spring.properties.WaterMillProperties;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of tests: all streams are in memory,
 * and a {@link MillTester} runs the mills.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = WaterMillAutoConfiguration.class)
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

	private static RetryPolicy atOnce(RetryPolicy policy) {
		return new RetryPolicy(policy.maxRetries(), Duration.ZERO, policy.multiplier(), Duration.ZERO, Duration.ZERO,
				policy.exceptionIncludes(), policy.exceptionExcludes());
	}

	@Bean
	MillTester watermillMillTester(ObjectProvider<Mills> mills, MemoryStreams streams,
			ObjectProvider<StreamMapper> mapper, WaterMillProperties properties,
			ConfigurableListableBeanFactory beanFactory) {
		Supplier<JsonMapper> json = () -> mapper.getObject().get();
		return new MillTester(() -> mills.stream().findFirst().map(Mills::all).orElse(List.of()), streams, json,
				this.clock, (forgetful, given) -> {
					FreshProcessors processors = new FreshProcessors(beanFactory, forgetful);
					MillWorkshop workshop = beanFactory.getBean(MillWorkshop.class);
					return new Crashes((steps) -> new CrashTrial(workshop, processors, this.clock, steps,
							(noticed) -> new MemoryStreams(new StreamPlaces(properties), json, this.clock, noticed)),
							given);
				});
	}

}
