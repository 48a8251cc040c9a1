package com.acme.robots;

import java.time.Duration;
import java.util.UUID;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.kafka.fixture.Topics;
import dev.watermill.kafka.fixture.spring.KafkaServiceConnection;
import dev.watermill.spring.mill.Mills;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * The same application on Kafka: {@code topic:} instead of {@code file:}, nothing else.
 */
@ExtendWith(OutputCaptureExtension.class)
class RobotsOnTopicsTests {

	private final String prefix = "robots-" + UUID.randomUUID();

	@Test
	void joinsALocationWithTheNext() throws InterruptedException {
		Topics topics = SharedKafka.topics();
		topics.create(this.prefix + "-locations", 1);
		topics.send(location("{\"time\":0,\"x\":0,\"y\":0,\"battery\":99}"), location("{\"time\":10,\"x\":3,\"y\":4}"),
				location("{\"time\":20,\"x\":300,\"y\":4}"), location("{\"eos__\": true}"));
		try (ConfigurableApplicationContext context = builder(KafkaServiceConnection.class)
			.run(arguments("--spring.application.name=" + this.prefix))) {
			Mill mill = context.getBean(Mills.class).get("robot-speed");
			assertThat(mill).isNotNull();
			assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
			assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
		}
		// A commit returns a moment before readers see it
		await().untilAsserted(() -> {
			assertThat(topics.read(this.prefix + "-speeds")).extracting(ConsumerRecord::value)
				.containsExactly("{\"time\":0,\"speed\":0.5}", "{\"time\":10,\"speed\":3.0}", "{\"eos__\": true}");
			assertThat(topics.lag(this.prefix + "-robot-speed-robot-location", this.prefix + "-locations", 0))
				.hasValue(0);
			assertThat(topics.lag(this.prefix + "-robot-speed-robot-location-next-step", this.prefix + "-locations", 0))
				.hasValue(0);
		});
	}

	@Test
	void explainsThatGroupsNeedAPrefix(CapturedOutput output) {
		assertThatException().isThrownBy(() -> builder().run(arguments("--spring.application.name=")));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Set spring.application.name, or watermill.kafka.group-id-prefix.");
	}

	private ProducerRecord<String, String> location(String value) {
		return new ProducerRecord<>(this.prefix + "-locations", value);
	}

	private String[] arguments(String name) {
		return new String[] { name, "--watermill.streams.robot-location.topic=" + this.prefix + "-locations",
				"--watermill.streams.robot-location-next-step.topic=" + this.prefix + "-locations",
				"--watermill.streams.robot-speed.topic=" + this.prefix + "-speeds" };
	}

	private static SpringApplicationBuilder builder(Class<?>... more) {
		return new SpringApplicationBuilder(RobotsApplication.class).sources(more).web(WebApplicationType.NONE);
	}

}
