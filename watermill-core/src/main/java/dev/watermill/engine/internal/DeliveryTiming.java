package dev.watermill.engine.internal;

import java.util.function.LongSupplier;

import dev.watermill.engine.MillListener;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long deliveries take. While they follow each other so closely that looking
 * at the clock twice would be a good part of each, only one in 64 is measured. Used by
 * one thread.
 */
final class DeliveryTiming {

	private static final int SAMPLED = 64;

	/**
	 * Nanoseconds from one delivery to the next that are many beside reading the clock
	 * twice.
	 */
	private static final long MANY = 20_000;

	private final @Nullable MillListener listener;

	private final LongSupplier ticker;

	/** How many deliveries there are from one that is measured to the next. */
	private int distance = 1;

	private int left = 1;

	/** How many in a row followed closely. */
	private int close;

	private long start;

	private long lastEnd;

	DeliveryTiming(@Nullable MillListener listener, LongSupplier ticker) {
		this.listener = listener;
		this.ticker = ticker;
		this.lastEnd = ticker.getAsLong();
	}

	void begin() {
		if (this.listener != null && --this.left == 0) {
			this.start = this.ticker.getAsLong();
		}
	}

	/**
	 * Forget a delivery that failed; the next one is measured in its stead.
	 */
	void cancel() {
		if (this.left <= 0) {
			this.left = 1;
		}
	}

	void end() {
		if (this.listener != null && this.left == 0) {
			long now = this.ticker.getAsLong();
			this.close = (now - this.lastEnd < MANY * this.distance) ? this.close + 1 : 0;
			this.distance = (this.close >= SAMPLED) ? SAMPLED : 1;
			this.left = this.distance;
			this.lastEnd = now;
			this.listener.delivered(now - this.start);
		}
	}

}
