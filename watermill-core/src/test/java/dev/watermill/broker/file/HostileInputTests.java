package dev.watermill.broker.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.file.TestFiles.Content;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.StrictJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Input that somebody made to do harm. It costs no element but its own, and neither
 * memory nor time beyond a multiple of its bytes.
 */
class HostileInputTests {

	private static final String[] NAMES = { "in.jsonl", "in.json", "in-concatenated.json" };

	private static final byte[] ONE = "{\"time\":1}".getBytes(StandardCharsets.UTF_8);

	private static final byte[] TWO = "{\"time\":2}".getBytes(StandardCharsets.UTF_8);

	@TempDir
	private Path directory;

	/**
	 * Read a hostile element between two good ones from files of every layout, a few
	 * bytes at a time too.
	 */
	private List<Content> readBetween(byte[] hostile, Class<?> type, JsonMapper mapper, byte[] one, byte[] two) {
		List<Content> contents = new ArrayList<>();
		for (String name : NAMES) {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			boolean array = name.equals("in.json");
			out.writeBytes((array ? "[" : "").getBytes(StandardCharsets.UTF_8));
			String between = array ? ",\n" : "\n";
			out.writeBytes(one);
			out.writeBytes(between.getBytes(StandardCharsets.UTF_8));
			out.writeBytes(hostile);
			out.writeBytes(between.getBytes(StandardCharsets.UTF_8));
			out.writeBytes(two);
			out.writeBytes((array ? "]" : "\n").getBytes(StandardCharsets.UTF_8));
			Path file = TestFiles.write(this.directory.resolve(name), out.toByteArray());
			int[] chunkSizes = (hostile.length < 1000) ? new int[] { 1, 7, 128 * 1024 } : new int[] { 128 * 1024 };
			for (int chunkSize : chunkSizes) {
				Map<String, String> properties = name.equals("in-concatenated.json")
						? Map.of("file", file.toString(), "format", "concatenated") : Map.of("file", file.toString());
				StreamSource<?> source = JsonFileBroker.builder(mapper)
					.chunkSize(chunkSize)
					.build()
					.source(new StreamDefinition<>("test", type, properties));
				contents.add(TestFiles.read(source, null));
			}
		}
		return contents;
	}

	private void assertRefuses(byte[] hostile, Class<?> type, JsonMapper mapper, String problem) {
		for (Content content : readBetween(hostile, type, mapper, ONE, TWO)) {
			assertThat(content.elements()).hasSize(3);
			assertThat(content.elements().get(1)).isInstanceOfSatisfying(InvalidElement.class, (invalid) -> {
				assertThat(invalid.problem()).contains(problem);
				// of a long one that is passed over only the beginning is kept
				assertThat(Arrays.equals(invalid.bytes(), hostile)
						|| (hostile.length > 1024 && Arrays.equals(invalid.bytes(), Arrays.copyOf(hostile, 1024))))
					.isTrue();
			});
		}
	}

	private void assertRefuses(String hostile, Class<?> type, String problem) {
		assertRefuses(hostile.getBytes(StandardCharsets.UTF_8), type, TestFiles.JSON, problem);
	}

	@ParameterizedTest
	@CsvSource({ "c0af, more bytes than it takes", "c080, more bytes than it takes", "e080af, more bytes than it takes",
			"f08080af, more bytes than it takes", "f4908080, which is no character", "f5808080, which is no character",
			"ff, Not UTF-8", "80, Not UTF-8", "c3, Not UTF-8", "eda080, Not UTF-8" })
	void refusesWhatIsNoUtf8InTextsAndNames(String hex, String problem) {
		byte[] bytes = HexFormat.of().parseHex(hex);
		for (Class<?> type : List.of(Event.class, JsonNode.class)) {
			assertRefuses(around("{\"time\":1,\"text\":\"a", bytes, "b\"}"), type, TestFiles.JSON, problem);
			assertRefuses(around("{\"time\":1,\"te", bytes, "xt\":\"b\"}"), type, TestFiles.JSON, "Not UTF-8");
		}
	}

	private static byte[] around(String before, byte[] bytes, String after) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
		out.writeBytes(bytes);
		out.writeBytes(after.getBytes(StandardCharsets.UTF_8));
		return out.toByteArray();
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 501, 5000, 60_000 })
	void refusesWhatIsNestedTooDeep(int depth) {
		String deep = "{\"time\":1,\"any\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
		for (Class<?> type : List.of(Event.class, JsonNode.class)) {
			if (depth > 500) {
				assertRefuses(deep, type,
						"nesting depth (501) exceeds the maximum allowed (500): too much for one "
								+ "element. If it is right all the same, raise "
								+ "spring.jackson.factory.constraints.read.max-nesting-depth");
				continue;
			}
			readBetween(deep.getBytes(StandardCharsets.UTF_8), type, TestFiles.JSON, ONE, TWO)
				.forEach((content) -> assertThat(content.valid()).hasSize(3));
		}
	}

	@Test
	void survivesTheLimitsThatItsUserSets() {
		JsonMapper deep = StrictJson.of(
				JsonMapper
					.builder(JsonFactory.builder()
						.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(1_000_000).build())
						.build())
					.build());
		int depth = 200_000;
		String tree = "{\"child\":".repeat(depth) + "{}" + "}".repeat(depth);
		assertRefuses(tree.getBytes(StandardCharsets.UTF_8), Tree.class, deep, "deeper than the stack");
	}

	@Test
	void refusesMoreThanOneElementMayHave() {
		assertRefuses("{\"time\":1,\"" + "n".repeat(3000) + "\":1}", Event.class,
				"maximum allowed (2048): too much for one element. If it is right all the same, raise "
						+ "spring.jackson.factory.constraints.read.max-name-length");
		assertRefuses("{\"time\":1,\"any\":" + "9".repeat(1001) + "}", Event.class, "max-number-length");
		String tokens = "{\"time\":1,\"any\":[" + "{},".repeat(600_000) + "1]}";
		for (Content content : readBetween(tokens.getBytes(StandardCharsets.UTF_8), JsonNode.class, TestFiles.JSON, ONE,
				TWO)) {
			assertThat(content.elements()).hasSize(3);
			assertThat(content.invalid()).singleElement()
				.satisfies((invalid) -> assertThat(invalid.problem()).contains("max-token-count"));
		}
	}

	@Test
	void readsNumbersInATimeThatGrowsWithTheirLength() {
		assertRefuses("{\"time\":1,\"at\":\"" + "9".repeat(4_000_000) + "\"}", Event.class, "an instant such as");
		assertRefuses("{\"time\":1e999999999}", Event.class, "does not fit");
		assertRefuses("{\"time\":-1e-999999999}", Event.class, "whole number");
	}

	@Test
	void takesTheLastOfEqualNames() {
		byte[] twice = "{\"time\":3,\"time\":4}".getBytes(StandardCharsets.UTF_8);
		for (Content content : readBetween(twice, Event.class, TestFiles.JSON, ONE, TWO)) {
			assertThat(content.valid()).extracting("time").containsExactly(1L, 4L, 2L);
		}
		for (Content content : readBetween(twice, JsonNode.class, TestFiles.JSON, ONE, TWO)) {
			assertThat(content.valid()).element(1).asString().isEqualTo("{\"time\":4}");
		}
		JsonMapper strict = StrictJson
			.of(JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
		assertRefuses(twice, Event.class, strict, "Duplicate Object property \"time\"");
	}

	@Test
	void createsNothingThatTheInputNames() {
		String gadget = "{\"@class\":\"java.lang.ProcessBuilder\",\"time\":1,\"class\":\"java.lang.Runtime\","
				+ "\"any\":[\"java.lang.ProcessBuilder\",{\"command\":[\"true\"]}]}";
		for (Content content : readBetween(gadget.getBytes(StandardCharsets.UTF_8), Event.class, TestFiles.JSON, ONE,
				TWO)) {
			assertThat(content.valid()).hasSize(3);
			assertThat(content.valid().get(1)).isEqualTo(new Event(1, null,
					Arrays.asList("java.lang.ProcessBuilder", Map.of("command", List.of("true"))), null));
		}
		assertRefusesType("{\"kind\":\"square\",\"time\":1}", Shape.class, "{\"kind\":\"circle\",\"time\":1}");
		String good = "{\"@class\":\"" + Good.class.getName() + "\",\"time\":1}";
		assertRefusesType("{\"@class\":\"java.lang.ProcessBuilder\",\"time\":1}", Named.class, good);
		assertRefusesType("{\"@class\":\"no.such.Class\",\"time\":1}", Named.class, good);
	}

	private void assertRefusesType(String hostile, Class<?> type, String good) {
		byte[] valid = good.getBytes(StandardCharsets.UTF_8);
		for (Content content : readBetween(hostile.getBytes(StandardCharsets.UTF_8), type, TestFiles.JSON, valid,
				valid)) {
			assertThat(content.valid()).hasSize(2);
			assertThat(content.invalid()).singleElement()
				.satisfies((invalid) -> assertThat(invalid.problem()).startsWith("Expected one of the kinds of `"));
		}
	}

	record Event(long time, @Nullable String text, @Nullable Object any, @Nullable Instant at) {

	}

	record Tree(@Nullable Tree child) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes(@JsonSubTypes.Type(name = "circle", value = Circle.class))
	sealed interface Shape permits Circle {

	}

	record Circle(long time) implements Shape {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	interface Named {

	}

	record Good(long time) implements Named {

	}

}
