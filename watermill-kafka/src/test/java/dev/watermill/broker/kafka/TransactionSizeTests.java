package dev.watermill.broker.kafka;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much is written at a time.
 */
class TransactionSizeTests {

	private final TransactionSize size = new TransactionSize();

	@Test
	void isWhateverThereIsAsLongAsCommitsAreAnswered() {
		this.size.committed(1_000_000, Duration.ofSeconds(2));
		this.size.committed(1_000_000, Duration.ofMillis(2));
		assertThat(this.size.isReached(Long.MAX_VALUE - 1)).isFalse();
	}

	@Test
	void isLessWhereACommitWasNotAnsweredUntilOneIs() {
		this.size.unanswered(8_000);
		assertThat(this.size.isReached(999)).isFalse();
		assertThat(this.size.isReached(1_000)).isTrue();
		this.size.unanswered(1_000);
		this.size.unanswered(125);
		this.size.unanswered(1);
		this.size.unanswered(0);
		assertThat(this.size.isReached(0)).isFalse();
		assertThat(this.size.isReached(1)).isTrue();
	}

	@Test
	void growsWithCommitsThatAreQuickAndShrinksWithThoseThatAreSlow() {
		this.size.unanswered(8_000);
		this.size.committed(1_000, Duration.ofMillis(999));
		assertThat(this.size.isReached(1_999)).isFalse();
		assertThat(this.size.isReached(2_000)).isTrue();
		this.size.committed(2_000, Duration.ofSeconds(4));
		assertThat(this.size.isReached(2_000)).isTrue();
		assertThat(this.size.isReached(1_999)).isFalse();
		this.size.committed(2_000, Duration.ofSeconds(6));
		assertThat(this.size.isReached(1_000)).isTrue();
		assertThat(this.size.isReached(999)).isFalse();
	}

}
