package dev.watermill.spring.properties;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.watermill.spring.naming.internal.RelaxedName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an editor shows of the settings.
 */
class ConfigurationMetadataTests {

	private final JsonNode metadata = read();

	private static JsonNode read() {
		try (InputStream in = ConfigurationMetadataTests.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.shared().readTree(in);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<JsonNode> properties() {
		return this.metadata.get("properties")
			.valueStream()
			.filter((property) -> property.get("name").stringValue().startsWith("watermill.")
					|| property.get("name").stringValue().startsWith("management."))
			.toList();
	}

	@Test
	void describesEveryProperty() {
		assertThat(properties()).isNotEmpty().allSatisfy((property) -> {
			assertThat(property.path("description").asString("")).as(property.get("name").stringValue())
				.isNotBlank()
				.endsWith(".")
				.doesNotStartWith("A ")
				.doesNotStartWith("An ")
				.doesNotStartWith("The ");
			if (property.get("type").stringValue().equals("java.lang.Boolean")) {
				assertThat(property.get("description").stringValue()).startsWith("Whether ");
				assertThat(property.has("defaultValue")).isTrue();
			}
		});
	}

	/**
	 * Of what is in a map the metadata has the type only: editors show the Javadoc of its
	 * fields, as it is in the sources that are published.
	 */
	@Test
	void describesWhatIsInTheTreesOfStreamsAndMills() throws IOException {
		Pattern field = Pattern
			.compile("(?m)(\\*/)?\\s*\\n(?:\\t@.*\\n)*\\tprivate (?!static|final)[^(]*?\\b(\\w+)(?: =[^;]*)?;");
		List<String> seen = new ArrayList<>();
		for (Class<?> type : List.of(StreamProperties.class, MillProperties.class, JoinProperties.class,
				WindowProperties.class, RetryProperties.class, RestartProperties.class, ReorderProperties.class,
				DeadLetterProperties.class, MaxStepProperties.class)) {
			Path source = Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
			Matcher found = field.matcher(Files.readString(source));
			while (found.find()) {
				// what remembers that something was set is no setting
				if (!found.group(2).endsWith("Set")) {
					assertThat(found.group(1)).as(type.getSimpleName() + "." + found.group(2)).isNotNull();
					seen.add(found.group(2));
				}
			}
		}
		assertThat(seen).hasSizeGreaterThan(50).contains("file", "onInvalid", "startFrom", "maxRetries", "tolerance");
	}

	@Test
	void listsThePropertiesOfStreamsAndMills() {
		Set<String> names = new TreeSet<>(
				properties().stream().map((property) -> property.get("name").stringValue()).toList());
		assertThat(names).contains("watermill.enabled", "watermill.exit-on-completion", "watermill.state-dir",
				"watermill.streams", "watermill.mills", "watermill.files.fsync", "watermill.kafka.create-topics",
				"watermill.kafka.group-id-prefix");
	}

	@Test
	void listsTheThresholdsOfHealthWithTheirDefaults() {
		assertThat(properties())
			.filteredOn((property) -> property.get("name").stringValue().startsWith("management.health.watermill."))
			.extracting(
					(property) -> property.get("name").stringValue().substring("management.health.watermill.".length())
							+ "=" + property.path("defaultValue").asString(""))
			.containsExactlyInAnyOrder("enabled=true", "call-threshold=15m", "progress-threshold=30m",
					"lag-threshold=");
	}

	@Test
	void showsWhereThePrefixOfGroupsComesFrom() {
		assertThat(properties())
			.filteredOn((property) -> property.get("name").stringValue().equals("watermill.kafka.group-id-prefix"))
			.singleElement()
			.satisfies((property) -> assertThat(property.path("defaultValue").asString(""))
				.isEqualTo("${spring.application.name}"));
	}

	@Test
	void hasTheSettingsOfTheContract() {
		assertThat(fields(StreamProperties.class)).contains("file", "broker", "topic", "topics", "deserializer",
				"serializer", "overwrite", "on-invalid", "on-disorder", "dead-letter", "key", "align-segments",
				"properties", "merge", "broadcast", "partition-by", "on-data-loss");
		assertThat(fields(MillProperties.class)).contains("auto-startup", "joins", "window", "start-from",
				"poll-timeout", "data-timeout", "idle", "max-in-flight", "delivery-timeout", "max-group-size",
				"max-window-size", "commit-interval", "concurrency", "hand-over-timeout", "retry", "on-error",
				"dead-letter", "outputs", "restart");
	}

	private static Stream<String> fields(Class<?> type) {
		return Arrays.stream(type.getDeclaredFields())
			.filter((field) -> !Modifier.isStatic(field.getModifiers()))
			.map(Field::getName)
			.map(RelaxedName::kebab);
	}

}
