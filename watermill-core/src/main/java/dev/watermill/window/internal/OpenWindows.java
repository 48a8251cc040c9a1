package dev.watermill.window.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

import dev.watermill.join.JoinTree;
import dev.watermill.join.internal.HeldWindow;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.stream.StreamException;
import dev.watermill.window.WindowPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one lane: which are open, what each holds, and which are due, that is
 * complete and to be delivered, in the order of their ends. Takes notice of every master
 * element, matched or not, since each may end windows; those that have their matches go
 * into the windows that they belong to, none or several. Whoever drives it asks for
 * {@link #due()} after each step, until there is none. Used by one thread.
 *
 * @since 0.1.0
 */
public abstract sealed class OpenWindows permits RunWindows, HoppingWindows {

	private final MergeJoin merge;

	private final Deque<Window> free = new ArrayDeque<>();

	OpenWindows(MergeJoin merge) {
		this.merge = merge;
	}

	/**
	 * Return the windows for a policy, none of which is open.
	 * @param policy how windows are cut
	 * @param tree what is joined
	 * @param merge holds what is in the windows
	 * @param maxSize how many elements a window may have
	 * @param delivered what {@link #delivered()} answered at the place where the streams
	 * are taken up, {@code null} if they begin anew
	 * @param ticker the clock, in nanoseconds
	 * @return the windows
	 * @throws IllegalArgumentException if there are to be no windows
	 */
	public static OpenWindows of(WindowPolicy policy, JoinTree tree, MergeJoin merge, int maxSize,
			@Nullable String delivered, LongSupplier ticker) {
		if (policy instanceof WindowPolicy.Hopping hopping) {
			return new HoppingWindows(hopping, tree, merge, maxSize, delivered);
		}
		return new RunWindows(WindowTrigger.of(policy, ticker), tree, merge, maxSize);
	}

	/**
	 * Say that one more element would be one too many.
	 */
	static StreamException tooLarge(JoinTree tree, MergeJoin merge, int maxSize) {
		return new StreamException(tree.nodes().get(0).stream(),
				"at " + merge.current().origin() + ": the open window has more than " + maxSize
						+ " elements. Choose smaller windows, or raise max-window-size.",
				null);
	}

	/**
	 * The merge has come to its next master element. May be called again if it threw.
	 */
	public abstract void arrived();

	/**
	 * Put the current master element, which has its matches, into its windows.
	 * @throws dev.watermill.stream.StreamException if one of them is too large
	 */
	public abstract void add();

	/**
	 * No master element came, for a while. May be called again if it threw.
	 * @param pollTimedOut whether for as long as the poll time-out
	 */
	public abstract void waited(boolean pollTimedOut);

	/**
	 * A stream is silent, and windows go on without what it may bring.
	 * @param master whether it is the master's, so that no element waits for its matches
	 * @return whether those that are due are closed for what it brings later
	 */
	public abstract boolean silent(boolean master);

	/**
	 * No master element comes any more.
	 */
	public abstract void end();

	/**
	 * Return the window that is to be delivered next.
	 * @return the window, {@code null} if none is due
	 */
	public abstract @Nullable Window due();

	/**
	 * Let the window that is due be no window that is open any more. It holds its
	 * elements until it is released.
	 */
	public abstract void take();

	/**
	 * Let go of what the window holds that was taken first, and has been delivered.
	 * @param window the window
	 */
	public void release(Window window) {
		this.merge.windows().release(window.elements());
		this.free.add(window);
	}

	/**
	 * Return a window for one element after another.
	 * @param merge holds what is in it
	 * @return the window, which has no key
	 */
	public static Window ofOne(MergeJoin merge) {
		return new Window(merge.windows().newWindow());
	}

	/**
	 * Return a window that holds nothing.
	 */
	final Window newWindow() {
		return this.free.isEmpty() ? new Window(this.merge.windows().newWindow()) : this.free.remove();
	}

	/**
	 * What a restart has to know of windows that were delivered, besides the first
	 * element that is held: others may hold it, too.
	 * @return a text, {@code null} if there is nothing to be known
	 */
	public @Nullable String delivered() {
		return null;
	}

	/**
	 * How long the open windows can be left alone.
	 * @param atMost the longest that anyone wants to wait
	 * @return a duration of at most that
	 */
	public abstract Duration untilDue(Duration atMost);

	/**
	 * How many elements the open windows have.
	 * @return the number
	 */
	public abstract int size();

	/**
	 * A window that is open, or is to be delivered. Used by one thread.
	 */
	public static final class Window {

		private final HeldWindow elements;

		private @Nullable Object key;

		private @Nullable Object end;

		/** Behind how many marks it was opened. */
		private int segment;

		Window(HeldWindow elements) {
			this.elements = elements;
		}

		/**
		 * The master elements that it holds, with their matches.
		 * @return the elements
		 */
		public HeldWindow elements() {
			return this.elements;
		}

		/**
		 * The key of the window: the one that its elements share, its start, or that of
		 * its first element.
		 * @return the normal form of the key, {@code null} if windows are not made by key
		 */
		public @Nullable Object key() {
			return this.key;
		}

		/**
		 * Where the window ends: behind its keys if it is a hopping one, else the key of
		 * its last element.
		 * @return the normal form of that key, {@code null} if windows are not made by
		 * key
		 */
		public @Nullable Object end() {
			return this.end;
		}

		void begin(@Nullable Object newKey) {
			this.key = newKey;
			this.end = newKey;
		}

		void segment(int newSegment) {
			this.segment = newSegment;
		}

		int segment() {
			return this.segment;
		}

		void end(@Nullable Object newEnd) {
			this.end = newEnd;
		}

		boolean isEmpty() {
			return this.elements.isEmpty();
		}

	}

}
