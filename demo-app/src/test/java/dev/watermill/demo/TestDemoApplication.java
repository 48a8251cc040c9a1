package dev.watermill.demo;

import java.util.Arrays;

import dev.watermill.kafka.fixture.spring.KafkaServiceConnection;

import org.springframework.boot.SpringApplication;

/**
 * Starts the demo on Kafka without Docker: with a real broker in a process of its own,
 * which ends with the demo.
 */
public final class TestDemoApplication {

	private TestDemoApplication() {
	}

	/**
	 * Start the demo.
	 * @param args Spring Boot's arguments
	 */
	public static void main(String[] args) {
		String[] all = Arrays.copyOf(args, args.length + 1);
		all[args.length] = "--spring.docker.compose.enabled=false";
		if (System.getProperty("spring.profiles.active") == null
				&& !String.join(" ", args).contains("profiles.active")) {
			all = Arrays.copyOf(all, all.length + 1);
			all[all.length - 1] = "--spring.profiles.active=kafka";
		}
		SpringApplication.from(DemoApplication::main).with(KafkaServiceConnection.class).run(all);
	}

}
