package dev.watermill.spring.test;

import java.util.Collection;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.internal.StreamMapper;
import dev.watermill.spring.kafka.KafkaBrokerAutoConfiguration;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import dev.watermill.spring.mill.internal.MillWorkshop;
import dev.watermill.spring.properties.WaterMillProperties;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of tests whose streams are topics: a
 * {@link MillTester} runs the mills.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = WaterMillAutoConfiguration.class)
@ConditionalOnClass({ KafkaBroker.class, ConsumerFactory.class, KafkaAutoConfiguration.class })
@ConditionalOnProperty(name = "spring.test.watermill.broker", havingValue = "kafka")
@EnableConfigurationProperties(WaterMillProperties.class)
@ImportAutoConfiguration({ EmbeddedKafkaAutoConfiguration.class, KafkaContainerAutoConfiguration.class,
		KafkaAutoConfiguration.class, KafkaBrokerAutoConfiguration.class })
public final class KafkaMillTesterAutoConfiguration {

	private final MillClock clock = new MillClock();

	@Bean
	TopicStreams watermillTopicStreams(WaterMillProperties properties, ObjectProvider<StreamMapper> mapper,
			@Qualifier("watermillKafkaClients") ObjectProvider<KafkaClients> clients,
			ObjectProvider<ConsumerFactory<?, ?>> consumers, ObjectProvider<ProducerFactory<?, ?>> producers) {
		return new TopicStreams(new StreamPlaces(properties), () -> mapper.getObject().get(), clients::getObject,
				() -> consumers.getObject().getConfigurationProperties(),
				() -> producers.getObject().getConfigurationProperties());
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	MillCustomizer watermillTestedMills() {
		return (builder) -> builder.retry(MillTesterAutoConfiguration::atOnce);
	}

	@Bean
	MillTester watermillMillTester(ObjectProvider<Mills> mills, TopicStreams streams, WaterMillProperties properties,
			ConfigurableListableBeanFactory beanFactory) {
		return new MillTester(new TestedMills() {

			@Override
			public Collection<Mill> known() {
				return mills.stream().findFirst().map(Mills::all).orElse(List.of());
			}

			@Override
			public Collection<Mill> toRun() {
				return beanFactory.getBean(MillWorkshop.class).make(beanFactory, streams, (builder) -> {
				});
			}

		}, streams, this.clock,
				new CrashFactory(beanFactory, new StreamPlaces(properties), streams::mapper, this.clock));
	}

}
