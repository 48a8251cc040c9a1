package dev.watermill.join.internal;

import java.util.Objects;

import dev.watermill.stream.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StandingTests {

	private final Cursor cursor = new TestStream(2, 1, TestStream.BAD, 2, 2, 3).cursor(new TestWaiting(0));

	private Standing at(int steps) {
		for (int i = 0; i < steps; i++) {
			this.cursor.hasNext();
			this.cursor.advance();
		}
		this.cursor.hasNext();
		return this.cursor.standing();
	}

	private static void assertSecond(Standing standing) {
		assertThat(standing.position()).isEqualTo(Position.of("at", 2));
		assertThat(standing.origin()).isEqualTo("s[2]");
		assertThat(Objects.requireNonNull(standing.metadata()).offset()).isEqualTo(2);
		assertThat(standing.key()).isEqualTo(2L);
	}

	@Test
	void knowsWhereAnElementStands() {
		assertSecond(at(1));
	}

	@Test
	void knowsItStillWhenTheMergeHasGoneOn() {
		Standing second = at(1);
		while (this.cursor.hasNext()) {
			this.cursor.advance();
		}
		assertSecond(second);
	}

}
