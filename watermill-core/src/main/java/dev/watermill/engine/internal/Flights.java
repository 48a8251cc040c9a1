package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;

import dev.watermill.engine.DeliveryObserver;
import dev.watermill.engine.MillListener;
import dev.watermill.window.internal.OpenWindows;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of an asynchronous function that were called and whose results are not
 * written yet. Calls are made one after another, in order; results are written in that
 * order, each when those before it are. Until then a delivery holds its elements as a
 * window does, so a commit stands at the first one that is not written, whatever the
 * others are at. One that fails is repeated alone. Used by the lane's thread.
 */
final class Flights {

	/**
	 * How long a lane that waits for a stream may take to see that a function is done.
	 */
	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

	private final MillPlan plan;

	private final LaneControl control;

	private final LaneCounters counters;

	private final LaneCommit commit;

	private final LaneRetry retry;

	private final DeliveryCall call;

	private final CurrentDelivery current;

	private final Deque<Flight> flights = new ArrayDeque<>();

	Flights(MillPlan plan, LaneControl control, LaneCounters counters, LaneCommit commit, LaneRetry retry,
			DeliveryCall call, CurrentDelivery current) {
		this.plan = plan;
		this.control = control;
		this.counters = counters;
		this.commit = commit;
		this.retry = retry;
		this.call = call;
		this.current = current;
	}

	/**
	 * Call the function for a delivery, which comes last. If there are too many, those
	 * before are waited for.
	 * @param window what it holds
	 * @param settled is told of each that is written or passed over
	 * @return whether to go on: otherwise the function ended the stream
	 */
	boolean launch(OpenWindows.Window window, Settled settled) {
		while (this.flights.size() >= this.plan.settings().limits().maxInFlight()) {
			if (!settleFirst(settled)) {
				return false;
			}
		}
		this.control.permit().take(this.commit.whileWaiting());
		this.current.of(window);
		DeliveryContext context = this.current.newContext();
		Flight flight = new Flight(window, context, this.current.frozen(context), this.retry.givenUp(this.current));
		if (flight.givenUp() == null) {
			begin(flight);
		}
		else {
			// should another run be thrown away before, nobody knew of this one any more
			this.commit.hasten();
		}
		this.flights.add(flight);
		this.counters.inFlight(this.flights.size());
		return settleDone(settled);
	}

	private void begin(Flight flight) {
		DeliveryObserver observer = this.plan.observers().deliveries();
		DeliveryObserver.ObservedDelivery observed = (observer != null) ? observer.begin(flight.context()) : null;
		flight.begins(this.plan.ticker().getAsLong(), observed);
		try {
			this.call.launch(flight);
		}
		finally {
			if (observed != null) {
				observed.returned();
			}
		}
	}

	/**
	 * Write the results of those that are done, as far as all before them are.
	 * @return whether to go on
	 */
	boolean settleDone(Settled settled) {
		if (this.plan.timing().deliveryTimeout() != null) {
			this.flights.forEach(this::expire);
		}
		for (Flight first = this.flights.peek(); first != null && first.isDone(); first = this.flights.peek()) {
			if (!settleFirst(settled)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Write the results of all.
	 * @return whether to go on
	 */
	boolean settleAll(Settled settled) {
		while (!this.flights.isEmpty()) {
			if (!settleFirst(settled)) {
				return false;
			}
		}
		return true;
	}

	private boolean settleFirst(Settled settled) {
		this.control.permit().take(this.commit.whileWaiting());
		this.commit.ifDue();
		Flight first = this.flights.element();
		GivenUp givenUp = first.givenUp();
		boolean processed = false;
		while (givenUp == null && !processed) {
			try {
				await(first);
				write(first);
				processed = true;
			}
			catch (ProcessingException ex) {
				givenUp = this.call.decide(this.current, ex);
				if (givenUp == null) {
					this.control.permit().take(this.commit.whileWaiting());
					begin(first);
				}
			}
		}
		this.flights.remove();
		this.counters.inFlight(this.flights.size());
		settled.settled(first.window(), givenUp);
		return !this.current.isEndRequested();
	}

	private void await(Flight flight) {
		this.current.of(flight.window(), flight.context());
		if (!flight.isDone()) {
			this.control.permit().without(() -> awaitWithoutPermit(flight), this.commit.whileWaiting());
		}
	}

	private void awaitWithoutPermit(Flight flight) {
		LaneSteps steps = this.control.steps();
		steps.callBegins();
		try {
			while (!flight.isDone()) {
				this.control.check(this.commit.whileWaiting());
				Duration atMost = this.commit.whileWaiting().commitDue(LaneWaiting.LONGEST);
				if (!expire(flight)) {
					Duration left = timeLeft(flight);
					await(flight, Durations.shorter(left, atMost));
				}
			}
		}
		finally {
			steps.callEnds();
		}
	}

	private void await(Flight flight, Duration atMost) {
		try {
			flight.await(atMost);
		}
		catch (InterruptedException ex) {
			this.control.interrupted();
		}
	}

	/**
	 * Let a call that has taken too long have failed.
	 * @return whether it has just now
	 */
	private boolean expire(Flight flight) {
		Duration left = timeLeft(flight);
		if (flight.isDone() || !(left.isNegative() || left.isZero())) {
			return false;
		}
		flight.timesOut(new TimeoutException(
				"the function has taken longer than its delivery-timeout, " + this.plan.timing().deliveryTimeout()));
		return true;
	}

	private Duration timeLeft(Flight flight) {
		Duration timeout = this.plan.timing().deliveryTimeout();
		return (timeout != null) ? timeout.minusNanos(this.plan.ticker().getAsLong() - flight.begin())
				: LaneWaiting.LONGEST;
	}

	private void write(Flight flight) {
		DeliveryObserver.ObservedDelivery observed = flight.observed();
		try {
			this.call.complete(flight, this.current);
		}
		catch (Throwable ex) {
			if (observed != null) {
				observed.failed((ex instanceof ProcessingException && ex.getCause() != null) ? ex.getCause() : ex);
			}
			throw ex;
		}
		finally {
			flight.endObserved();
		}
		this.commit.delivered();
		MillListener listener = this.plan.observers().listener();
		if (listener != null) {
			listener.delivered(this.plan.ticker().getAsLong() - flight.begin());
		}
	}

	/**
	 * Let the mill stop: what is done is written, the rest is cancelled.
	 * @return what came of it
	 */
	Deliveries.Stopped stop(Settled settled) {
		Deliveries.Stopped stopped = Deliveries.Stopped.BETWEEN_DELIVERIES;
		for (Flight first = this.flights.peek(); first != null && isFinished(first)
				&& stopped == Deliveries.Stopped.BETWEEN_DELIVERIES; first = this.flights.peek()) {
			this.current.of(first.window(), first.context());
			try {
				write(first);
			}
			catch (ProcessingException ex) {
				// it comes again with the next start
				stopped = ex.isPartlyWritten() ? Deliveries.Stopped.WITHIN_A_DELIVERY : stopped;
				break;
			}
			this.flights.remove();
			settled.settled(first.window(), null);
			if (this.current.isEndRequested()) {
				stopped = Deliveries.Stopped.AT_THE_END;
			}
		}
		cancel();
		return stopped;
	}

	private static boolean isFinished(Flight flight) {
		return flight.givenUp() == null && flight.isDone();
	}

	/**
	 * Give up all of them.
	 */
	void cancel() {
		this.flights.forEach((flight) -> {
			flight.cancel();
			flight.endObserved();
		});
		this.flights.clear();
		this.counters.inFlight(0);
	}

	/**
	 * How long a stream may be waited for.
	 * @param atMost the longest that anyone wants to wait
	 */
	Duration untilLook(Duration atMost) {
		return Durations.shorter(atMost, this.flights.isEmpty() ? null : BETWEEN_LOOKS);
	}

	/**
	 * Is told what became of a delivery.
	 */
	@FunctionalInterface
	interface Settled {

		/**
		 * A delivery is written or to be passed over, and holds its elements still.
		 * @param window the elements
		 * @param givenUp what there is to know of it if it is to be passed over
		 */
		void settled(OpenWindows.Window window, @Nullable GivenUp givenUp);

	}

}
