package dev.watermill.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.watermill.docs.Page.Block;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Settings that pages show exist and can be bound, in YAML and on command lines.
 */
class SettingSnippetTests {

	private static final Pattern ARGUMENT = Pattern
		.compile("--((?:watermill|spring|server|management)\\.[\\w.-]+)=(\\S*)");

	private final SettingSnippets settings = new SettingSnippets();

	@Test
	void bindsYaml() {
		List<String> complaints = new ArrayList<>();
		for (Page page : Page.all()) {
			for (Block block : page.blocks("yaml")) {
				Map<String, Object> found = SettingSnippets.read(block);
				if (!found.containsKey("apiVersion")) {
					this.settings.complaints(found).forEach((it) -> complaints.add(block + ": " + it));
				}
			}
		}
		assertThat(complaints).isEmpty();
	}

	@Test
	void bindsArguments() {
		List<String> complaints = new ArrayList<>();
		for (Page page : Page.all()) {
			for (Block block : page.blocks("shell")) {
				Map<String, Object> found = new LinkedHashMap<>();
				ARGUMENT.matcher(block.text()).results().forEach((it) -> found.put(it.group(1), it.group(2)));
				this.settings.complaints(found).forEach((it) -> complaints.add(block + ": " + it));
			}
		}
		assertThat(complaints).isEmpty();
	}

	@Test
	void seesWhatIsNone() {
		assertThat(complaints("watermill.streams.order.fil: in.jsonl")).singleElement().asString().contains("fil");
		assertThat(complaints("watermill.mills.x.commit-interval: soon")).singleElement().asString().contains("soon");
		assertThat(complaints("spring.kafka.bootstrap-server: here"))
			.containsExactly("no property spring.kafka.bootstrap-server");
		assertThat(complaints("watermill.kafka.group-id: x")).singleElement().asString().contains("group-id");
		assertThat(complaints("watermil.enabled: true")).containsExactly("no property watermil.enabled");
	}

	private List<String> complaints(String yaml) {
		return this.settings.complaints(SettingSnippets
			.read(Page.parse(Path.of("docs/some.md"), List.of("```yaml", yaml, "```")).blocks("yaml").get(0)));
	}

}
