package dev.watermill.spring.mill;

import java.util.concurrent.ThreadFactory;

import dev.watermill.Mill;
import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.internal.BrokerKind;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.binding.internal.StreamKind;
import dev.watermill.spring.binding.internal.StreamPlacement;
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
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

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
		return new UnknownPropertyGuard(beanFactory,
				() -> beanFactory.getBeanNamesForType(StreamPlacement.class, true, false).length > 0);
	}

	@Bean
	BrokerKind watermillBrokerKind(ListableBeanFactory beanFactory) {
		return new BrokerKind(beanFactory);
	}

	@Bean
	StreamBindings watermillStreamBindings(WaterMillProperties properties, ObjectProvider<StreamKind> kinds,
			Environment environment, ObjectProvider<StreamPlacement> placement) {
		return new StreamBindings(properties, kinds.orderedStream().toList(), environment, placement.getIfAvailable());
	}

	@Bean
	MillRegistry watermillMills(WaterMillProperties properties, StreamBindings bindings,
			ConfigurableListableBeanFactory beanFactory, ObjectProvider<DeliveryErrorHandler> errorHandlers,
			ObjectProvider<MillCustomizer> customizers, ApplicationEventPublisher publisher,
			ObjectProvider<LifecycleProperties> lifecycle) {
		return new MillRegistry(properties, bindings, beanFactory, errorHandlers, customizers,
				new StateEvents(publisher),
				lifecycle.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase());
	}

	/**
	 * Before customizers of the user's own, which may want other threads.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	@ConditionalOnThreading(Threading.VIRTUAL)
	MillCustomizer watermillVirtualThreads() {
		ThreadFactory threads = new VirtualThreadTaskExecutor().getVirtualThreadFactory();
		return (builder) -> builder.laneThreads(threads);
	}

	@Bean
	MillLifecycle watermillLifecycle(MillRegistry mills, WaterMillProperties properties,
			ObjectProvider<CompletionExit> exit) {
		return new MillLifecycle(mills, properties, exit.getIfAvailable());
	}

}
