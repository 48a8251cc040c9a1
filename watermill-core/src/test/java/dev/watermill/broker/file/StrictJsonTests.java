package dev.watermill.broker.file;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

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

	@Test
	void leavesTheMapperAsItWas() {
		assertThat(this.lenient.readValue("\"5\"", Long.class)).isEqualTo(5);
		assertThatExceptionOfType(DatabindException.class).isThrownBy(() -> this.strict.readValue("\"5\"", Long.class));
	}

	record Values(long number, Integer boxed, double fraction) {

	}

}
