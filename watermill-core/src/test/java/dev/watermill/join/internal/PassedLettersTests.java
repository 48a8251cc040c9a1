package dev.watermill.join.internal;

import java.util.Objects;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which dead letters are known, in how much room, and until when.
 */
class PassedLettersTests {

	private final PassedLetters letters = new PassedLetters();

	private String text(long resumed) {
		return Objects.requireNonNull(this.letters.numbers(resumed)).sortedFrom(0).toString();
	}

	@Test
	void areARunWhereTheyStandSideBySide() {
		for (long letter = 1_000; letter < 1_000_000; letter++) {
			this.letters.add(letter, 7);
		}
		this.letters.add(2_000_000, 8);
		assertThat(text(0)).isEqualTo("rs:leu0,lfls");
		NumberRanges read = NumberRanges.parse(text(0));
		assertThat(read.count(0)).isEqualTo(999_001);
		assertThat(read.contains(2_000_000)).isTrue();
		assertThat(read.contains(999)).isFalse();
		assertThat(read.toString()).isEqualTo(text(0));
	}

	@Test
	void areKnownAsLongAsTheyAreReadAgain() {
		this.letters.add(3, 2);
		this.letters.add(5, 3);
		this.letters.add(9, 6);
		this.letters.takenUpAt(3);
		assertThat(text(3)).isEqualTo("9");
		this.letters.takenUpAt(6);
		assertThat(text(6)).isEmpty();
		assertThat(NumberRanges.parse("").isEmpty()).isTrue();
	}

	@Test
	void areNotKnownWhereThereAreTooMany() {
		for (int i = 0; i < 10_001; i++) {
			this.letters.add(2 * i, i + 1);
		}
		assertThat(this.letters.numbers(0)).isNull();
		// the first one is not read again
		assertThat(Objects.requireNonNull(this.letters.numbers(1)).count(0)).isEqualTo(10_000);
	}

	@Test
	void areNotKnownWhereTheyHaveNoNumbers() {
		assertThat(this.letters.isEmpty()).isTrue();
		this.letters.add(-1, 4);
		this.letters.add(7, 5);
		assertThat(this.letters.isEmpty()).isFalse();
		assertThat(this.letters.numbers(3)).isNull();
		assertThat(text(4)).isEqualTo("7");
	}

	@Test
	void areTakenOutOfWhatIsKnownOneByOne() {
		NumberRanges known = NumberRanges.parse("2:4,3,1:2");
		assertThat(known.toString()).isEqualTo("2:4,3,1:2");
		assertThat(known.remove(6)).isFalse();
		assertThat(known.remove(3)).isTrue();
		assertThat(known.toString()).isEqualTo("2,1:2,3,1:2");
		assertThat(known.remove(9)).isTrue();
		assertThat(known.remove(9)).isFalse();
		assertThat(known.remove(2)).isTrue();
		assertThat(known.remove(5)).isTrue();
		assertThat(known.toString()).isEqualTo("4,6:2");
		assertThat(known.remove(12)).isTrue();
		assertThat(known.remove(11)).isTrue();
		assertThat(known.remove(4)).isTrue();
		assertThat(known.isEmpty()).isTrue();
	}

}
