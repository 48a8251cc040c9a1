package dev.watermill.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever is called by an alert finds it on the page, and nobody finds one that is gone.
 */
class RunbookTests {

	@Test
	void hasASectionForEachAlert() throws IOException {
		String rules = Files.readString(Page.ROOT.resolve("docs/monitoring/prometheus-alerts.yml"));
		List<String> alerts = Pattern.compile("alert: (\\w+)")
			.matcher(rules)
			.results()
			.map((it) -> it.group(1))
			.toList();
		assertThat(sections()).containsExactlyElementsOf(alerts);
	}

	@Test
	void saysInEachWhatToDo() throws IOException {
		for (String section : text().split("\n## ")) {
			if (section.startsWith("WaterMill")) {
				assertThat(section).contains("**Means**", "**How bad**", "**Now**", "**Tomorrow**");
			}
		}
	}

	private static List<String> sections() throws IOException {
		return Pattern.compile("(?m)^## (WaterMill\\w+)$").matcher(text()).results().map((it) -> it.group(1)).toList();
	}

	private static String text() throws IOException {
		return Files.readString(Page.ROOT.resolve("docs/runbook.md"));
	}

}
