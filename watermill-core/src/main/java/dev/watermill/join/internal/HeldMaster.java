package dev.watermill.join.internal;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

import dev.watermill.broker.OriginalElement;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * Master elements that windows hold, with the matches of each: consecutive ones, each
 * once, however many windows it is in. They are added at the end and let go at the front,
 * and have numbers that stay the same.
 * <p>
 * Windows are delivered in the order in which they begin, which is that in which they
 * end. So of the elements that the earliest window lets go all were in that one.
 */
final class HeldMaster {

	private static final Object[] NOTHING = {};

	private static final HeldMatches[] NOTHING_BELOW = {};

	private static final long[] NO_NUMBERS = {};

	/** What is larger is not kept for the next windows. */
	private static final int KEPT = 1024;

	private final Branch master;

	private final int edges;

	private Object[] elements = NOTHING;

	/** Their numbers in the stream, of which those without matches are not here. */
	private long[] numbers = NO_NUMBERS;

	private HeldMatches[] below = NOTHING_BELOW;

	/** The elements as they were read, {@code null} where nobody may ask for that. */
	private @Nullable List<OriginalElement> originals;

	/** The number of what would stand at the begin of the arrays. */
	private long base;

	/** The first element that is held. */
	private long first;

	/** Behind the last one. */
	private long end;

	/** Up to where they were in deliveries. */
	private final DeliveredMarks marks = new DeliveredMarks();

	/** Behind the last one that was in one that failed and is in the dead letters. */
	private long deadLetteredTo;

	/** Whether others have lists that show the array of elements. */
	private boolean shown;

	HeldMaster(Branch master) {
		this.master = master;
		this.edges = master.edges.length;
	}

	/**
	 * The number of the next element.
	 */
	long end() {
		return this.end;
	}

	int edges() {
		return this.edges;
	}

	Object get(long number) {
		return this.elements[(int) (number - this.base)];
	}

	/**
	 * The number of an element in its stream.
	 */
	long number(long number) {
		return this.numbers[(int) (number - this.base)];
	}

	HeldMatches below(long number, int edge) {
		return this.below[(int) (number - this.base) * this.edges + edge];
	}

	/**
	 * Add the current element of the master with the matches that were found.
	 * @param keepOriginal whether it may be asked how it was read
	 */
	void add(boolean keepOriginal) {
		Cursor cursor = this.master.cursor;
		int at = (int) (this.end - this.base);
		if (at == this.elements.length) {
			at = makeRoom();
		}
		this.elements[at] = cursor.page.elements[cursor.index];
		this.numbers[at] = cursor.number();
		for (int i = 0; i < this.edges; i++) {
			HeldMatches matches = this.master.edges[i].matches();
			matches.hold();
			this.below[at * this.edges + i] = matches;
		}
		if (keepOriginal) {
			if (this.originals == null) {
				this.originals = new ArrayList<>();
			}
			this.originals.add(cursor.original());
		}
		this.end++;
	}

	/**
	 * Make room for one more element.
	 * @return where
	 */
	private int makeRoom() {
		int held = (int) (this.end - this.first);
		int skipped = (int) (this.first - this.base);
		// moved to the front, if that is room enough
		int length = Math.max(8, (held > this.elements.length / 2) ? this.elements.length * 2 : this.elements.length);
		Object[] roomier = new Object[length];
		System.arraycopy(this.elements, skipped, roomier, 0, held);
		this.elements = roomier;
		long[] roomierNumbers = new long[length];
		System.arraycopy(this.numbers, skipped, roomierNumbers, 0, held);
		this.numbers = roomierNumbers;
		this.shown = false;
		if (this.edges > 0) {
			HeldMatches[] roomierBelow = new HeldMatches[length * this.edges];
			System.arraycopy(this.below, skipped * this.edges, roomierBelow, 0, held * this.edges);
			this.below = roomierBelow;
		}
		this.base = this.first;
		return held;
	}

	/**
	 * Note that a window was delivered.
	 * @param from its first element
	 * @param to behind its last one
	 * @param commits the number of the last commit before it
	 */
	void delivered(long from, long to, int commits) {
		for (long number = Math.max(from, this.marks.to()); number < to && this.edges > 0; number++) {
			for (int i = 0; i < this.edges; i++) {
				below(number, i).markDelivered(commits);
			}
		}
		this.marks.delivered(to, commits);
	}

	/**
	 * Note that the delivery of a window failed and is passed over.
	 * @param from its first element
	 * @param to behind its last one
	 * @param deadLettered whether its elements are in the dead letters
	 */
	void failed(long from, long to, boolean deadLettered) {
		for (long number = Math.max(from, this.marks.failedTo()); number < to && this.edges > 0; number++) {
			for (int i = 0; i < this.edges; i++) {
				below(number, i).fail(this.master.edges[i].child);
			}
		}
		this.marks.failed(to);
		if (deadLettered) {
			this.deadLetteredTo = to;
		}
	}

	/**
	 * Let go of elements that are in no window any more, and count them.
	 * @param to the first one that is still needed
	 */
	void release(long to) {
		StreamAccount account = this.master.account;
		long delivered = Math.min(to, this.marks.to());
		for (long number = Math.max(this.first, this.marks.before()); number < delivered; number++) {
			account.letGoDelivered(this.numbers[(int) (number - this.base)], 1, this.marks.in());
		}
		for (long number = Math.max(this.first, delivered); number < to; number++) {
			account.letGo(this.numbers[(int) (number - this.base)], 1, SkipReason.FAILED, number < this.deadLetteredTo);
		}
		for (long number = this.first; number < to && this.edges > 0; number++) {
			for (int i = 0; i < this.edges; i++) {
				int at = (int) (number - this.base) * this.edges + i;
				this.below[at].release(this.master.edges[i].child);
				this.below[at] = Group.EMPTY;
			}
		}
		int index = (int) (this.first - this.base);
		if (!this.shown) {
			Arrays.fill(this.elements, index, (int) (to - this.base), null);
		}
		if (this.originals != null) {
			this.originals.subList(0, (int) (to - this.first)).clear();
		}
		this.first = to;
		if (to == this.end) {
			startAnew();
		}
	}

	private void startAnew() {
		int length = (this.elements.length > KEPT) ? 0 : this.elements.length;
		if (this.numbers.length != length) {
			this.numbers = new long[length];
		}
		if (this.shown || length == 0) {
			this.elements = new Object[length];
			this.shown = false;
		}
		if (length == 0) {
			this.below = NOTHING_BELOW;
		}
		this.base = this.first;
	}

	/**
	 * Return elements as a list, which stays as it is.
	 * @param from the first of them
	 * @param to behind the last one
	 */
	List<Object> asList(long from, long to) {
		this.shown = true;
		return new Elements(this.elements, (int) (from - this.base), (int) (to - from));
	}

	/**
	 * Return elements as they were read.
	 * @param from the first of them
	 * @param to behind the last one
	 */
	List<OriginalElement> originals(long from, long to) {
		List<OriginalElement> known = this.originals;
		return (known != null) ? List.copyOf(known.subList((int) (from - this.first), (int) (to - this.first)))
				: List.of();
	}

	private static final class Elements extends AbstractList<Object> implements RandomAccess {

		private final Object[] elements;

		private final int from;

		private final int size;

		Elements(Object[] elements, int from, int size) {
			this.elements = elements;
			this.from = from;
			this.size = size;
		}

		@Override
		public Object get(int index) {
			if (index < 0 || index >= this.size) {
				throw new IndexOutOfBoundsException("Index " + index + " of " + this.size + " elements");
			}
			return this.elements[this.from + index];
		}

		@Override
		public int size() {
			return this.size;
		}

	}

}
