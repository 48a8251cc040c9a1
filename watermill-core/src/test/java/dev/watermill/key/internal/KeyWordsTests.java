package dev.watermill.key.internal;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeyWords}.
 */
class KeyWordsTests {

	private static final String ORDER = "Texts compare character by character, by code point, as LC_ALL=C sort sorts them: ";

	@Test
	void quotesTextsAndNamesTheirOrder() {
		assertThat(KeyWords.wentBack("10", "9")).isEqualTo("\"10\" after \"9\". " + ORDER
				+ "\"10\" < \"9\". If they are numbers, give the field a number type or use #long(...) in the key");
		assertThat(KeyWords.wentBack("Banana", "apple"))
			.isEqualTo("\"Banana\" after \"apple\". " + ORDER + "\"Banana\" < \"apple\"");
		assertThat(KeyWords.wentBack(List.of(1L, "10"), List.of(1L, "9"))).startsWith("[1, \"10\"] after [1, \"9\"]. ")
			.contains("\"10\" < \"9\"", "#long(...)");
	}

	@Test
	void putsTheRightArticle() {
		assertThat(List.of("Optional", "Id", "Instant", "Map", "UUID", "User", "Unit", "Unknown", "Upload", "Enum"))
			.extracting(KeyWords::withArticle)
			.containsExactly("an Optional", "an Id", "an Instant", "a Map", "a UUID", "a User", "a Unit", "an Unknown",
					"an Upload", "an Enum");
	}

	@Test
	void saysNothingMoreOfNumbers() {
		assertThat(KeyWords.wentBack(1L, 2L)).isEqualTo("1 after 2");
		assertThat(KeyWords.wentBack(List.of(1L, "10"), List.of(2L, "9"))).isEqualTo("[1, \"10\"] after [2, \"9\"]");
		assertThat(KeyWords.wentBack(List.of("a"), List.of("a", "b"))).isEqualTo("[\"a\"] after [\"a\", \"b\"]");
	}

}
