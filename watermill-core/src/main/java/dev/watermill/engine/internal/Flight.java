package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.watermill.delivery.Delivery;
import dev.watermill.engine.DeliveryObserver;
import dev.watermill.window.internal.OpenWindows;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of an asynchronous function, from its call until its results are written.
 * Used by the lane's thread; the function completes it on any.
 */
final class Flight {

	private final OpenWindows.Window window;

	private final DeliveryContext context;

	private final Delivery delivery;

	/** What there is to know of it if it is to be passed over. */
	private final @Nullable GivenUp givenUp;

	private DeliveryObserver.@Nullable ObservedDelivery observed;

	private CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();

	private @Nullable CompletionStage<?> stage;

	private long begin;

	/**
	 * Create a delivery that is to be called.
	 * @param window what it holds until its results are written
	 * @param context what the function is told of it
	 * @param delivery what the function is shown, which stays as it is
	 * @param givenUp what there is to know of it if it is to be passed over
	 */
	Flight(OpenWindows.Window window, DeliveryContext context, Delivery delivery, @Nullable GivenUp givenUp) {
		this.window = window;
		this.context = context;
		this.delivery = delivery;
		this.givenUp = givenUp;
	}

	OpenWindows.Window window() {
		return this.window;
	}

	DeliveryContext context() {
		return this.context;
	}

	Delivery delivery() {
		return this.delivery;
	}

	@Nullable GivenUp givenUp() {
		return this.givenUp;
	}

	DeliveryObserver.@Nullable ObservedDelivery observed() {
		return this.observed;
	}

	/**
	 * Let whoever observes the call know that it is over.
	 */
	void endObserved() {
		DeliveryObserver.ObservedDelivery known = this.observed;
		this.observed = null;
		if (known != null) {
			known.end();
		}
	}

	/**
	 * When it was called, by the mill's ticker.
	 */
	long begin() {
		return this.begin;
	}

	/**
	 * Note that the function is being called, for the first time or again.
	 */
	void begins(long now, DeliveryObserver.@Nullable ObservedDelivery newObserved) {
		this.begin = now;
		this.observed = newObserved;
		this.answer = new CompletableFuture<>();
		this.stage = null;
		this.context.begins();
	}

	/**
	 * Note what the function has returned.
	 */
	void returned(@Nullable CompletionStage<?> returned) {
		CompletableFuture<@Nullable Object> current = this.answer;
		this.stage = returned;
		if (returned == null) {
			current.complete(null);
			return;
		}
		returned.whenComplete((value, thrown) -> {
			if (thrown != null) {
				current.completeExceptionally(thrown);
			}
			else {
				current.complete(value);
			}
		});
	}

	/**
	 * Note that the function has thrown.
	 */
	void threw(Throwable thrown) {
		this.answer.completeExceptionally(thrown);
	}

	/**
	 * Note that the function has taken too long, and give its call up.
	 */
	void timesOut(TimeoutException thrown) {
		CompletionStage<?> running = this.stage;
		this.answer.completeExceptionally(thrown);
		cancel(running);
	}

	/**
	 * Whether it is known what becomes of it.
	 */
	boolean isDone() {
		return this.givenUp != null || this.answer.isDone();
	}

	/**
	 * Wait until that is known.
	 * @param atMost how long
	 */
	void await(Duration atMost) throws InterruptedException {
		try {
			this.answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | CancellationException | TimeoutException ex) {
			// whoever takes the answer sees why there is none
		}
	}

	/**
	 * Take what the function answered in the end, once it is done.
	 * @throws Throwable what the function threw, at once or later
	 */
	@Nullable Object answer() throws Throwable {
		try {
			return this.answer.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() != null) ? ex.getCause() : ex;
		}
	}

	/**
	 * Give it up, whatever the function is at.
	 */
	void cancel() {
		if (!this.answer.isDone()) {
			cancel(this.stage);
		}
	}

	private static void cancel(@Nullable CompletionStage<?> running) {
		if (running == null) {
			return;
		}
		try {
			running.toCompletableFuture().cancel(true);
		}
		catch (RuntimeException ex) {
			// a stage that can't be cancelled goes on, and nobody listens any more
		}
	}

}
