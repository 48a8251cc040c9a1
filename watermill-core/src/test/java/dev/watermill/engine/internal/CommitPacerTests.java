package dev.watermill.engine.internal;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CommitPacerTests {

	private long nanos = Long.MAX_VALUE - 7;

	private int readings;

	private CommitPacer pacer(Duration interval, Duration timeLimit) {
		return new CommitPacer(interval, timeLimit, () -> false, () -> {
			this.readings++;
			return this.nanos;
		});
	}

	private int elementsUntilDue(CommitPacer pacer, Duration each) {
		for (int elements = 1; elements < 1_000_000; elements++) {
			this.nanos += each.toNanos();
			if (pacer.isDue()) {
				return elements;
			}
		}
		throw new AssertionError("never due");
	}

	@Test
	void slowElementsAreCommittedAsSoonAsItIsTime() {
		CommitPacer pacer = pacer(Duration.ofMillis(100), null);
		assertThat(elementsUntilDue(pacer, Duration.ofMillis(30))).isEqualTo(4);
		pacer.committed(this.nanos);
		assertThat(elementsUntilDue(pacer, Duration.ofMillis(30))).isEqualTo(4);
	}

	@Test
	void forFastElementsTheClockIsReadRarely() {
		CommitPacer pacer = pacer(Duration.ofMillis(100), null);
		int elements = elementsUntilDue(pacer, Duration.ofNanos(1000));
		assertThat(elements).isBetween(100_000, 100_064);
		assertThat(this.readings).isLessThan(elements / 50);
	}

	@Test
	void whereElementsTurnSlowTheClockIsReadForEachAgain() {
		CommitPacer pacer = pacer(Duration.ofMillis(100), null);
		for (int i = 0; i < 1000; i++) {
			assertThat(pacer.isDue()).isFalse();
		}
		assertThat(elementsUntilDue(pacer, Duration.ofMillis(90))).isLessThanOrEqualTo(64);
		pacer.committed(this.nanos);
		assertThat(elementsUntilDue(pacer, Duration.ofMillis(90))).isEqualTo(2);
	}

	@Test
	void isOverByTheClockAlone() {
		CommitPacer pacer = pacer(Duration.ofMillis(100), null);
		this.nanos += Duration.ofMillis(100).toNanos() - 1;
		assertThat(pacer.isOver()).isFalse();
		this.nanos++;
		assertThat(pacer.isOver()).isTrue();
		assertThat(pacer.isForgettable()).isFalse();
		this.nanos += Duration.ofDays(1).toNanos();
		assertThat(pacer.isForgettable()).isTrue();
	}

	@Test
	void whatIsLostInAWhileIsCommittedLongBefore() {
		CommitPacer pacer = pacer(Duration.ofSeconds(60), Duration.ofSeconds(15));
		this.nanos += Duration.ofSeconds(5).toNanos();
		assertThat(pacer.isOver()).isTrue();
		assertThat(pacer.duringCalls()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void aShortCommitIntervalCountsDuringCallsToo() {
		assertThat(pacer(Duration.ofMillis(10), Duration.ofSeconds(60)).duringCalls()).isEqualTo(Duration.ofMillis(10));
		assertThat(pacer(Duration.ofSeconds(9), Duration.ofSeconds(2)).duringCalls()).isEqualTo(Duration.ofMillis(200));
	}

	@Test
	void nothingCommitsDuringCallsWhereNothingIsLost() {
		assertThat(pacer(Duration.ofSeconds(1), null).duringCalls()).isNull();
	}

}
