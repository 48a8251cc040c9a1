package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.StartFrom;
import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.engine.DeliveryObserver;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.RestartPolicy;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How a mill works, as far as it is not said by what it reads, does and writes: each
 * group for those whom it concerns. What is here is valid. Immutable.
 *
 * @param timing how long it waits
 * @param limits how much it holds
 * @param failure what it does when the function fails
 * @param start where it starts
 * @param sharing how its lanes share an instance, and what instances share
 * @param observers who is informed of what it does
 * @param clocks by which it measures
 * @param state where it keeps what its outputs have no place for
 * @since 0.1.0
 */
public record MillSettings(Timing timing, Limits limits, Failure failure, Start start, Sharing sharing,
		Observers observers, Clocks clocks, State state) {

	/**
	 * The longest duration that a setting can have: a hundred years, which a clock can
	 * still count in nanoseconds.
	 */
	public static final Duration MAX_DURATION = Duration.ofDays(36_500);

	/**
	 * Check a duration.
	 * @param what the name of the setting
	 * @param duration its value
	 * @return the value
	 * @throws IllegalArgumentException if it is not positive, or too long
	 */
	public static Duration positive(String what, Duration duration) {
		if (duration.isNegative() || duration.isZero()) {
			throw new IllegalArgumentException(what + " must be positive, but is " + duration);
		}
		return notTooLong(what, duration);
	}

	private static Duration notTooLong(String what, Duration duration) {
		if (duration.compareTo(MAX_DURATION) > 0) {
			throw new IllegalArgumentException(
					what + " must be at most " + MAX_DURATION.toDays() + " days, but is " + duration);
		}
		return duration;
	}

	private static void positive(String what, int number) {
		if (number < 1) {
			throw new IllegalArgumentException(what + " must be positive, but is " + number);
		}
	}

	/**
	 * How long a mill waits.
	 *
	 * @param pollTimeout how long one wait for an element lasts
	 * @param commitInterval how long results may wait for their commit
	 * @param dataTimeout how long nothing comes before a stream counts as over,
	 * {@code null} to wait for ever
	 * @param idle how long nothing comes before what is there of a stream counts as all
	 * for those who have what they need, {@code null} for ever
	 * @param deliveryTimeout how long an asynchronous function may take, {@code null} for
	 * ever
	 */
	public record Timing(Duration pollTimeout, Duration commitInterval, @Nullable Duration dataTimeout,
			@Nullable Duration idle, @Nullable Duration deliveryTimeout) {

		/**
		 * What counts where nothing is set.
		 */
		public static final Timing DEFAULT = new Timing(Duration.ofSeconds(1), Duration.ofMillis(100), null, null,
				null);

		/**
		 * Create the group.
		 */
		public Timing {
			positive("poll-timeout", pollTimeout);
			positive("commit-interval", commitInterval);
			if (dataTimeout != null) {
				positive("data-timeout", dataTimeout);
			}
			if (idle != null) {
				positive("idle", idle);
			}
			if (deliveryTimeout != null) {
				positive("delivery-timeout", deliveryTimeout);
			}
		}

	}

	/**
	 * How much a mill holds.
	 *
	 * @param maxGroupSize how many elements may have one key at one place of the join
	 * @param maxWindowSize how many elements a window may have
	 * @param maxInFlight how many deliveries of an asynchronous function may be open
	 */
	public record Limits(int maxGroupSize, int maxWindowSize, int maxInFlight) {

		/**
		 * What counts where nothing is set.
		 */
		public static final Limits DEFAULT = new Limits(100_000, 1_000_000, 64);

		/**
		 * Create the group.
		 */
		public Limits {
			positive("max-group-size", maxGroupSize);
			positive("max-window-size", maxWindowSize);
			positive("max-in-flight", maxInFlight);
		}

	}

	/**
	 * What a mill does when the function, or it itself, fails.
	 *
	 * @param retry how often a failed delivery is repeated
	 * @param onError what happens with it then
	 * @param handlers decide about it before, in this order
	 * @param restart how often it is started again when it has failed
	 */
	public record Failure(RetryPolicy retry, ErrorPolicy onError, List<DeliveryErrorHandler> handlers,
			RestartPolicy restart) {

		private static final Duration LONGEST_PAUSE_WHILE_AWAY = Duration.ofSeconds(1);

		/**
		 * What counts where nothing is set.
		 */
		public static final Failure DEFAULT = new Failure(
				new RetryPolicy(2, Duration.ofSeconds(1), Duration.ofSeconds(30)), ErrorPolicy.FAIL, List.of(),
				RestartPolicy.NEVER);

		/**
		 * Create the group.
		 */
		public Failure {
			notTooLong("delay", retry.delay());
			notTooLong("max-delay", retry.maxDelay());
			notTooLong("jitter", retry.jitter());
			handlers = List.copyOf(handlers);
		}

		/**
		 * Whether deliveries that failed are dead letters, unless a handler decides
		 * otherwise.
		 * @return {@code true} if there has to be a place for them
		 */
		public boolean deadLetters() {
			return this.onError == ErrorPolicy.DEAD_LETTER;
		}

		/**
		 * Whether a delivery may be written to the dead letters if there is a place.
		 * @return {@code true} if so
		 */
		public boolean mayDeadLetter() {
			return deadLetters() || !this.handlers.isEmpty();
		}

		/**
		 * How long to wait until a broker that is away is asked again. Unlike a function
		 * that fails, it is back at some time: nobody waits longer than a second.
		 * @param attempt how often it has been asked in vain
		 */
		Duration pauseWhileAway(int attempt) {
			Duration pause = this.retry.pauseAfter(attempt);
			return (pause.compareTo(LONGEST_PAUSE_WHILE_AWAY) < 0) ? pause : LONGEST_PAUSE_WHILE_AWAY;
		}

	}

	/**
	 * Where a mill starts.
	 *
	 * @param from where to begin where no position exists, {@code null} for the start
	 * unless the outputs hold results already
	 * @param waitsForMore whether a mill that is started again after it completed waits
	 * for more, rather than completing at once where there is nothing new
	 */
	public record Start(@Nullable StartFrom from, boolean waitsForMore) {

		/**
		 * What counts where nothing is set.
		 */
		public static final Start DEFAULT = new Start(null, true);

	}

	/**
	 * How lanes share an instance, and how they go from one to another.
	 *
	 * @param concurrency how many lanes work at once on an instance
	 * @param handOverTimeout how long a lane that has to be given away may take to finish
	 * the delivery it is at, before it is abandoned
	 * @param betweenLooks how often it is seen whether streams have got more partitions
	 * @param unequalFor how long streams may have unequal numbers of them meanwhile
	 * @param threads makes the threads of lanes, {@code null} for ordinary ones
	 */
	public record Sharing(int concurrency, Duration handOverTimeout, Duration betweenLooks, Duration unequalFor,
			@Nullable ThreadFactory threads) {

		/**
		 * What counts where nothing is set.
		 */
		public static final Sharing DEFAULT = new Sharing(1, Duration.ofSeconds(10), Duration.ofSeconds(5),
				Duration.ofMinutes(5), null);

		/**
		 * Create the group.
		 */
		public Sharing {
			positive("concurrency", concurrency);
			positive("hand-over-timeout", handOverTimeout);
			positive("the time between looks at partitions", betweenLooks);
			positive("the time for which partitions may be unequal", unequalFor);
		}

	}

	/**
	 * Who is informed of what a mill does.
	 *
	 * @param listener of its states, {@code null} for nobody
	 * @param deliveries who is around each delivery, {@code null} for nobody
	 */
	public record Observers(@Nullable MillListener listener, @Nullable DeliveryObserver deliveries) {

	}

	/**
	 * By which a mill measures.
	 *
	 * @param clock says when something happened
	 * @param ticker measures how long something took, in nanoseconds
	 */
	public record Clocks(Clock clock, LongSupplier ticker) {

		/**
		 * What counts where nothing is set.
		 */
		public static final Clocks DEFAULT = new Clocks(Clock.systemUTC(), System::nanoTime);

	}

	/**
	 * Where a mill keeps what its outputs have no place for.
	 *
	 * @param checkpoint where positions are committed
	 * @param places remembers where it commits, beyond what its outputs show
	 */
	public record State(CommitPlace checkpoint, CommitPlace.Memory places) {

	}

}
