package dev.watermill.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Prometheus's own tool, the {@code promtool} of the machine: evaluates rules over series
 * as if hours had passed. Tests that need it are skipped where there is none.
 */
final class Promtool {

	/** How many minutes each scrape, or way from one to the next, lasts. */
	static final int STRETCH = 60;

	private final Path rules;

	private final Path directory;

	private final Map<String, String> series = new LinkedHashMap<>();

	private final List<String> expectations = new ArrayList<>();

	private final List<String> texts = new ArrayList<>();

	Promtool(Path rules, Path directory) {
		this.rules = rules.toAbsolutePath().normalize();
		this.directory = directory;
	}

	static void require() {
		assumeTrue(isThere(), "there is no promtool: apt-get install prometheus");
	}

	private static boolean isThere() {
		try {
			return run("--version").status() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Let a target show these scrapes, an hour each pair, one changing evenly into the
	 * other.
	 * @param target its labels, as they are written
	 */
	@SafeVarargs
	final Promtool target(String target, List<Scrape>... stretches) {
		Set<String> names = new LinkedHashSet<>();
		for (List<Scrape> stretch : stretches) {
			stretch.forEach((scrape) -> names.addAll(scrape.samples().keySet()));
		}
		for (String name : names) {
			StringBuilder values = new StringBuilder();
			for (List<Scrape> stretch : stretches) {
				Double from = stretch.get(0).samples().get(name);
				Double to = stretch.get(stretch.size() - 1).samples().get(name);
				values.append(values.isEmpty() ? "" : " ").append(values(from, to));
			}
			// a label at the end may have a comma behind it
			String labels = name.substring(name.indexOf('{') + 1, name.lastIndexOf('}')).replaceAll(",$", "");
			this.series.put(name.substring(0, name.indexOf('{')) + "{" + labels + "," + target + "}",
					values.toString());
		}
		return this;
	}

	private static String values(Double from, Double to) {
		if (from == null || to == null) {
			return String.join(" ", Collections.nCopies(STRETCH, "_"));
		}
		if (!Double.isFinite(from) || !Double.isFinite(to)) {
			return String.join(" ", Collections.nCopies(STRETCH, "NaN"));
		}
		BigDecimal step = BigDecimal.valueOf(to)
			.subtract(BigDecimal.valueOf(from))
			.divide(BigDecimal.valueOf(STRETCH - 1), 12, RoundingMode.HALF_UP);
		return BigDecimal.valueOf(from).toPlainString() + ((step.signum() < 0) ? "-" : "+") + step.abs().toPlainString()
				+ "x" + (STRETCH - 1);
	}

	/**
	 * Expect exactly these alerts to fire near the end of a stretch.
	 * @param stretch the number of the stretch, from 0
	 * @param alerts the labels of each, as they are written
	 */
	Promtool expect(int stretch, String... alerts) {
		return expectAt((stretch + 1) * STRETCH - 5, alerts);
	}

	/**
	 * Expect exactly these alerts to fire at a minute.
	 */
	Promtool expectAt(int minute, String... alerts) {
		StringBuilder expectation = new StringBuilder();
		expectation.append("      - expr: 'ALERTS{alertstate=\"firing\"}'\n");
		expectation.append("        eval_time: ").append(minute).append("m\n");
		expectation.append("        exp_samples:").append((alerts.length > 0) ? "\n" : " []\n");
		for (String alert : alerts) {
			expectation.append("          - { labels: 'ALERTS{alertstate=\"firing\",")
				.append(alert)
				.append("}', value: 1 }\n");
		}
		this.expectations.add(expectation.toString());
		return this;
	}

	/**
	 * Expect an alert to say something at a minute.
	 * @param labels its labels, as YAML
	 * @param annotations what it says, as YAML
	 */
	Promtool expectText(int minute, String alert, String labels, String annotations) {
		this.texts.add("      - eval_time: " + minute + "m\n        alertname: " + alert
				+ "\n        exp_alerts:\n          - exp_labels: { " + labels + " }\n            exp_annotations: { "
				+ annotations + " }\n");
		return this;
	}

	void check() throws IOException {
		StringBuilder test = new StringBuilder();
		test.append("rule_files: ['").append(this.rules).append("']\n");
		test.append("evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n");
		this.series.forEach((name, values) -> test.append("      - series: '")
			.append(name)
			.append("'\n        values: '")
			.append(values)
			.append("'\n"));
		test.append("    promql_expr_test:\n");
		this.expectations.forEach(test::append);
		test.append(this.texts.isEmpty() ? "" : "    alert_rule_test:\n");
		this.texts.forEach(test::append);
		Path file = Files.writeString(this.directory.resolve("alerts-test.yml"), test);
		assertSuccess(run("test", "rules", file.toString()));
	}

	static void checkRules(Path file) throws IOException {
		assertSuccess(run("check", "rules", file.toString()));
	}

	private static void assertSuccess(Outcome outcome) {
		assertThat(outcome.status()).as("promtool says: " + outcome.output()).isZero();
	}

	private static Outcome run(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of("promtool"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
			return new Outcome(process.exitValue(), output);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private record Outcome(int status, String output) {

	}

}
