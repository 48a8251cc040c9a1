package dev.watermill.engine.internal;

import java.util.concurrent.TimeUnit;

import dev.watermill.count.internal.OneWriterCounter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SampledRateTests {

	private final OneWriterCounter counter = new OneWriterCounter();

	private long nanos = 17;

	private final SampledRate rate = new SampledRate(this.counter, () -> this.nanos);

	@Test
	void isNothingAtFirst() {
		assertThat(this.rate.perSecond()).isZero();
		this.counter.add(10);
		assertThat(this.rate.perSecond()).isZero();
	}

	@Test
	void isWhatWasCountedBetweenTheLastSamples() {
		count(1000, 30);
		assertThat(this.rate.perSecond()).isEqualTo(30);
		count(2000, 30);
		assertThat(this.rate.perSecond()).isEqualTo(15);
	}

	@Test
	void takesNoSampleWithinASecond() {
		count(999, 30);
		assertThat(this.rate.perSecond()).isZero();
		count(1, 30);
		assertThat(this.rate.perSecond()).isEqualTo(60);
	}

	@Test
	void fallsWhenCountingCeases() {
		count(1000, 30);
		pass(1999);
		assertThat(this.rate.perSecond()).isEqualTo(30);
		pass(1);
		assertThat(this.rate.perSecond()).isZero();
	}

	@Test
	void knowsWhatWasCountedWithoutASample() {
		count(1000, 30);
		this.counter.add(8);
		pass(4000);
		assertThat(this.rate.perSecond()).isEqualTo(2);
	}

	private void count(long millis, long count) {
		pass(millis);
		this.counter.add(count);
		this.rate.sample(this.nanos);
	}

	private void pass(long millis) {
		this.nanos += TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
