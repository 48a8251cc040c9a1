package dev.watermill.codec;

import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.module.blackbird.BlackbirdModule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StrictJson}.
 */
class StrictJsonTests {

	private final JsonMapper lenient = new JsonMapper();

	private final JsonMapper strict = StrictJson.of(this.lenient);

	@ParameterizedTest
	@ValueSource(strings = { "{\"number\":\"1\",\"fraction\":1}", "{\"number\":\"\",\"fraction\":1}",
			"{\"number\":\" \",\"fraction\":1}", "{\"number\":1.5,\"fraction\":1}", "{\"number\":null,\"fraction\":1}",
			"{\"fraction\":1}", "{\"number\":1,\"boxed\":\"2\",\"fraction\":1}",
			"{\"number\":1,\"boxed\":2.5,\"fraction\":1}", "{\"number\":1,\"fraction\":\"1.5\"}",
			"{\"number\":1,\"fraction\":\"\"}", "{\"number\":99999999999999999999,\"fraction\":1}" })
	void refuses(String json) {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.strict.readValue(json, Values.class));
	}

	@Test
	void reads() {
		assertThat(this.strict.readValue("{\"number\":1,\"fraction\":2,\"unknown\":{}}", Values.class))
			.isEqualTo(new Values(1, null, 2));
	}

	@ParameterizedTest
	@CsvSource({ "1.0, 1", "1e3, 1000", "1.50E+1, 15", "-2.000, -2", "-0.0, 0", "0e99999, 0", "120e-1, 12",
			"9007199254740993.0, 9007199254740993", "9.223372036854775807e18, 9223372036854775807",
			"-9223372036854775808.0, -9223372036854775808" })
	void readsWholeNumbersHoweverTheyAreWritten(String written, long number) {
		Numbers read = this.strict.readValue(
				"{\"whole\":%1$s,\"boxed\":%1$s,\"big\":%1$s,\"list\":[%1$s],\"map\":{\"a\":%1$s}}".formatted(written),
				Numbers.class);
		assertThat(read)
			.isEqualTo(new Numbers(number, number, BigInteger.valueOf(number), List.of(number), Map.of("a", number)));
		assertThat(this.strict.readValue(written, long.class)).isEqualTo(number);
	}

	@Test
	void readsWholeNumbersOfEveryWidth() {
		assertThat(this.strict.readValue("{\"i\":2147483647.0,\"s\":-3.2768e4,\"b\":1.27E2,\"o\":7.0}", Widths.class))
			.isEqualTo(new Widths(Integer.MAX_VALUE, Short.MIN_VALUE, Byte.MAX_VALUE, Optional.of(7)));
		assertThat(this.strict.readValue("1e30", BigInteger.class)).isEqualTo(BigInteger.TEN.pow(30));
	}

	@Test
	void readsWholeNumbersInWhateverHoldsThem() {
		Whole read = this.strict.readValue("""
				{"longs":[1.0,2,1e3,0e999999999],"ints":[-2.0,3],"shorts":[4.0],"longOrNot":5.0,"intOrNot":6e0,
				"atomicLong":7.0,"atomicInt":8.0,"list":[9.0],"map":{"a":10.0},"matrix":[[11.0],[12]]}""", Whole.class);
		assertThat(read.longs()).containsExactly(1, 2, 1000, 0);
		assertThat(read.ints()).containsExactly(-2, 3);
		assertThat(read.shorts()).containsExactly((short) 4);
		assertThat(read.longOrNot()).hasValue(5);
		assertThat(read.intOrNot()).hasValue(6);
		assertThat(read.atomicLong()).hasValue(7);
		assertThat(read.atomicInt()).hasValue(8);
		assertThat(read.list()).containsExactly(9L);
		assertThat(read.map()).containsEntry("a", 10);
		assertThat(read.matrix()).isDeepEqualTo(new long[][] { { 11 }, { 12 } });
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"longs\":[1.5]}", "{\"longs\":[9223372036854775808.0]}", "{\"ints\":[2147483648.0]}",
			"{\"shorts\":[32768.0]}", "{\"longOrNot\":1.5}", "{\"longOrNot\":\"1\"}", "{\"intOrNot\":1e10}",
			"{\"atomicLong\":\"1\"}", "{\"atomicInt\":0.1}", "{\"longs\":[1e999999999]}" })
	void refusesWhatIsNotWholeInWhateverHoldsIt(String json) {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> this.strict.readValue(json, Whole.class));
	}

	@Test
	void refusesANumberInQuotesAsAnInstant() {
		for (String number : List.of("1767225600000", "1767225600", "1767225600.5", "-1", "20260101")) {
			for (Class<?> type : List.of(Instant.class, OffsetDateTime.class, ZonedDateTime.class)) {
				assertThatExceptionOfType(JacksonException.class)
					.isThrownBy(() -> this.strict.readValue('"' + number + '"', type));
			}
		}
		assertThat(this.strict.readValue("1767225600", Instant.class)).isEqualTo("2026-01-01T00:00:00Z");
		assertThat(this.strict.readValue("{\"digits\":\"20260101000000\"}", Patterned.class).digits())
			.isEqualTo("2026-01-01T00:00:00Z");
	}

	@ParameterizedTest
	@CsvSource({ "1.5, java.lang.Long", "1e-3, java.lang.Long", "1.0000000000000000000000001, java.lang.Long",
			"9223372036854775808.0, java.lang.Long", "1e19, java.lang.Long", "1e999999999, java.lang.Long",
			"2147483648.0, java.lang.Integer", "3.2768e4, java.lang.Short", "1.28E2, java.lang.Byte",
			"0.1, java.math.BigInteger", "1e999999999, java.math.BigInteger", "1e-999999999, java.math.BigInteger" })
	void refusesWhatIsNoWholeNumberOrDoesNotFit(String written, Class<?> type) {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> this.strict.readValue(written, type));
	}

	@Test
	void takesBytesForUtf8() {
		byte[] utf16 = "{\"number\":1,\"fraction\":2}".getBytes(StandardCharsets.UTF_16LE);
		assertThat(this.lenient.readValue(utf16, Values.class)).isNotNull();
		for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE,
				Charset.forName("UTF-32LE"), Charset.forName("UTF-32BE"))) {
			byte[] bytes = "{\"number\":1,\"fraction\":2}".getBytes(charset);
			assertThatExceptionOfType(JacksonException.class)
				.isThrownBy(() -> this.strict.readValue(bytes, Values.class));
		}
	}

	@Test
	void keepsTheOffsetOfTimes() {
		String written = "{\"at\":\"2026-01-01T00:30:00+01:00\",\"zoned\":\"2026-01-01T00:30:00+01:00[Europe/Paris]\"}";
		Times read = this.strict.readValue(written, Times.class);
		assertThat(read.at()).isEqualTo(OffsetDateTime.parse("2026-01-01T00:30:00+01:00"));
		assertThat(read.at().getOffset()).isEqualTo(ZoneOffset.ofHours(1));
		assertThat(read.zoned()).isEqualTo(ZonedDateTime.parse("2026-01-01T00:30:00+01:00[Europe/Paris]"));
		assertThat(this.strict.readValue(this.strict.writeValueAsString(read), Times.class).at().getOffset())
			.isEqualTo(ZoneOffset.ofHours(1));
	}

	@Test
	void leavesDeserializersOfTheUsersOwnAlone() {
		SimpleModule module = new SimpleModule().addDeserializer(Long.class, new ValueDeserializer<>() {

			@Override
			public Long deserialize(JsonParser parser, DeserializationContext context) {
				return (long) (parser.getDoubleValue() * 10);
			}

		});
		JsonMapper mapper = StrictJson.of(JsonMapper.builder().addModule(module).build());
		assertThat(mapper.readValue("1.5", Long.class)).isEqualTo(15);
	}

	/**
	 * Blackbird puts what it makes at run time in the place of Jackson's own setters and
	 * creators, which is worth a tenth of the time of a mill.
	 */
	@ParameterizedTest
	@ValueSource(classes = { Plain.class, Bean.class, Fields.class })
	void readsTheSameWithBlackbird(Class<?> type) {
		JsonMapper fast = StrictJson.of(JsonMapper.builder().addModule(new BlackbirdModule()).build());
		List<String> values = List.of("1", "1.0", "1e3", "1.5", "-0", "\"1\"", "\"\"", "\"x\"", "null", "true", "[]",
				"[1]", "{}", "2147483648", "9223372036854775808", "NaN");
		for (String property : List.of("whole", "small", "fraction", "text", "flag")) {
			for (String value : values) {
				String json = "{\"whole\":7,\"small\":8,\"fraction\":9,\"text\":\"t\",\"flag\":true,\"" + property
						+ "\":" + value + "}";
				assertThat(read(fast, type, json)).as("%s of %s", json, type).isEqualTo(read(this.strict, type, json));
			}
		}
		assertThat(read(fast, type, "{\"whole\":\"1\"}")).startsWith("refused");
	}

	private static String read(JsonMapper mapper, Class<?> type, String json) {
		try {
			return String.valueOf(mapper.writeValueAsString(mapper.readValue(json, type)));
		}
		catch (JacksonException ex) {
			return "refused: " + ex.getOriginalMessage();
		}
	}

	@Test
	void leavesTheMapperAsItWas() {
		assertThat(this.lenient.readValue("\"5\"", Long.class)).isEqualTo(5);
		assertThatExceptionOfType(DatabindException.class).isThrownBy(() -> this.strict.readValue("\"5\"", Long.class));
	}

	record Plain(long whole, int small, double fraction, String text, boolean flag) {

	}

	static class Fields {

		public long whole;

		public int small;

		public double fraction;

		public String text;

		public boolean flag;

	}

	public static class Bean {

		private final Fields fields = new Fields();

		public long getWhole() {
			return this.fields.whole;
		}

		public void setWhole(long whole) {
			this.fields.whole = whole;
		}

		public int getSmall() {
			return this.fields.small;
		}

		public void setSmall(int small) {
			this.fields.small = small;
		}

		public double getFraction() {
			return this.fields.fraction;
		}

		public void setFraction(double fraction) {
			this.fields.fraction = fraction;
		}

		public String getText() {
			return this.fields.text;
		}

		public void setText(String text) {
			this.fields.text = text;
		}

		public boolean isFlag() {
			return this.fields.flag;
		}

		public void setFlag(boolean flag) {
			this.fields.flag = flag;
		}

	}

	record Numbers(long whole, Long boxed, BigInteger big, List<Long> list, Map<String, Long> map) {

	}

	record Widths(int i, short s, byte b, Optional<Integer> o) {

	}

	record Times(OffsetDateTime at, ZonedDateTime zoned) {

	}

	record Values(long number, Integer boxed, double fraction) {

	}

	record Whole(long[] longs, int[] ints, short[] shorts, OptionalLong longOrNot, OptionalInt intOrNot,
			AtomicLong atomicLong, AtomicInteger atomicInt, List<Long> list, Map<String, Integer> map,
			long[][] matrix) {

	}

	record Patterned(@JsonFormat(pattern = "uuuuMMddHHmmss", timezone = "UTC") Instant digits) {

	}

}
