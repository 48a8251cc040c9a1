package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import dev.watermill.key.internal.KeyText;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a child that were taken for complete since it was silent. An element that
 * has the key of one, and stands behind the place up to which the child was read by then,
 * is late. Used by one thread.
 * <p>
 * A restart takes the child up before what is held, so it reads again what was in time,
 * and what was late, and has to tell them apart: for each {@linkplain Closing closing}
 * behind which something was late, and for the last one. Those before which the child
 * went on to greater keys, and nothing was late, are of no matter any more.
 */
final class ClosedGroups implements Lateness {

	/** How long a text may be, since a position has little room: the oldest give way. */
	private static final int LONGEST = 1_000;

	/** How many keys are known one by one, so that others between them are not late. */
	private static final int MOST_RUNS = 16;

	private static final char SEPARATOR = '=';

	private static final char LENGTH = ':';

	/** By which keys they are groups: those by other keys were never delivered. */
	private final String description;

	/** In the order of their places. */
	private final List<Closing> closed = new ArrayList<>();

	private int closings;

	/**
	 * Create what is known of groups where their stream is taken up.
	 * @param description how their keys are computed
	 * @param written what {@link #text} returned there, {@code null} if nothing did
	 */
	ClosedGroups(String description, @Nullable String written) {
		// short, since a position has little room
		this.description = Integer.toHexString(description.hashCode());
		if (written != null && written.startsWith(this.description + SEPARATOR)) {
			parse(written.substring(this.description.length() + 1));
		}
	}

	private void parse(String text) {
		String rest = text;
		while (!rest.isEmpty()) {
			String position = first(rest);
			rest = rest.substring(begin(rest) + position.length());
			String keys = first(rest);
			rest = rest.substring(begin(rest) + keys.length());
			if (KeyText.parse(keys) instanceof List<?> parsed) {
				Closing closing = new Closing(parsed, Position.parse(position), true);
				closing.late = !rest.isEmpty();
				this.closed.add(closing);
				this.closings++;
			}
		}
	}

	private static String first(String text) {
		int begin = begin(text);
		return text.substring(begin, begin + Integer.parseInt(text.substring(0, begin - 1)));
	}

	private static int begin(String text) {
		return text.indexOf(LENGTH) + 1;
	}

	/**
	 * Take a group for complete.
	 * @param key its key
	 * @param last the last key that was read of the child, {@code null} if there is none
	 * @param standing where the child stands
	 */
	void close(Object key, @Nullable Object last, @Nullable Position standing) {
		this.closings++;
		Closing before = last();
		if (before != null && before.has(key)) {
			return;
		}
		if (before != null && (last == null || Keys.compare(last, before.greatest()) <= 0)) {
			before.add(key);
			return;
		}
		if (before != null && !before.late) {
			this.closed.remove(before);
		}
		this.closed.add(new Closing(List.of(key, key), (standing != null) ? standing : Position.empty(), false));
	}

	private @Nullable Closing last() {
		return this.closed.isEmpty() ? null : this.closed.get(this.closed.size() - 1);
	}

	/**
	 * Forget them, since keys begin anew.
	 */
	void clear() {
		this.closed.clear();
	}

	@Override
	public int closings() {
		return this.closings;
	}

	@Override
	public boolean isPast(Object key) {
		Closing last = last();
		return last == null || Keys.compare(key, last.greatest()) > 0;
	}

	@Override
	public boolean isLate(Object key, Predicate<Position> before) {
		for (Closing closing : this.closed) {
			if (closing.has(key) && !(closing.formerly && before.test(closing.upTo))) {
				closing.late = true;
				return true;
			}
		}
		return false;
	}

	/**
	 * What a restart has to know.
	 * @return a text, {@code null} if there is nothing to be known
	 */
	@Nullable String text() {
		StringBuilder text = new StringBuilder();
		for (int i = this.closed.size() - 1; i >= 0; i--) {
			String closing = this.closed.get(i).text();
			if (!text.isEmpty() && text.length() + closing.length() > LONGEST) {
				break;
			}
			text.insert(0, closing);
		}
		return text.isEmpty() ? null : this.description + SEPARATOR + text;
	}

	/**
	 * Groups that were taken for complete when the child had been read up to one place.
	 */
	private static final class Closing {

		/**
		 * Their keys: the least and the greatest of each run, from the first run to the
		 * last. A run is one key as long as there are few.
		 */
		private final List<Object> bounds;

		private final Position upTo;

		/** Whether it was before this run, which may read again what was in time. */
		private final boolean formerly;

		/** Whether an element was late for one of them. */
		private boolean late;

		Closing(List<?> bounds, Position upTo, boolean formerly) {
			this.bounds = new ArrayList<>(bounds);
			this.upTo = upTo;
			this.formerly = formerly;
		}

		Object greatest() {
			return this.bounds.get(this.bounds.size() - 1);
		}

		/**
		 * Add a key that is greater than all others.
		 */
		void add(Object key) {
			this.bounds.add(key);
			this.bounds.add(key);
			if (this.bounds.size() > 2 * MOST_RUNS) {
				mergeFirst(this.bounds);
			}
		}

		/**
		 * Make one run of the first two.
		 */
		private static void mergeFirst(List<Object> bounds) {
			bounds.subList(1, 3).clear();
		}

		boolean has(Object key) {
			for (int i = 0; i < this.bounds.size(); i += 2) {
				if (Keys.compare(key, this.bounds.get(i)) >= 0 && Keys.compare(key, this.bounds.get(i + 1)) <= 0) {
					return true;
				}
			}
			return false;
		}

		String text() {
			List<Object> runs = new ArrayList<>(this.bounds);
			String keys = KeyText.format(runs);
			while (keys.length() > LONGEST / 2 && runs.size() > 2) {
				mergeFirst(runs);
				keys = KeyText.format(runs);
			}
			return keys.isEmpty() ? "" : part(String.valueOf(this.upTo)) + part(keys);
		}

		private static String part(String text) {
			return text.length() + String.valueOf(LENGTH) + text;
		}

	}

}
