package dev.watermill.window.internal;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

import dev.watermill.key.internal.KeyMeter;
import dev.watermill.key.internal.Keys;
import dev.watermill.window.WindowFunction;
import dev.watermill.window.WindowPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the open run of one lane closes. It is asked for every master element that
 * is read, matched or not, and for every poll that timed out; it knows nothing of what is
 * in the window. Used by one thread.
 */
abstract sealed class WindowTrigger {

	/**
	 * Return a trigger for a policy.
	 * @param policy how windows are cut
	 * @param ticker the clock, in nanoseconds
	 * @return a trigger
	 */
	static WindowTrigger of(WindowPolicy policy, LongSupplier ticker) {
		if (policy instanceof WindowPolicy.ByKey) {
			return new KeyTrigger();
		}
		if (policy instanceof WindowPolicy.Every every) {
			return new ClockTrigger(every.duration().toNanos(), ticker);
		}
		if (policy instanceof WindowPolicy.ByFunction byFunction) {
			return new FunctionTrigger(byFunction.function());
		}
		if (policy instanceof WindowPolicy.Session session) {
			return new SessionTrigger(KeyMeter.of(session.key(), session.gap()));
		}
		if (policy instanceof WindowPolicy.Count count) {
			return new CountTrigger(count.size());
		}
		throw new IllegalArgumentException("Without windows nothing triggers");
	}

	/**
	 * Whether an element ends the window before it.
	 * @param element the element
	 * @param key its window key, {@code null} if windows are not made by key
	 * @return {@code true} if it does
	 */
	abstract boolean closesBefore(Object element, @Nullable Object key);

	/**
	 * An element became the first of a window.
	 */
	void opened() {
	}

	/**
	 * An element that has its matches was put into the window.
	 * @param key its window key, {@code null} if windows are not made by key
	 */
	void added(@Nullable Object key) {
	}

	/**
	 * Whether a window closes with the element that was added last.
	 * @param size how many it has
	 * @return {@code true} if it does
	 */
	boolean isFull(int size) {
		return false;
	}

	/**
	 * Whether the open window closes although nothing came.
	 * @param timedOut whether a poll has just timed out
	 * @return {@code true} if it does
	 */
	boolean closesWithout(boolean timedOut) {
		return false;
	}

	/**
	 * How long the open window can be left alone.
	 * @param atMost the longest that anyone wants to wait
	 * @return a duration of at most that
	 */
	Duration untilClose(Duration atMost) {
		return atMost;
	}

	private static final class KeyTrigger extends WindowTrigger {

		private @Nullable Object current;

		@Override
		boolean closesBefore(Object element, @Nullable Object key) {
			Object before = this.current;
			this.current = key;
			return before != null && key != null && Keys.compare(before, key) != 0;
		}

	}

	private static final class SessionTrigger extends WindowTrigger {

		private final KeyMeter gap;

		/** The key of the last element that has its matches. */
		private @Nullable Object last;

		SessionTrigger(KeyMeter gap) {
			this.gap = gap;
		}

		@Override
		boolean closesBefore(Object element, @Nullable Object key) {
			// a key that goes back stands behind a mark
			return this.last != null && key != null
					&& (Keys.compare(key, this.last) < 0 || this.gap.compare(key, this.last) > 0);
		}

		@Override
		void added(@Nullable Object key) {
			this.last = key;
		}

	}

	private static final class CountTrigger extends WindowTrigger {

		private final int count;

		CountTrigger(int count) {
			this.count = count;
		}

		@Override
		boolean closesBefore(Object element, @Nullable Object key) {
			return false;
		}

		@Override
		boolean isFull(int size) {
			return size == this.count;
		}

	}

	private static final class ClockTrigger extends WindowTrigger {

		private final long nanos;

		private final LongSupplier ticker;

		private long openedAt;

		ClockTrigger(long nanos, LongSupplier ticker) {
			this.nanos = nanos;
			this.ticker = ticker;
		}

		@Override
		void opened() {
			this.openedAt = this.ticker.getAsLong();
		}

		@Override
		boolean closesBefore(Object element, @Nullable Object key) {
			return remaining() <= 0;
		}

		@Override
		boolean closesWithout(boolean timedOut) {
			return remaining() <= 0;
		}

		@Override
		Duration untilClose(Duration atMost) {
			long remaining = Math.max(remaining(), 0);
			return (remaining < atMost.toNanos()) ? Duration.ofNanos(remaining) : atMost;
		}

		private long remaining() {
			return this.openedAt + this.nanos - this.ticker.getAsLong();
		}

	}

	private static final class FunctionTrigger extends WindowTrigger {

		private final WindowFunction<Object> function;

		private @Nullable Object current;

		@SuppressWarnings("unchecked")
		FunctionTrigger(WindowFunction<?> function) {
			this.function = (WindowFunction<Object>) function;
		}

		@Override
		boolean closesBefore(Object element, @Nullable Object key) {
			Object window = windowOf(element);
			boolean closes = !Objects.equals(this.current, window);
			this.current = window;
			return closes;
		}

		@Override
		boolean closesWithout(boolean timedOut) {
			// closes what is open, but it is elements only that windows are runs of
			return timedOut && !Objects.equals(this.current, windowOf(null));
		}

		private @Nullable Object windowOf(@Nullable Object element) {
			try {
				return this.function.windowOf(element);
			}
			finally {
				// only a stop is a stop, whatever the function did with the thread
				Thread.interrupted();
			}
		}

	}

}
