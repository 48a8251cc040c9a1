package dev.watermill.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.kafka.fixture.spring.KafkaServiceConnection;
import dev.watermill.spring.mill.Mills;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demo with the profile {@code kafka}: the sample files go into topics, and the mills
 * join topics.
 */
@DirtiesContext
@ActiveProfiles("kafka")
@Import(KafkaServiceConnection.class)
@SpringBootTest(properties = { "watermill.auto-startup=true", "spring.docker.compose.enabled=false" })
class KafkaDemoTests {

	private static final String END = "{\"eos__\": true}";

	@TempDir
	static Path out;

	@Autowired
	private Mills mills;

	@DynamicPropertySource
	static void writeElsewhere(DynamicPropertyRegistry registry) {
		registry.add("watermill.streams.robot-activity.file", () -> out.resolve("robot-activity.jsonl").toString());
		registry.add("watermill.state-dir", () -> out.resolve("state").toString());
	}

	@Test
	void givesTheSameResultsAsFromFiles() {
		assertThat(resultsOf("city-comparison", "city-comparisons")).hasSize(1462)
			.startsWith(
					"{\"date\":\"2012-01-01\",\"seattle\":\"drizzle\",\"newYork\":\"rain\",\"warmerInNewYork\":-2.8}")
			.endsWith(END);
		assertThat(resultsOf("monthly-weather", "monthly-weather")).hasSize(49).endsWith(END);
		assertThat(resultsOf("trade-quality", "trade-qualities")).hasSize(327)
			.endsWith(END)
			.filteredOn((trade) -> trade.contains("\"INSIDE\""))
			.hasSize(263);
		assertThat(resultsOf("robot-speed", "robot-speeds")).hasSize(120)
			.endsWith(END)
			.first()
			.asString()
			.startsWith("{\"time\":0,\"speed\":0.583");
	}

	@Test
	void showsResultsArriving() {
		awaitCompletion("watch-speeds");
		assertThat(this.mills.get("watch-speeds").counters().deliveries().get()).isEqualTo(119);
	}

	@Test
	void sharesTheLanesOfTheFleetWithASecondInstance() {
		awaitLanes(this.mills, 4);
		try (ConfigurableApplicationContext second = second()) {
			awaitLanes(second.getBean(Mills.class), 2);
			awaitLanes(this.mills, 2);
		}
		awaitLanes(this.mills, 4);
		assertThat(this.mills.get("fleet-speed").counters().deliveries().get()).isPositive();
	}

	/**
	 * Start the demo as it is started for a second time, but for where the broker is.
	 */
	private static ConfigurableApplicationContext second() {
		return new SpringApplicationBuilder(DemoApplication.class).profiles("second")
			.run("--server.port=0", "--spring.kafka.bootstrap-servers=" + SharedKafka.bootstrapServers(),
					"--watermill.state-dir=" + out.resolve("second"));
	}

	private static void awaitLanes(Mills mills, int number) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(mills.get("fleet-speed").status().lanes()).hasSize(number)
				.allSatisfy((lane) -> assertThat(lane.phase().state()).isEqualTo(MillState.RUNNING)));
	}

	private List<String> resultsOf(String mill, String topic) {
		awaitCompletion(mill);
		return SharedKafka.topics().read(topic).stream().map(ConsumerRecord::value).toList();
	}

	private void awaitCompletion(String mill) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.mills.get(mill).state() == MillState.COMPLETED);
	}

}
