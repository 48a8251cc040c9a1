package dev.watermill.spring.expression.internal;

import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every expression of the worked cases, over an element as a record, a map and JSON.
 */
class VectorExpressionTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			#floorDiv(time, 10)            | -1
			(time + 5) / 10                | 0
			time % 5                       | -4
			time / 10                      | 0
			time / 30                      | 0
			time + 10                      | 1
			time * 10                      | -90
			pos.t                          | 2000000000
			pos.t * 10                     | 20000000000
			stamp.sec                      | 3
			first_ts + frame_index * 40    | 1080
			ts                             | 9223372036854775806
			time_seconds                   | 1.25
			time_ms / 1000                 | 1
			g                              | 4
			k                              | alpha
			date                           | 2026-01-02
			{robot, ts}                    | [2, 9223372036854775806]
			""")
	void computesTheKeysOfTheWorkedCases(String expression, String expected) {
		Element element = new Element(-9, 9223372036854775806L, new Nested(2000000000L, 1, 1), new Nested(1, 3, 1), 2,
				1000, "alpha", 4, "2026-01-02", 1.25, 1999, 2);
		JsonMapper mapper = JsonMapper.builder().build();
		for (Typing typing : Typing.values()) {
			Outcome outcome = Outcome.of(expression, element, typing);
			assertThat(outcome.key()).hasToString(expected);
			JsonNode json = mapper.valueToTree(element);
			assertThat(Outcome.of(expression, ResolvableType.forClass(JsonNode.class), json, typing))
				.isEqualTo(outcome);
			Map<?, ?> map = mapper.convertValue(element, Map.class);
			assertThat(Outcome.of(expression, ResolvableType.forClass(Map.class), map, typing)).isEqualTo(outcome);
		}
	}

	record Nested(long t, int sec, long robot) {

	}

	record Element(long time, long ts, Nested pos, Nested stamp, int frame_index, long first_ts, String k, int g,
			String date, double time_seconds, long time_ms, int robot) {

	}

}
