package dev.watermill.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.watermill.engine.MillState;
import dev.watermill.spring.mill.Mills;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demo as it is started, but for where its output goes and the length of a window.
 */
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "watermill.auto-startup=true")
class DemoApplicationTests {

	@TempDir
	static Path out;

	@Autowired
	private Mills mills;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void writeElsewhere(DynamicPropertyRegistry registry) {
		DemoOutputs.writeTo(out, registry);
		registry.add("watermill.mills.robot-activity.window.every", () -> "1s");
	}

	@Test
	void joinsTwoCitiesByDate() throws IOException {
		List<String> days = resultsOf("city-comparison", "city-comparison.json");
		assertThat(days).hasSize(1461);
		assertThat(days.get(0)).isEqualTo(
				"{\"date\":\"2012-01-01\",\"seattle\":\"drizzle\",\"newYork\":\"rain\",\"warmerInNewYork\":-2.8}");
	}

	@Test
	void sumsUpACityByMonth() throws IOException {
		List<String> months = resultsOf("monthly-weather", "monthly-weather.json");
		assertThat(months).hasSize(48);
		assertThat(months.get(0)).contains("\"month\":\"2012-01\"").contains("\"tempMax\":12.8");
	}

	@Test
	void judgesTradesByTheLastQuoteBeforeThem() throws IOException {
		List<String> trades = resultsOf("trade-quality", "trade-quality.json");
		assertThat(trades).hasSize(326)
			.contains("{\"time\":\"2026-03-02T14:30:00.213Z\",\"symbol\":\"CORN\",\"price\":12.42,"
					+ "\"exchange\":\"south\",\"verdict\":\"INSIDE\"}");
		assertThat(trades).filteredOn((trade) -> trade.contains("\"INSIDE\"")).hasSize(263);
		assertThat(trades).filteredOn((trade) -> trade.contains("\"exchange\":null,\"verdict\":\"NO_QUOTE\""))
			.hasSize(29);
	}

	@Test
	void joinsLocationsWithThoseOfTheNextStep() throws IOException {
		List<String> speeds = resultsOf("robot-speed", "robot-speed.json");
		assertThat(speeds).hasSize(119).first().asString().startsWith("{\"time\":0,\"speed\":0.583");
	}

	@Test
	void watchesRobotsThatNeverStop() {
		Path activity = out.resolve("robot-activity.jsonl");
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> Files.exists(activity) && Files.readAllLines(activity).size() >= 2);
		assertThat(this.mills.get("robot-activity").state()).isEqualTo(MillState.RUNNING);
	}

	@Test
	void showsItsMills() {
		RestClient client = RestClient.create("http://localhost:" + this.port + "/actuator");
		assertThat(client.get().uri("/watermill").retrieve().body(String.class)).contains("\"name\":\"robot-speed\"")
			.contains("\"name\":\"city-comparison\"");
		assertThat(client.get().uri("/health").retrieve().body(String.class)).startsWith("{").contains("watermill");
		assertThat(client.get().uri("/prometheus").retrieve().body(String.class)).contains("watermill_elements_read");
	}

	/**
	 * Return the elements of a result file, which the demo writes one a line.
	 */
	private List<String> resultsOf(String mill, String file) throws IOException {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.mills.get(mill).state() == MillState.COMPLETED);
		return Files.readAllLines(out.resolve(file))
			.stream()
			.filter((line) -> line.startsWith("{"))
			.map((line) -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
			.toList();
	}

}
