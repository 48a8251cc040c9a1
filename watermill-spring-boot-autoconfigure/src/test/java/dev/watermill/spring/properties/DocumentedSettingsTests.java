package dev.watermill.spring.properties;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an IDE shows of the settings, below maps too, and what the documentation says of
 * them.
 */
class DocumentedSettingsTests {

	private static final Path DOCUMENTATION = Path.of("../docs/configuration.md");

	private static final Pattern CODE = Pattern.compile("`([^`]*)`");

	@ParameterizedTest
	@CsvSource({ "Streams, StreamProperties", "Mills, MillProperties" })
	void theDocumentationHasEachSettingWithItsDefault(String section, String type) throws IOException {
		Map<String, JsonNode> settings = new TreeMap<>();
		addSettings("", type, settings);
		Map<String, String> documented = documented(section);
		assertThat(documented.keySet()).as("documented settings")
			.containsExactlyInAnyOrderElementsOf(settings.keySet());
		settings.forEach((name, setting) -> {
			if (setting.has("defaultValue")) {
				assertThat(documented.get(name)).as("default of " + name + " in " + DOCUMENTATION)
					.isEqualTo(setting.get("defaultValue").asString());
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "StreamProperties", "MillProperties" })
	void eachSettingBelowAMapHasADescription(String type) throws IOException {
		Map<String, JsonNode> settings = new TreeMap<>();
		addSettings("", type, settings);
		assertThat(settings).isNotEmpty().allSatisfy((name, setting) -> {
			String description = setting.path("description").asString("");
			assertThat(description).as(name).isNotBlank().endsWith(".").doesNotMatch("(A|An|The) .*");
			if (setting.get("type").stringValue().equals("java.lang.Boolean")) {
				assertThat(description).as(name).startsWith("Whether ");
			}
		});
	}

	@Test
	void theDocumentationHasEachSettingOfTheApplication() throws IOException {
		Map<String, String> documented = documented("The application");
		List<String> settings = new ArrayList<>();
		for (JsonNode property : read("spring-configuration-metadata.json")) {
			String name = property.get("name").stringValue();
			if (name.startsWith("watermill.") && !property.get("type").stringValue().contains("Map<")) {
				settings.add(name.substring("watermill.".length()));
				if (property.has("defaultValue") && !name.endsWith("group-id-prefix")) {
					assertThat(documented).as("defaults")
						.containsEntry(name.substring("watermill.".length()), property.get("defaultValue").asString());
				}
			}
		}
		settings.add("console.*");
		assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(settings);
	}

	private static void addSettings(String prefix, String type, Map<String, JsonNode> settings) throws IOException {
		for (JsonNode property : read(
				"spring/configuration-metadata/dev.watermill.spring.properties." + type + ".json")) {
			String name = prefix + property.get("name").stringValue();
			String value = property.get("type").stringValue();
			if (value.startsWith("java.util.Map<java.lang.String,dev.watermill.")) {
				addSettings(name + ".<stream>.", value.substring(value.lastIndexOf('.') + 1, value.length() - 1),
						settings);
			}
			else if (value.endsWith("Properties")) {
				if (value.endsWith(".MaxStepProperties")) {
					settings.put(name, property);
				}
				addSettings(name + ".", value.substring(value.lastIndexOf('.') + 1), settings);
			}
			else {
				settings.put(name.equals("properties") ? "properties.*" : name, property);
			}
		}
	}

	private static JsonNode read(String metadata) throws IOException {
		try (InputStream in = DocumentedSettingsTests.class.getResourceAsStream("/META-INF/" + metadata)) {
			assertThat(in).as(metadata).isNotNull();
			return JsonMapper.shared().readTree(in).get("properties");
		}
	}

	/**
	 * Return the settings in the table of a section, with their defaults as they are
	 * written.
	 */
	private static Map<String, String> documented(String section) throws IOException {
		Map<String, String> documented = new TreeMap<>();
		boolean inside = false;
		for (String line : Files.readAllLines(DOCUMENTATION)) {
			if (line.startsWith("#")) {
				inside = line.startsWith("## " + section);
			}
			else if (inside && line.startsWith("| `")) {
				String[] cells = line.split(" \\| ");
				List<String> names = code(cells[0]);
				List<String> defaults = code(cells[1]);
				for (int i = 0; i < names.size(); i++) {
					documented.put(full(names, i), (defaults.size() == names.size()) ? defaults.get(i) : "");
				}
			}
		}
		return documented;
	}

	/**
	 * Return a name, of which a dot stands for all but the last of the first one.
	 */
	private static String full(List<String> names, int index) {
		String name = names.get(index);
		String first = names.get(0);
		return name.startsWith(".") ? first.substring(0, first.lastIndexOf('.')) + name : name;
	}

	private static List<String> code(String cell) {
		return CODE.matcher(cell).results().map((MatchResult result) -> result.group(1)).toList();
	}

}
