package dev.watermill.codec.internal;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.watermill.codec.StrictJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests for {@link JsonProblem}.
 */
class JsonProblemTests {

	private final JsonMapper mapper = StrictJson.of(JsonMapper.shared());

	private String problem(String json, Class<?> type) {
		return problem(json.getBytes(StandardCharsets.UTF_8), type);
	}

	private String problem(byte[] json, Class<?> type) {
		JavaType javaType = this.mapper.constructType(type);
		try {
			return fail("was read as " + this.mapper.readerFor(javaType).readValue(json));
		}
		catch (JacksonException ex) {
			String problem = new JsonProblem(this.mapper, javaType).of(ex, json);
			assertThat(problem).doesNotContain("REDACTED", "Source", "Feature", "Coercion", "coerc", "JsonToken",
					"deser");
			return problem;
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					{"tme":1,"v":"a"}       | A field is missing or null: expected a whole number (`long`) as 'time', found the fields 'tme', 'v'
					{}                      | A field is missing or null: expected a whole number (`long`) as 'time', found no fields
					{"time":null}           | A field is missing or null: expected a whole number (`long`) as 'time', found null
					{"time":"x"}            | The field 'time': expected a whole number (`long`), found the text "x"
					{"time":"1"}            | The field 'time': expected a whole number (`long`), found the text "1". If such numbers are in quotes, declare the field String and use #long(...) in expressions
					{"time":1.5}            | The field 'time': expected a whole number (`long`), found 1.5. Declare the field double or BigDecimal if it may have decimals
					{"time":1e19}           | The field 'time': expected a whole number (`long`), found 1E+19, which does not fit. Declare the field BigInteger
					{"time":1e999999999}    | The field 'time': expected a whole number (`long`), found 1E+999999999, which does not fit. Declare the field BigInteger
					{"time":1e-999999999}   | The field 'time': expected a whole number (`long`), found 1E-999999999. Declare the field double or BigDecimal if it may have decimals
					{"time":1,"at":1e400}   | The field 'at': expected an instant such as "2026-01-31T12:00:00Z" (`Instant`), found 1E+400
					{"time":1,"at":"1767225600000"} | The field 'at': expected an instant such as "2026-01-31T12:00:00Z" (`Instant`), found the text "1767225600000". If such numbers are in quotes, declare the field String and use #instant(...) in expressions
					{"time":1,"at":"1767225600.5"} | The field 'at': expected an instant such as "2026-01-31T12:00:00Z" (`Instant`), found the text "1767225600.5". If such numbers are in quotes, declare the field String and use #instant(...) in expressions
					{"time":1,"longs":["7"]} | The field 'longs[0]': expected a whole number (`long`), found the text "7". If such numbers are in quotes, declare the field String and use #long(...) in expressions
					{"time":1,"longs":[1.5]} | The field 'longs[0]': expected a whole number (`long`), found 1.5. Declare the field double or BigDecimal if it may have decimals
					{"time":1,"longs":[1,null]} | A field is missing or null: expected a whole number (`long`) as 'longs[1]', found null
					{"time":1,"longs":[1,2e19]} | The field 'longs[1]': expected a whole number (`long`), found 2E+19, which does not fit. Declare the field BigInteger
					{"time":1,"maybe":1.5}  | The field 'maybe': expected a whole number (`OptionalInt`), found 1.5. Declare the field double or BigDecimal if it may have decimals
					{"time":1,"maybe":3e9}  | The field 'maybe': expected a whole number (`OptionalInt`), found 3E+9, which does not fit. Declare the field long
					{"time":12345678901234567890} | The field 'time': expected a whole number (`long`), found 12345678901234567890, which does not fit. Declare the field BigInteger
					{"time":1,"i":3000000000} | The field 'i': expected a whole number (`int`), found 3000000000, which does not fit. Declare the field long
					{"time":true}           | The field 'time': expected a whole number (`long`), found true
					{"time":{"a":1}}        | The field 'time': expected a whole number (`long`), found an object with the field 'a'
					{"time":[1,2]}          | The field 'time': expected a whole number (`long`), found an array of 2
					{"time":1,"d":"2.5"}    | The field 'd': expected a number (`Double`), found the text "2.5". If such numbers are in quotes, declare the field String and use #decimal(...) in expressions
					{"time":1,"at":"x"}     | The field 'at': expected an instant such as "2026-01-31T12:00:00Z" (`Instant`), found the text "x"
					{"time":1,"day":"31.1."} | The field 'day': expected a date such as "2026-01-31" (`LocalDate`), found the text "31.1."
					{"time":1,"color":"BLUE"} | The field 'color': expected one of RED, GREEN (`Color`), found the text "BLUE"
					{"time":1,"next":{"time":"y"}} | The field 'next.time': expected a whole number (`long`), found the text "y"
					{"time":1,"list":[1,"z"]} | The field 'list[1]': expected a whole number (`Integer`), found the text "z"
					{"time":1,"list":7}     | The field 'list': expected an array, found 7
					{"time":1,"next":"{\\"time\\":2}"} | The field 'next': expected an object (`Item`), found a text that holds JSON: it was encoded twice. Let the producer write the value itself, not its text
					"{\\"time\\":1}"        | Expected an object (`Item`), found a text that holds JSON: it was encoded twice. Let the producer write the value itself, not its text
					"[1]"                   | Expected an object (`Item`), found a text that holds JSON: it was encoded twice. Let the producer write the value itself, not its text
					"text"                  | Expected an object (`Item`), found the text "text"
					[]                      | Expected an object (`Item`), found an array of 0
					12                      | Expected an object (`Item`), found 12
					{"time":1} {"time":2}   | Expected one JSON value, found more behind it
					{"time":1,"odd":{"value":-1}} | The field 'odd': an object with the field 'value' can't be made into `Positive`: must be positive
					{"time":1,"v":"a        | Not JSON: Unexpected end-of-input in a text
					{"time":NaN}            | Not JSON: Non-standard token 'NaN'
					""")
	void saysFieldExpectedAndFound(String json, String expected) {
		assertThat(problem(json, Item.class)).isEqualTo(expected.trim());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\n\t" })
	void saysThatThereIsNothing(String json) {
		assertThat(problem(json, Item.class)).isEqualTo("Expected an element, found nothing");
	}

	@Test
	void namesAFieldAsItIsWritten() {
		assertThat(problem("{\"__TS\":\"1\"}", Named.class)).contains("'__TS'", "#long(...)");
		assertThat(problem("{\"a\":{\"b\":\"x\"}}", MapOfMaps.class)).contains("'a.b'", "`Integer`");
	}

	@Test
	void recognisesWhatIsNoJson() {
		byte[] json = "{\"time\":1,\"v\":\"a\"}".getBytes(StandardCharsets.UTF_8);
		assertThat(problem(concat(new byte[40], json), Item.class)).contains("zero bytes (NUL)");
		for (int zeros = 1; zeros < 12; zeros++) {
			assertThat(problem(concat(new byte[zeros], json), Item.class)).contains("zero bytes (NUL)");
		}
		assertThat(problem(concat("{\"time\":1".getBytes(StandardCharsets.UTF_8), new byte[9]), Item.class))
			.contains("zero bytes (NUL)");
		assertThat(problem(new byte[1000], Item.class)).contains("zero bytes (NUL)");
		assertThat(problem(concat(new byte[] { 0, 0, 0, 0, 1 }, json), Item.class)).contains("schema registry");
		assertThat(problem(new byte[] { 0, 0, 0, 1, 0, 2, 2, 6, 'h', 'i' }, Item.class)).contains("schema registry");
		assertThat(problem(new byte[] { 0x1f, (byte) 0x8b, 8, 0, 0 }, Item.class)).contains("gzip");
		for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-16")) {
			assertThat(problem(new String(json).getBytes(Charset.forName(charset)), Item.class))
				.isEqualTo("Not JSON: found text in UTF-16");
		}
		for (String charset : List.of("UTF-32LE", "UTF-32BE")) {
			assertThat(problem(new String(json).getBytes(Charset.forName(charset)), Item.class))
				.isEqualTo("Not JSON: found text in UTF-32");
		}
		assertThat(problem("{\"time\":1,\"v\":\"gr\u00fc\u00dfe\"}".getBytes(StandardCharsets.ISO_8859_1), Item.class))
			.startsWith("Not UTF-8, but maybe Latin-1");
	}

	private static byte[] concat(byte[] first, byte[] second) {
		byte[] all = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, all, first.length, second.length);
		return all;
	}

	enum Color {

		RED, GREEN

	}

	record Positive(int value) {

		Positive {
			if (value < 0) {
				throw new IllegalArgumentException("must be positive");
			}
		}

	}

	record Item(long time, String v, Integer i, Double d, Instant at, LocalDate day, Color color, Item next,
			List<Integer> list, Positive odd, long[] longs, OptionalInt maybe) {

	}

	record Named(@JsonProperty("__TS") long time) {

	}

	static final class MapOfMaps extends HashMap<String, Map<String, Integer>> {

		private static final long serialVersionUID = 1L;

	}

}
