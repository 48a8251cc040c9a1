package dev.watermill.spring.expression.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.KeyedRecord;
import dev.watermill.stream.RecordFact;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RecordOperands}.
 */
class RecordOperandsTests {

	private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

	private static final Thing THING = new Thing(5, "x");

	private static KeyFunction<Object> compile(String expression, Class<?> type, Typing typing) {
		return KeyExpressions.compile(expression, ResolvableType.forClass(type), typing);
	}

	private static Object key(KeyFunction<?> function, Object element, @Nullable String key) {
		KeyColumn column = KeyColumn.of(function, 1);
		column.compute(0, new KeyedRecord(element, new Facts(bytes(key), TIME, Map.of("id", "7"))));
		return column.get(0);
	}

	/** Compute a key on every path. */
	private static Object key(String expression, @Nullable String key) {
		Object found = key(compile(expression, Thing.class, Typing.STATIC), THING, key);
		JsonNode node = JsonMapper.shared().valueToTree(THING);
		assertThat(key(compile(expression, Thing.class, Typing.DYNAMIC), THING, key)).isEqualTo(found);
		assertThat(key(compile(expression, JsonNode.class, Typing.STATIC), node, key)).isEqualTo(found);
		return found;
	}

	private static byte @Nullable [] bytes(@Nullable String text) {
		return (text != null) ? text.getBytes(StandardCharsets.UTF_8) : null;
	}

	@Test
	void keysAreOfTheRecordAndItsElement() {
		assertThat(key("#key", "k\u00e9y")).isEqualTo("k\u00e9y");
		assertThat(key("#long(#key) + time", "12")).isEqualTo(17L);
		assertThat(key("#key.substring(4)", "app-9")).isEqualTo("9");
		assertThat(key("{#key, name}", "a")).isEqualTo(List.of("a", "x"));
		assertThat(key("#timestamp", "a")).isEqualTo(TIME);
		assertThat(key("#timestamp.toEpochMilli() / 1000", "a")).isEqualTo(TIME.getEpochSecond());
		assertThat(key("#header('id')", "a")).isEqualTo("7");
		assertThat(key("#long(#header(\"id\"))", "a")).isEqualTo(7L);
		assertThat(key("#header('no') ?: name", "a")).isEqualTo("x");
		assertThat(key("#key ?: 'none'", null)).isEqualTo("none");
	}

	@Test
	void keysMayBeJson() {
		assertThat(key("#key.id", "{\"id\":9007199254740993}")).isEqualTo(9007199254740993L);
		assertThat(key("#key['payload'].id", "{\"payload\":{\"id\":\"a\"}}")).isEqualTo("a");
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> key("#key.id", "{"))
			.withMessage("the key of the record, { (String), is not JSON in '#key.id'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', commentCharacter = '%', textBlock = """
			null                          | #key
			'#key' is null in '#key.id'   | #key.id
			'#key' is null in '#long(#key)' | #long(#key)
			""")
	void aRecordWithoutAKeyIsInvalid(String problem, String expression) {
		KeyFunction<Object> function = compile(expression, Thing.class, Typing.STATIC);
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> key(function, THING, null))
			.withMessageContaining(problem);
	}

	@Test
	void bytesThatAreNoTextAreInvalid() {
		KeyColumn column = KeyColumn.of(compile("#key", Thing.class, Typing.STATIC), 1);
		KeyedRecord binary = new KeyedRecord(THING, new Facts(new byte[] { 1, (byte) 0xff }, TIME, Map.of()));
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> column.compute(0, binary))
			.withMessage("'#key' is no text in UTF-8 in '#key'");
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> column.compute(0, new KeyedRecord(THING, null)))
			.withMessage("nothing is known of its record");
	}

	@Test
	void aKeySaysWhatItIsComputedOf() {
		KeyFunction<Object> function = compile("{#header('a'), #long(#key) + time}", Thing.class, Typing.STATIC);
		assertThat(((KeyFunction.OfRecord<?>) function).facts()).isEqualTo(Set.of(RecordFact.HEADERS, RecordFact.KEY));
		assertThat(function.type()).isEqualTo(List.class);
		assertThat(compile("time", Thing.class, Typing.STATIC)).isInstanceOf(KeyFunction.OfLong.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', commentCharacter = '%', textBlock = """
			#key takes no arguments                            | #key()
			#timestamp takes no arguments                      | #timestamp(1)
			#header names no header                            | #header
			#header names no header                            | #header['a']
			#header takes the name of one header               | #header()
			#header takes the name of one header               | #header(name)
			#header takes the name of one header               | #header('a','b')
			'#timestamp' is an Instant                         | #timestamp + 1
			it contains a variable                             | #keys
			it contains a function                             | #headers('a')
			""")
	void refusesAtStartWhatCanNotBe(String problem, String expression) {
		assertThatExceptionOfType(ExpressionException.class)
			.isThrownBy(() -> compile(expression, Thing.class, Typing.STATIC))
			.withMessageContaining(problem);
	}

	record Thing(long time, String name) {

	}

	private record Facts(byte @Nullable [] key, @Nullable Instant timestamp,
			Map<String, String> headers) implements RecordFacts {

		@Override
		public byte @Nullable [] header(String name) {
			return bytes(this.headers.get(name));
		}

	}

}
