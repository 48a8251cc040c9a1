package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.watermill.engine.MillLiveness;

/**
 * Puts the time to what a lane counts: each sample notes when a count was first seen as
 * it is. Thread-safe.
 */
final class LaneWatch implements WatchThread.Watched {

	private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(1);

	private final LaneSteps steps;

	private final LongSupplier ticker;

	private boolean on;

	private long calls;

	private long callsSince;

	private long progress;

	private long progressSince;

	LaneWatch(LaneSteps steps, LongSupplier ticker) {
		this.steps = steps;
		this.ticker = ticker;
	}

	synchronized void begin() {
		this.on = true;
		this.calls = this.steps.calls();
		this.progress = this.steps.progress();
		this.callsSince = this.ticker.getAsLong();
		this.progressSince = this.callsSince;
	}

	synchronized void end() {
		this.on = false;
	}

	@Override
	public Duration every() {
		return BETWEEN_SAMPLES;
	}

	@Override
	public synchronized void look() {
		long now = this.ticker.getAsLong();
		long callsNow = this.steps.calls();
		if (callsNow != this.calls) {
			this.calls = callsNow;
			this.callsSince = now;
		}
		long progressNow = this.steps.progress();
		if (progressNow > this.progress) {
			this.progress = progressNow;
			this.progressSince = now;
		}
	}

	synchronized MillLiveness liveness() {
		if (!this.on) {
			return MillLiveness.NOT_AT_WORK;
		}
		look();
		long now = this.ticker.getAsLong();
		boolean within = LaneSteps.isCall(this.calls);
		MillLiveness.Activity activity = within ? MillLiveness.Activity.CALLING : this.steps.activity();
		return new MillLiveness(activity, Duration.ofNanos(Math.max(0, now - this.progressSince)),
				within ? Duration.ofNanos(Math.max(0, now - this.callsSince)) : null);
	}

}
