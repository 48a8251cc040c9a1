package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import dev.watermill.join.internal.MatchConsumer;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.window.internal.OpenWindows;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries without windows to an asynchronous function: each master element that has
 * its matches, by itself, held until its results are written.
 */
final class FlyingDeliveries extends Deliveries implements MatchConsumer.OfAll {

	private final MergeJoin merge;

	private final Flights flights;

	private final Deque<OpenWindows.Window> free = new ArrayDeque<>();

	FlyingDeliveries(LaneControl control, LaneCounters counters, MergeJoin merge, LaneCommit commit, DeliveryCall call,
			CurrentDelivery current, Flights flights) {
		super(control, counters, merge, commit, call, current);
		this.merge = merge;
		this.flights = flights;
	}

	@Override
	public boolean arrived() {
		check();
		commit().ifDue();
		return this.flights.settleDone(this::settled);
	}

	@Override
	public boolean matched() {
		OpenWindows.Window element = this.free.isEmpty() ? OpenWindows.ofOne(this.merge) : this.free.remove();
		this.merge.windows().open(element.elements());
		this.merge.windows().hold();
		element.elements().seal();
		return this.flights.launch(element, this::settled);
	}

	private void settled(OpenWindows.Window element, @Nullable GivenUp givenUp) {
		settle(element, givenUp);
		this.merge.windows().release(element.elements());
		this.free.add(element);
	}

	@Override
	void waited(boolean pollTimedOut) {
		if (!this.flights.settleDone(this::settled)) {
			throw StopSignal.ENDED;
		}
	}

	@Override
	Duration untilDue(Duration atMost) {
		return this.flights.untilLook(atMost);
	}

	@Override
	void finish() {
		settle();
	}

	@Override
	void settle() {
		this.flights.settleAll(this::settled);
	}

	@Override
	Stopped stop() {
		return this.flights.stop(this::settled);
	}

	@Override
	void cancel() {
		this.flights.cancel();
	}

}
