package dev.watermill.demo;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;

import dev.watermill.kafka.fixture.KafkaProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Starts the demo on Kafka without Docker: with a real broker in a process of its own,
 * which ends with the demo. It is where a second instance looks for it.
 */
public final class TestDemoApplication {

	private static final Logger logger = LoggerFactory.getLogger("demo");

	private TestDemoApplication() {
	}

	/**
	 * Start the demo.
	 * @param args Spring Boot's arguments
	 */
	public static void main(String[] args) {
		String[] all = Arrays.copyOf(args, args.length + 2);
		all[args.length] = "--spring.docker.compose.enabled=false";
		// Ctrl+C ends the broker as well, for which nobody is to wait
		all[args.length + 1] = "--spring.lifecycle.timeout-per-shutdown-phase=2s";
		if (System.getProperty("spring.profiles.active") == null
				&& !String.join(" ", args).contains("profiles.active")) {
			all = Arrays.copyOf(all, all.length + 1);
			all[all.length - 1] = "--spring.profiles.active=kafka";
		}
		SpringApplication.from(DemoApplication::main).with(Broker.class).run(all);
	}

	/**
	 * A broker at the port that brokers have, unless there is one already.
	 */
	@TestConfiguration(proxyBeanMethods = false)
	static class Broker {

		private static final int PORT = 9092;

		@Bean(destroyMethod = "close")
		KafkaProcess kafkaProcess() {
			KafkaProcess.Builder builder = KafkaProcess.builder();
			return (isFree() ? builder.port(PORT) : builder).start();
		}

		private static boolean isFree() {
			try (ServerSocket socket = new ServerSocket(PORT)) {
				return socket.isBound();
			}
			catch (IOException ex) {
				return false;
			}
		}

		@Bean
		KafkaConnectionDetails kafkaConnectionDetails(KafkaProcess broker) {
			logger.info("Kafka is at {}", broker.bootstrapServers());
			return () -> List.of(broker.bootstrapServers());
		}

	}

}
