package dev.watermill.stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PositionTests {

	@Test
	void itsTextComesBack() {
		Position position = Position.of("offset", Long.MAX_VALUE)
			.with("small", -1)
			.with("sum", "\"quoted\" \uD83D\uDE00\n")
			.with("empty", "");
		assertThat(Position.parse(position.toString())).isEqualTo(position).hasSameHashCodeAs(position);
		assertThat(Position.parse(Position.empty().toString())).isEqualTo(Position.empty());
	}

	@Test
	void aFieldIsANumberOrAText() {
		Position position = Position.of("number", 7).with("text", "seven");
		assertThat(position.number("number")).isEqualTo(7);
		assertThat(position.text("text")).isEqualTo("seven");
		assertThat(position.has("number")).isTrue();
		assertThat(position.has("other")).isFalse();
		assertThat(position.text("other")).isNull();
		assertThatIllegalArgumentException().isThrownBy(() -> position.number("text")).withMessageContaining("'text'");
		assertThatIllegalArgumentException().isThrownBy(() -> position.number("other"));
	}

	@Test
	void aPositionDoesNotChange() {
		Position position = Position.of("a", 1);
		assertThat(position.with("a", 2)).isNotEqualTo(position);
		assertThat(position.number("a")).isOne();
	}

	@Test
	void whatIsNoPositionIsRefused() {
		for (String text : new String[] { "", "7", "[]", "{\"a\":", "{\"a\":1.5}", "{\"a\":{}}", "{\"a\":true}", "null",
				"{\"a\":null}", "{\"a\":99999999999999999999}" }) {
			assertThatIllegalArgumentException().as(text).isThrownBy(() -> Position.parse(text));
		}
	}

}
