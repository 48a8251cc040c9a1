package dev.watermill.spring.test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/**
 * Says what a test on Kafka needs in an application that has none.
 */
@AutoConfiguration
@ConditionalOnMissingClass("org.springframework.kafka.core.ConsumerFactory")
@ConditionalOnProperty(name = "spring.test.watermill.broker", havingValue = "kafka")
final class MissingKafkaMillTesterAutoConfiguration {

	MissingKafkaMillTesterAutoConfiguration() {
		throw new IllegalStateException(
				"A test with @WaterMillTest(broker = KAFKA) needs Kafka: add spring-boot-starter-kafka to the application");
	}

}
