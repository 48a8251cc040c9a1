package dev.watermill.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the dashboard and the alert rules in the docs against a scrape of the demo.
 */
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class MonitoringTests {

	private static final Path DOCS = Path.of("../docs/monitoring");

	private static final Pattern SAMPLE = Pattern.compile("^(\\w+)(?:\\{(.*)})? \\S+$");

	private static final Pattern USE = Pattern.compile("(watermill_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern LABEL = Pattern.compile("(\\w+)(?:=~|=)\\\\?\"");

	@TempDir
	static Path out;

	@LocalServerPort
	private int port;

	/** The labels of each metric in the scrape. */
	private Map<String, Set<String>> scraped = Map.of();

	@DynamicPropertySource
	static void writeElsewhere(DynamicPropertyRegistry registry) {
		DemoOutputs.writeTo(out, registry);
	}

	@BeforeEach
	void scrape() {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			this.scraped = parse(RestClient.create("http://localhost:" + this.port + "/actuator/prometheus")
				.get()
				.retrieve()
				.body(String.class));
			assertThat(this.scraped).containsKey("watermill_process_seconds_count");
		});
	}

	@Test
	void theScrapeHasEveryMeter() {
		assertThat(this.scraped).containsKeys("watermill_elements_read_elements_total",
				"watermill_elements_skipped_elements_total", "watermill_deliveries_total",
				"watermill_deliveries_skipped_deliveries_total", "watermill_results_total",
				"watermill_process_seconds_count", "watermill_process_seconds_sum", "watermill_process_seconds_max",
				"watermill_commit_seconds_count", "watermill_commit_seconds_sum", "watermill_commit_seconds_max",
				"watermill_lag_elements", "watermill_window_size_elements", "watermill_state");
		assertThat(this.scraped).allSatisfy((metric, labels) -> {
			if (metric.startsWith("watermill_")) {
				assertThat(labels).as(metric).contains("mill");
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "grafana-dashboard.json", "prometheus-alerts.yml" })
	void whatIsLookedAtIsInTheScrape(String file) throws IOException {
		int uses = 0;
		Matcher use = USE.matcher(Files.readString(DOCS.resolve(file)));
		while (use.find()) {
			uses++;
			assertThat(this.scraped).as(file).containsKey(use.group(1));
			Matcher label = LABEL.matcher((use.group(2) != null) ? use.group(2) : "");
			while (label.find()) {
				assertThat(this.scraped.get(use.group(1))).as(use.group()).contains(label.group(1));
			}
		}
		assertThat(uses).isGreaterThan(7);
	}

	private static Map<String, Set<String>> parse(String scrape) {
		Map<String, Set<String>> labels = new HashMap<>();
		for (String line : scrape.split("\n")) {
			Matcher sample = SAMPLE.matcher(line);
			if (!line.startsWith("#") && sample.matches()) {
				Set<String> known = labels.computeIfAbsent(sample.group(1), (name) -> new HashSet<>());
				Stream.of(((sample.group(2) != null) ? sample.group(2) : "").split(","))
					.filter((label) -> label.contains("="))
					.forEach((label) -> known.add(label.substring(0, label.indexOf('='))));
			}
		}
		return labels;
	}

}
