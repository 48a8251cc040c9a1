package dev.watermill;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import dev.watermill.broker.StartFrom;
import dev.watermill.broker.checkpoint.internal.CheckpointFile;
import dev.watermill.broker.checkpoint.internal.StateDirectory;
import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.engine.DeliveryObserver;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.RestartPolicy;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.engine.internal.MillSettings;
import dev.watermill.engine.internal.MillSettings.Clocks;
import dev.watermill.engine.internal.MillSettings.Failure;
import dev.watermill.engine.internal.MillSettings.Limits;
import dev.watermill.engine.internal.MillSettings.Observers;
import dev.watermill.engine.internal.MillSettings.Sharing;
import dev.watermill.engine.internal.MillSettings.Start;
import dev.watermill.engine.internal.MillSettings.State;
import dev.watermill.engine.internal.MillSettings.Timing;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What can be set of a mill besides what it reads, does and writes. Whatever is set is
 * checked at once. Not thread-safe.
 *
 * @param <B> the builder that this is part of
 * @since 0.1.0
 */
public abstract sealed class SettingsBuilder<B extends SettingsBuilder<B>> permits MillBuilder {

	private Timing timing = Timing.DEFAULT;

	private Limits limits = Limits.DEFAULT;

	private Failure failure = Failure.DEFAULT;

	private Start start = Start.DEFAULT;

	private Sharing sharing = Sharing.DEFAULT;

	private Clocks clocks = Clocks.DEFAULT;

	private Path stateDirectory = Path.of(".watermill");

	private boolean fsync;

	private final List<MillListener> listeners = new ArrayList<>();

	private @Nullable DeliveryObserver observer;

	private boolean maxInFlightSet;

	SettingsBuilder() {
	}

	abstract B self();

	/**
	 * Say what was set that counts for asynchronous functions only.
	 * @return the name of the setting, {@code null} if none was
	 */
	final @Nullable String asynchronousOnly() {
		if (this.maxInFlightSet) {
			return "max-in-flight";
		}
		return (this.timing.deliveryTimeout() != null) ? "delivery-timeout" : null;
	}

	final MillSettings settings() {
		State state = new State(CheckpointFile.in(this.stateDirectory, this.fsync),
				new StateDirectory(this.stateDirectory, this.fsync));
		return new MillSettings(this.timing, this.limits, this.failure, this.start, this.sharing,
				new Observers(MillListeners.of(this.listeners), this.observer), this.clocks, state);
	}

	/**
	 * Set the directory for the positions of a mill whose outputs have no place for them,
	 * and where is remembered beside which file it keeps them otherwise.
	 * @param directory the directory, {@code .watermill} by default
	 * @return this builder
	 */
	public final B stateDirectory(Path directory) {
		this.stateDirectory = directory;
		return self();
	}

	/**
	 * Set whether positions in the state directory survive a loss of power, too.
	 * @param survivesPowerLoss whether they are forced to the disk at each commit
	 * @return this builder
	 */
	public final B fsync(boolean survivesPowerLoss) {
		this.fsync = survivesPowerLoss;
		return self();
	}

	/**
	 * Set how long one wait for an element lasts.
	 * @param timeout the time-out, one second by default
	 * @return this builder
	 */
	public final B pollTimeout(Duration timeout) {
		this.timing = new Timing(timeout, this.timing.commitInterval(), this.timing.dataTimeout(), this.timing.idle(),
				this.timing.deliveryTimeout());
		return self();
	}

	/**
	 * Set how long results may wait for their commit while more is to read.
	 * @param interval the interval, 100 milliseconds by default
	 * @return this builder
	 */
	public final B commitInterval(Duration interval) {
		this.timing = new Timing(this.timing.pollTimeout(), interval, this.timing.dataTimeout(), this.timing.idle(),
				this.timing.deliveryTimeout());
		return self();
	}

	/**
	 * Set how many elements may have one key at one place of the join.
	 * @param size the number of elements, 100,000 by default
	 * @return this builder
	 */
	public final B maxGroupSize(int size) {
		this.limits = new Limits(size, this.limits.maxWindowSize(), this.limits.maxInFlight());
		return self();
	}

	/**
	 * Set how many elements a window may have.
	 * @param size the number of elements, 1,000,000 by default
	 * @return this builder
	 */
	public final B maxWindowSize(int size) {
		this.limits = new Limits(this.limits.maxGroupSize(), size, this.limits.maxInFlight());
		return self();
	}

	/**
	 * Set how many deliveries of an asynchronous function may be open at once: called,
	 * and their results not written.
	 * @param deliveries the number of deliveries, 64 by default
	 * @return this builder
	 */
	public final B maxInFlight(int deliveries) {
		this.maxInFlightSet = true;
		this.limits = new Limits(this.limits.maxGroupSize(), this.limits.maxWindowSize(), deliveries);
		return self();
	}

	/**
	 * Set how long an asynchronous function may take, from its call until its stage
	 * completes. One that takes longer is cancelled, and has failed.
	 * @param timeout the time-out, {@code null} for none, the default
	 * @return this builder
	 */
	public final B deliveryTimeout(@Nullable Duration timeout) {
		this.timing = new Timing(this.timing.pollTimeout(), this.timing.commitInterval(), this.timing.dataTimeout(),
				this.timing.idle(), timeout);
		return self();
	}

	/**
	 * Set how often a delivery is repeated whose processing failed.
	 * @param policy the policy, 2 retries by default: 3 attempts
	 * @return this builder
	 */
	public final B retry(RetryPolicy policy) {
		this.failure = new Failure(policy, this.failure.onError(), this.failure.handlers(), this.failure.restart());
		return self();
	}

	/**
	 * Change how often a delivery is repeated whose processing failed.
	 * @param change makes another policy of what is set by now
	 * @return this builder
	 */
	public final B retry(UnaryOperator<RetryPolicy> change) {
		return retry(change.apply(this.failure.retry()));
	}

	/**
	 * Set what happens with a delivery whose last attempt failed.
	 * @param policy what happens; the default is to fail
	 * @return this builder
	 */
	public final B onError(ErrorPolicy policy) {
		this.failure = new Failure(this.failure.retry(), policy, this.failure.handlers(), this.failure.restart());
		return self();
	}

	/**
	 * Let somebody decide, before the settings do, what becomes of a delivery that
	 * failed. Several are asked in the order in which they were added, until one decides.
	 * @param handler is asked after each attempt that failed
	 * @return this builder
	 */
	public final B errorHandler(DeliveryErrorHandler handler) {
		List<DeliveryErrorHandler> handlers = new ArrayList<>(this.failure.handlers());
		handlers.add(handler);
		this.failure = new Failure(this.failure.retry(), this.failure.onError(), handlers, this.failure.restart());
		return self();
	}

	/**
	 * Set how often the mill is started again by itself when it has failed.
	 * @param policy the policy; the default is never
	 * @return this builder
	 */
	public final B restart(RestartPolicy policy) {
		this.failure = new Failure(this.failure.retry(), this.failure.onError(), this.failure.handlers(), policy);
		return self();
	}

	/**
	 * Set where the mill begins where no position exists. Where nothing is said it begins
	 * at the start, unless an output that can't be written anew holds results already.
	 * @param where where it begins
	 * @return this builder
	 */
	public final B startFrom(StartFrom where) {
		this.start = new Start(where, this.start.waitsForMore());
		return self();
	}

	/**
	 * Set how long the mill waits for an element of an endless stream before the stream
	 * counts as over.
	 * @param timeout the time-out; without one it waits for ever
	 * @return this builder
	 */
	public final B dataTimeout(Duration timeout) {
		this.timing = new Timing(this.timing.pollTimeout(), this.timing.commitInterval(), timeout, this.timing.idle(),
				this.timing.deliveryTimeout());
		return self();
	}

	/**
	 * Set how long a stream is silent, while the mill waits for it at its end, before
	 * what is there of it counts as all for now: open windows are delivered, and elements
	 * that have what they need, with the matches that were found. What was delivered is
	 * closed; what comes of it later is late, which is treated as disorder is. Results
	 * depend on the clock then.
	 * @param duration how long, {@code null} for ever, the default
	 * @return this builder
	 */
	public final B idle(@Nullable Duration duration) {
		this.timing = new Timing(this.timing.pollTimeout(), this.timing.commitInterval(), this.timing.dataTimeout(),
				duration, this.timing.deliveryTimeout());
		return self();
	}

	/**
	 * Set whether the mill waits for more when it is started again after it completed and
	 * finds nothing new in streams that may go on.
	 * @param waits {@code false} to complete at once then, {@code true} by default
	 * @return this builder
	 */
	public final B waitForMore(boolean waits) {
		this.start = new Start(this.start.from(), waits);
		return self();
	}

	/**
	 * Set how many lanes of the mill work at once on this instance. One that waits for
	 * something is not at work. While it is 1 calls of the function never overlap.
	 * @param lanes the number of lanes, 1 by default
	 * @return this builder
	 */
	public final B concurrency(int lanes) {
		this.sharing = new Sharing(lanes, this.sharing.handOverTimeout(), this.sharing.betweenLooks(),
				this.sharing.unequalFor(), this.sharing.threads());
		return self();
	}

	/**
	 * Set how long a lane that goes to another instance may take to finish the delivery
	 * it is at. After that the function is interrupted, and what the lane did since its
	 * last commit is repeated there.
	 * @param timeout the time-out, 10 seconds by default
	 * @return this builder
	 */
	public final B handOverTimeout(Duration timeout) {
		this.sharing = new Sharing(this.sharing.concurrency(), timeout, this.sharing.betweenLooks(),
				this.sharing.unequalFor(), this.sharing.threads());
		return self();
	}

	/**
	 * Set how often the mill sees whether its streams have got more partitions, and how
	 * long they may have unequal numbers of them before it fails.
	 * @param between how long to wait between two looks, 5 seconds by default
	 * @param unequalFor how long the numbers may be unequal, 5 minutes by default
	 * @return this builder
	 */
	public final B partitionWatch(Duration between, Duration unequalFor) {
		this.sharing = new Sharing(this.sharing.concurrency(), this.sharing.handOverTimeout(), between, unequalFor,
				this.sharing.threads());
		return self();
	}

	/**
	 * Set what makes the threads of lanes where there are several: virtual ones, say.
	 * @param threads makes them; the mill names and starts them
	 * @return this builder
	 */
	public final B laneThreads(ThreadFactory threads) {
		this.sharing = new Sharing(this.sharing.concurrency(), this.sharing.handOverTimeout(),
				this.sharing.betweenLooks(), this.sharing.unequalFor(), threads);
		return self();
	}

	/**
	 * Let somebody be around each delivery, for tracing.
	 * @param newObserver is told of each
	 * @return this builder
	 */
	public final B observer(DeliveryObserver newObserver) {
		this.observer = newObserver;
		return self();
	}

	/**
	 * Let somebody know what the mill does.
	 * @param listener is told
	 * @return this builder
	 */
	public final B listener(MillListener listener) {
		this.listeners.add(listener);
		return self();
	}

	/**
	 * Set the clocks.
	 * @param newClock tells when something happened
	 * @param newTicker measures how long something took, in nanoseconds
	 * @return this builder
	 */
	public final B clock(Clock newClock, LongSupplier newTicker) {
		this.clocks = new Clocks(newClock, newTicker);
		return self();
	}

}
