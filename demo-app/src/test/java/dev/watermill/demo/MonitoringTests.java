package dev.watermill.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

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
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "watermill.auto-startup=true")
class MonitoringTests {

	private static final Path DOCS = Path.of("../docs/monitoring");

	private static final Pattern USE = Pattern.compile("(watermill_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern LABEL = Pattern.compile("(\\w+)(?:=~|!=|=)\\\\?\"");

	/** The labels by which Prometheus tells targets apart. */
	private static final Set<String> TARGET = Set.of("namespace", "job", "instance");

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
			this.scraped = Scrape
				.parse(RestClient.create("http://localhost:" + this.port + "/actuator/prometheus")
					.get()
					.retrieve()
					.body(String.class))
				.labels();
			assertThat(this.scraped).containsKey("watermill_process_seconds_count");
		});
	}

	@Test
	void theScrapeHasEveryMeter() {
		assertThat(this.scraped).containsKeys("watermill_elements_read_elements_total",
				"watermill_elements_skipped_elements_total", "watermill_dead_letters_elements_total",
				"watermill_elements_lost_elements_total", "watermill_deliveries_total",
				"watermill_deliveries_skipped_deliveries_total", "watermill_restarts_total", "watermill_results_total",
				"watermill_process_seconds_count", "watermill_process_seconds_sum", "watermill_process_seconds_max",
				"watermill_commit_seconds_count", "watermill_commit_seconds_sum", "watermill_commit_seconds_max",
				"watermill_lag_elements", "watermill_window_size_elements", "watermill_state", "watermill_unavailable",
				"watermill_progress_age_seconds", "watermill_call_age_seconds", "watermill_activity");
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
				if (!TARGET.contains(label.group(1))) {
					assertThat(this.scraped.get(use.group(1))).as(use.group()).contains(label.group(1));
				}
			}
		}
		assertThat(uses).isGreaterThan(7);
	}

	@Test
	void prometheusUnderstandsTheRules() throws IOException {
		Promtool.require();
		Promtool.checkRules(DOCS.resolve("prometheus-alerts.yml"));
	}

	@Test
	void prometheusUnderstandsTheDashboard() throws IOException {
		Promtool.require();
		StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
		List<String> expressions = new ArrayList<>();
		JsonMapper.shared()
			.readTree(Files.readString(DOCS.resolve("grafana-dashboard.json")))
			.get("panels")
			.forEach((panel) -> panel.get("targets")
				.forEach((target) -> expressions.add(target.get("expr").stringValue())));
		for (String expression : expressions) {
			rules.append("      - record: panel:")
				.append(rules.length())
				.append("\n        expr: '")
				.append(expression.replace("$__rate_interval", "5m"))
				.append("'\n");
		}
		assertThat(expressions).hasSizeGreaterThan(10);
		Promtool.checkRules(Files.writeString(out.resolve("dashboard-rules.yml"), rules));
	}

}
