package dev.watermill.spring.mill;

import dev.watermill.Mill;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.internal.BrokerKind;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.binding.internal.StreamKind;
import dev.watermill.spring.properties.WaterMillProperties;
import dev.watermill.spring.properties.internal.UnknownPropertyGuard;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for mills: their processors are
 * found, assembled with their streams and run with the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(Mill.class)
@ConditionalOnBooleanProperty(name = "watermill.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(value = Mills.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(WaterMillProperties.class)
public final class WaterMillAutoConfiguration {

	@Bean
	static UnknownPropertyGuard watermillUnknownPropertyGuard(ListableBeanFactory beanFactory) {
		return new UnknownPropertyGuard(beanFactory);
	}

	@Bean
	BrokerKind watermillBrokerKind(ListableBeanFactory beanFactory) {
		return new BrokerKind(beanFactory);
	}

	@Bean
	StreamBindings watermillStreamBindings(WaterMillProperties properties, ObjectProvider<StreamKind> kinds,
			Environment environment) {
		return new StreamBindings(properties, kinds.orderedStream().toList(), environment);
	}

	@Bean
	MillRegistry watermillMills(WaterMillProperties properties, StreamBindings bindings,
			ConfigurableListableBeanFactory beanFactory, ObjectProvider<MillCustomizer> customizers,
			ObjectProvider<LifecycleProperties> lifecycle) {
		return new MillRegistry(properties, bindings, beanFactory, customizers,
				lifecycle.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase());
	}

	@Bean
	MillLifecycle watermillLifecycle(MillRegistry mills, WaterMillProperties properties,
			ObjectProvider<CompletionExit> exit) {
		return new MillLifecycle(mills, properties, exit.getIfAvailable());
	}

}
