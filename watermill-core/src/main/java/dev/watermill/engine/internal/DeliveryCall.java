package dev.watermill.engine.internal;

import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitTimedOutException;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.Result;
import dev.watermill.engine.DeliveryObserver;
import org.jspecify.annotations.Nullable;

/**
 * Has one delivery after another processed: calls the function, then writes its results;
 * with what is to be measured, observed and repeated about it.
 * <p>
 * Until the function has done all its work, also what of its results is lazy, nothing of
 * them is written, so a delivery that fails is repeated alone. Only of a delivery of more
 * results than are held back some are written before; what came before it is committed
 * then, so that there is nothing else to take back. Used by the lane's thread.
 */
final class DeliveryCall {

	private final MillPlan plan;

	private final LaneRetry retry;

	private final LaneCommit commit;

	private final DeliveryFunction<?> function;

	private final DeliveryTiming timing;

	private final LaneSteps steps;

	private final @Nullable LongCalls longCalls;

	private final Outputs outputs;

	private final Results results;

	/** Whether there is more to do about a delivery than to call the function. */
	private final boolean attended;

	/** Whether there is no more to do about one that does not fail. */
	private final boolean plain;

	private boolean partlyWritten;

	DeliveryCall(MillPlan plan, LaneRetry retry, LaneCommit commit, Outputs outputs, LaneSteps steps,
			@Nullable LongCalls longCalls) {
		this.steps = steps;
		this.longCalls = longCalls;
		this.plan = plan;
		this.retry = retry;
		this.commit = commit;
		this.function = plan.function();
		this.timing = new DeliveryTiming(plan.observers().listener(), plan.ticker());
		this.outputs = outputs;
		this.results = new Results(plan.shape(), outputs);
		this.attended = plan.observers().listener() != null || plan.observers().deliveries() != null
				|| outputs.carriesHeaders();
		this.plain = !this.attended && longCalls == null && plan.shape() == Result.Shape.SINGLE;
	}

	/**
	 * Process a delivery, as often as it takes.
	 * @return {@code null} if it was processed; what there is to know of it if it is to
	 * be passed over
	 */
	@Nullable GivenUp process(CurrentDelivery delivery) {
		GivenUp givenUp = this.retry.givenUp(delivery);
		if (givenUp != null) {
			// should another run be thrown away before, nobody knew of this one any more
			this.commit.hasten();
		}
		while (givenUp == null) {
			try {
				attempt(delivery);
				return null;
			}
			catch (ProcessingException ex) {
				givenUp = decide(delivery, ex);
			}
		}
		return givenUp;
	}

	/**
	 * Decide what becomes of a delivery that failed.
	 * @return {@code null} if it is to be repeated; what there is to know of it if it is
	 * to be passed over
	 */
	@Nullable GivenUp decide(CurrentDelivery delivery, ProcessingException ex) {
		delivery.failed();
		this.timing.cancel();
		return this.retry.decide(delivery, ex);
	}

	/**
	 * Whether there is nothing to do about what follows but to call the function and to
	 * write its only result.
	 */
	boolean isPlain() {
		return this.plain && !this.retry.isAnyDue();
	}

	DeliveryFunction<?> function() {
		return this.function;
	}

	private void attempt(CurrentDelivery delivery) {
		delivery.begin();
		if (this.attended) {
			this.timing.begin();
			attend(delivery);
			this.timing.end();
		}
		else {
			call(delivery);
		}
	}

	private void attend(CurrentDelivery delivery) {
		DeliveryObserver observer = this.plan.observers().deliveries();
		if (observer != null) {
			observe(observer, delivery);
			return;
		}
		traceHeaders(null, delivery);
		call(delivery);
	}

	private void observe(DeliveryObserver observer, CurrentDelivery delivery) {
		DeliveryObserver.ObservedDelivery observed = observer.begin(delivery.context());
		try {
			traceHeaders(observed, delivery);
			call(delivery);
		}
		catch (Throwable ex) {
			observed.failed((ex instanceof ProcessingException && ex.getCause() != null) ? ex.getCause() : ex);
			throw ex;
		}
		finally {
			observed.end();
		}
	}

	private void traceHeaders(DeliveryObserver.@Nullable ObservedDelivery observed, CurrentDelivery delivery) {
		if (!this.outputs.carriesHeaders()) {
			return;
		}
		if (observed != null) {
			this.outputs.traceHeaders(() -> headers(observed, delivery));
		}
		else {
			this.outputs.traceHeaders(TraceHeaders.of(delivery.headers()));
		}
	}

	/**
	 * An observer that makes no headers, as without a tracer, does not cut the trace that
	 * runs through the mill.
	 */
	private static Map<String, byte[]> headers(DeliveryObserver.ObservedDelivery observed, CurrentDelivery delivery) {
		Map<String, byte[]> made = observed.headers();
		return made.isEmpty() ? TraceHeaders.of(delivery.headers()) : made;
	}

	private void call(CurrentDelivery delivery) {
		if (this.longCalls != null) {
			this.longCalls.begin();
		}
		this.steps.callBegins();
		Object single;
		try {
			single = this.results.take(this.function.process(delivery.view()));
		}
		catch (Throwable ex) {
			throw fails(delivery, ex);
		}
		endOfCall();
		// only a stop is a stop: whatever the function did with its thread is over
		Thread.interrupted();
		writeAll(single, delivery);
	}

	/**
	 * Call a function that is asynchronous. Whatever it throws is the delivery's.
	 */
	void launch(Flight flight) {
		if (this.longCalls != null) {
			this.longCalls.begin();
		}
		this.steps.callBegins();
		try {
			flight.returned((CompletionStage<?>) this.function.process(flight.delivery()));
		}
		catch (Throwable ex) {
			flight.threw(ex);
		}
		endOfCall();
		Thread.interrupted();
	}

	/**
	 * Take apart what an asynchronous function answered in the end, and write it.
	 */
	void complete(Flight flight, CurrentDelivery delivery) {
		traceHeaders(flight.observed(), delivery);
		this.steps.callBegins();
		Object single;
		try {
			single = this.results.take(flight.answer());
		}
		catch (Throwable ex) {
			this.steps.callFails();
			this.steps.callEnds();
			throw failed(delivery, ex);
		}
		this.steps.callEnds();
		writeAll(single, delivery);
	}

	/**
	 * Note that the call has failed in which the lane is.
	 * @return what to throw
	 */
	ProcessingException fails(CurrentDelivery delivery, Throwable cause) {
		this.steps.callFails();
		endOfCall();
		return failed(delivery, cause);
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

	private void writeAll(@Nullable Object single, CurrentDelivery delivery) {
		if (single == null && this.results.isMore()) {
			writeMany(delivery);
		}
		else {
			write(single, delivery);
		}
	}

	private void writeMany(CurrentDelivery delivery) {
		// of a delivery of which a part is written, that part only is to be taken back
		this.commit.ifMoved();
		this.partlyWritten = true;
		while (!write(null, delivery) && this.results.isMore()) {
			takeMore(delivery);
			Thread.interrupted();
		}
		this.partlyWritten = false;
	}

	private void takeMore(CurrentDelivery delivery) {
		this.steps.callBegins();
		try {
			this.results.takeMore();
		}
		catch (Throwable ex) {
			this.steps.callFails();
			throw failed(delivery, ex);
		}
		finally {
			this.steps.callEnds();
		}
	}

	/**
	 * Write a delivery's results.
	 * @param single the only one, {@code null} if they are held
	 * @return whether the function ended the stream
	 */
	boolean write(@Nullable Object single, CurrentDelivery delivery) {
		try {
			if ((single != null) ? this.outputs.write(single) : this.results.write()) {
				delivery.endOfStream();
				return true;
			}
			return false;
		}
		catch (CommitTimedOutException ex) {
			throw new CommitTimedOutException(ex.getMessage() + " It was the delivery at " + delivery.origin() + ".",
					ex);
		}
		catch (BrokerException ex) {
			discard(ex);
			throw ex;
		}
		catch (PartlyWrittenException ex) {
			this.partlyWritten = true;
			throw failed(delivery, ex.cause());
		}
		catch (Throwable ex) {
			throw failed(delivery, ex);
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

	private ProcessingException failed(CurrentDelivery delivery, Throwable cause) {
		Thread.interrupted();
		discard(cause);
		return new ProcessingException(this.plan.name(), "the function failed for the delivery at " + delivery.origin(),
				delivery.id(), ProcessingException.Kind.DELIVERY, this.partlyWritten, cause);
	}

}
