package dev.watermill.engine.internal;

import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitTimedOutException;
import dev.watermill.engine.DeliveryFunction;
import dev.watermill.engine.DeliveryObserver;
import dev.watermill.join.internal.Matches;
import org.jspecify.annotations.Nullable;

/**
 * Processes one delivery after another: calls the function, then writes its results.
 * <p>
 * Until the function has done all its work, also what of its results is lazy, nothing of
 * them is written, so a delivery that fails is repeated alone. Only of a delivery of more
 * results than are held back some are written before; what came before it is committed
 * then, so that there is nothing else to take back. Used by the lane's thread.
 */
final class Processing {

	private final MillPlan plan;

	private final Failures failures;

	private final Lane lane;

	private final DeliveryFunction function;

	private final DeliveryTiming timing;

	private final LaneSteps steps;

	private final @Nullable LongCalls longCalls;

	private final Outputs outputs;

	private final Results results;

	/** Whether there is more to do about a delivery than to call the function. */
	private final boolean attended;

	private boolean endRequested;

	private boolean partlyWritten;

	Processing(MillPlan plan, Failures failures, Outputs outputs, Lane lane, LaneSteps steps,
			@Nullable LongCalls longCalls) {
		this.steps = steps;
		this.longCalls = longCalls;
		this.plan = plan;
		this.failures = failures;
		this.lane = lane;
		this.function = plan.functions().apply(plan.tree());
		this.timing = new DeliveryTiming(plan.listener(), plan.ticker());
		this.outputs = outputs;
		this.results = new Results(plan.shape(), outputs);
		this.attended = plan.listener() != null || plan.observer() != null || outputs.carriesHeaders();
	}

	/**
	 * Process a delivery, as often as it takes.
	 * @return whether it was processed, and not passed over
	 */
	boolean process(Matches elements) {
		if (this.failures.isSkipDue() && this.failures.takeSkip(this.lane.deliveryPosition())) {
			return false;
		}
		while (true) {
			try {
				attempt(elements);
				return true;
			}
			catch (ProcessingException ex) {
				this.endRequested = false;
				this.timing.cancel();
				if (!this.lane.repeats(ex)) {
					return false;
				}
			}
		}
	}

	boolean isEndRequested() {
		return this.endRequested;
	}

	void endOfStream() {
		this.endRequested = true;
	}

	private void attempt(Matches elements) {
		if (this.attended) {
			this.timing.begin();
			attend(elements);
			this.timing.end();
		}
		else {
			call(elements);
		}
	}

	private void attend(Matches elements) {
		DeliveryObserver observer = this.plan.observer();
		if (observer != null) {
			observe(observer, elements);
			return;
		}
		if (this.outputs.carriesHeaders()) {
			this.outputs.traceHeaders(TraceHeaders.of(this.lane.metadata()));
		}
		call(elements);
	}

	private void observe(DeliveryObserver observer, Matches elements) {
		DeliveryObserver.ObservedDelivery observed = observer.begin(this.lane);
		try {
			if (this.outputs.carriesHeaders()) {
				this.outputs.traceHeaders(() -> headers(observed));
			}
			call(elements);
		}
		catch (Throwable ex) {
			observed.failed((ex instanceof ProcessingException && ex.getCause() != null) ? ex.getCause() : ex);
			throw ex;
		}
		finally {
			observed.end();
		}
	}

	/**
	 * An observer that makes no headers, as without a tracer, does not cut the trace that
	 * runs through the mill.
	 */
	private Map<String, byte[]> headers(DeliveryObserver.ObservedDelivery observed) {
		Map<String, byte[]> made = observed.headers();
		return made.isEmpty() ? TraceHeaders.of(this.lane.metadata()) : made;
	}

	private void call(Matches elements) {
		if (this.longCalls != null) {
			this.longCalls.begin();
		}
		this.steps.callBegins();
		try {
			this.results.take(this.function.process(elements, this.lane));
		}
		catch (Throwable ex) {
			this.steps.callFails();
			endOfCall();
			throw failed(ex);
		}
		endOfCall();
		// only a stop is a stop: whatever the function did with its thread is over
		Thread.interrupted();
		if (this.results.isMore()) {
			writeMany();
		}
		else {
			write();
		}
	}

	private void endOfCall() {
		this.steps.callEnds();
		if (this.longCalls != null) {
			try {
				this.longCalls.end();
			}
			catch (RuntimeException | Error ex) {
				discard(ex);
				throw ex;
			}
		}
	}

	private void writeMany() {
		// of a delivery of which a part is written, that part only is to be taken back
		this.lane.commitIfMoved();
		this.partlyWritten = true;
		while (!write() && this.results.isMore()) {
			takeMore();
			Thread.interrupted();
		}
		this.partlyWritten = false;
	}

	private void takeMore() {
		this.steps.callBegins();
		try {
			this.results.takeMore();
		}
		catch (Throwable ex) {
			this.steps.callFails();
			throw failed(ex);
		}
		finally {
			this.steps.callEnds();
		}
	}

	private boolean write() {
		try {
			if (this.results.write()) {
				this.endRequested = true;
				return true;
			}
			return false;
		}
		catch (CommitTimedOutException ex) {
			throw new CommitTimedOutException(
					ex.getMessage() + " It was the delivery at " + this.lane.deliveryOrigin() + ".", ex);
		}
		catch (BrokerException ex) {
			discard(ex);
			throw ex;
		}
		catch (Throwable ex) {
			throw failed(ex);
		}
	}

	private void discard(Throwable cause) {
		try {
			this.results.discard();
		}
		catch (RuntimeException ex) {
			cause.addSuppressed(ex);
		}
	}

	private ProcessingException failed(Throwable cause) {
		Thread.interrupted();
		discard(cause);
		return new ProcessingException(this.plan.name(),
				"the function failed for the delivery at " + this.lane.deliveryOrigin(), this.lane.deliveryPosition(),
				ProcessingException.Kind.DELIVERY, this.partlyWritten, cause);
	}

}
