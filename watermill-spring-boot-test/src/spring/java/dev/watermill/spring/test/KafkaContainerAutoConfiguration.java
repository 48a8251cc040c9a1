package dev.watermill.spring.test;

import java.lang.reflect.Method;
import java.util.List;

import org.apache.kafka.common.utils.AppInfoParser;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Leads tests that name no Kafka to one in a container, which all of them share.
 */
@AutoConfiguration(before = KafkaAutoConfiguration.class)
@ConditionalOnClass(value = KafkaConnectionDetails.class, name = KafkaContainerAutoConfiguration.CONTAINER)
@ConditionalOnMissingBean(KafkaConnectionDetails.class)
@ConditionalOnProperty(name = "spring.kafka.bootstrap-servers", havingValue = "none", matchIfMissing = true)
final class KafkaContainerAutoConfiguration {

	/** By its name, so that nobody needs Testcontainers who has a Kafka. */
	static final String CONTAINER = "org.testcontainers.kafka.KafkaContainer";

	@Bean
	@Lazy
	KafkaConnectionDetails watermillKafkaContainer() {
		List<String> servers = List.of(SharedContainer.SERVERS);
		return () -> servers;
	}

	/**
	 * Started when somebody needs it. Testcontainers removes it after the JVM's end.
	 */
	private static final class SharedContainer {

		private static final String SERVERS = start();

		private static String start() {
			try {
				Class<?> type = ClassUtils.forName(CONTAINER, KafkaContainerAutoConfiguration.class.getClassLoader());
				Object container = type.getConstructor(String.class)
					.newInstance("apache/kafka-native:" + AppInfoParser.getVersion());
				call(container, "start");
				return String.valueOf(call(container, "getBootstrapServers"));
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException("No Kafka could be started in a container", ex);
			}
		}

		private static Object call(Object container, String name) {
			Method method = ReflectionUtils.findMethod(container.getClass(), name);
			Assert.state(method != null, () -> CONTAINER + " has no method " + name);
			return String.valueOf(ReflectionUtils.invokeMethod(method, container));
		}

	}

}
