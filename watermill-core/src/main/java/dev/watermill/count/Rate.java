package dev.watermill.count;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a {@link Counter} grows now. The thread that counts takes a sample now and
 * then; any thread may ask.
 *
 * @since 0.1.0
 */
public final class Rate {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final Counter counter;

	private final LongSupplier ticker;

	private volatile Sample latest;

	/**
	 * Create a rate.
	 * @param counter what is counted
	 * @param ticker tells the time in nanoseconds
	 */
	public Rate(Counter counter, LongSupplier ticker) {
		this.counter = counter;
		this.ticker = ticker;
		this.latest = new Sample(ticker.getAsLong(), counter.get(), 0);
	}

	/**
	 * Take a sample, unless one was taken within the last second.
	 * @param now the time in nanoseconds
	 */
	public void sample(long now) {
		Sample last = this.latest;
		long elapsed = now - last.time;
		if (elapsed >= SECOND) {
			long count = this.counter.get();
			this.latest = new Sample(now, count, perSecond(count - last.count, elapsed));
		}
	}

	/**
	 * How much was counted in a second, of late.
	 * @return the number per second; 0 soon after counting has ceased
	 */
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
