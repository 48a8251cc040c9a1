package dev.watermill.spring.autoconfigure;

import dev.watermill.Mill;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.BindingResolver;
import dev.watermill.spring.binding.BrokerBindingResolver;
import dev.watermill.spring.binding.StreamBindings;
import dev.watermill.spring.mill.CompletionExit;
import dev.watermill.spring.mill.MillLifecycle;
import dev.watermill.spring.mill.MillRegistry;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.properties.UnknownPropertyGuard;
import dev.watermill.spring.properties.WaterMillProperties;

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
	BrokerBindingResolver watermillBrokerBindingResolver(ListableBeanFactory beanFactory) {
		return new BrokerBindingResolver(beanFactory);
	}

	@Bean
	StreamBindings watermillStreamBindings(WaterMillProperties properties, ObjectProvider<BindingResolver> resolvers) {
		return new StreamBindings(properties, resolvers.orderedStream().toList());
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
