package dev.watermill.engine.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import dev.watermill.count.Counter;

/**
 * How fast a counter grows, by samples that those who count take now and then.
 * Thread-safe: who takes one at the same time as another takes nearly the same.
 */
final class SampledRate implements Counter.Rate {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final Counter counter;

	private final LongSupplier ticker;

	private volatile Sample latest;

	/**
	 * Create a rate.
	 * @param counter what is counted
	 * @param ticker the clock, in nanoseconds
	 */
	SampledRate(Counter counter, LongSupplier ticker) {
		this.counter = counter;
		this.ticker = ticker;
		this.latest = new Sample(ticker.getAsLong(), counter.get(), 0);
	}

	/**
	 * Take a sample, unless one was taken within the last second.
	 * @param now the time in nanoseconds
	 */
	void sample(long now) {
		Sample last = this.latest;
		long elapsed = now - last.time;
		if (elapsed >= SECOND) {
			long count = this.counter.get();
			this.latest = new Sample(now, count, perSecond(count - last.count, elapsed));
		}
	}

	@Override
	public double perSecond() {
		Sample last = this.latest;
		long elapsed = this.ticker.getAsLong() - last.time;
		return (elapsed < 2 * SECOND) ? last.rate : perSecond(this.counter.get() - last.count, elapsed);
	}

	private static double perSecond(long count, long nanos) {
		return (double) count * SECOND / nanos;
	}

	private record Sample(long time, long count, double rate) {

	}

}
