package dev.watermill.join.internal;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

import org.jspecify.annotations.Nullable;

/**
 * Elements of one stream, with the matches of each below it, that are found together and
 * let go together: all with one key at an edge; or one master element after another.
 */
final class Group extends StartedMatches {

	private static final Object[] NOTHING = {};

	private static final HeldMatches[] NOTHING_BELOW = {};

	private static final long[] NO_NUMBERS = {};

	/** Nothing held. */
	static final Group EMPTY = new Group(0);

	private final int edges;

	/**
	 * The elements, once there are several: a single one is where the group starts, which
	 * saves the commonest of groups an array.
	 */
	private Object[] elements = NOTHING;

	private HeldMatches[] below = NOTHING_BELOW;

	private int size;

	/**
	 * The numbers of the elements, where others may stand between them since they lacked
	 * matches below.
	 */
	private long[] numbers = NO_NUMBERS;

	/** After which commit it was delivered, 0 if it was not. */
	private int deliveredIn;

	/** Whether a delivery of it failed and was passed over. */
	private boolean failed;

	/** Whether this group is always of one element. */
	private boolean single;

	/**
	 * The edges below a single group whose matches are not the same objects all the time.
	 */
	private Edge @Nullable [] changing;

	/** The first element, unless it is one that a run is at. */
	private @Nullable Object first;

	/** Along which elements a run goes, and at which of them it is. */
	private Object[] along = NOTHING;

	private int at;

	Group(int edges) {
		this.edges = edges;
	}

	@Override
	public int size() {
		return this.size;
	}

	@Override
	public Object get(int index) {
		return (index == 0) ? startElement() : this.elements[index];
	}

	private Object startElement() {
		Object alone = this.first;
		return (alone != null) ? alone : this.along[this.at];
	}

	@Override
	public long number(int index) {
		return this.single ? 0 : this.numbers[index];
	}

	@Override
	public HeldMatches below(int index, int edge) {
		return this.below[index * this.edges + edge];
	}

	@Override
	public List<Object> asList() {
		return new Elements((this.size == 1) ? new Object[] { startElement() } : this.elements, this.size);
	}

	@Override
	public boolean isReused() {
		return this.single && this.changing == null;
	}

	@Override
	public boolean isEmpty() {
		return this.size == 0;
	}

	@Override
	int edges() {
		return this.edges;
	}

	void add(Page page, int index, Edge[] matched) {
		int at = this.size;
		if (at == 0) {
			start(page, index);
		}
		else {
			if (at >= this.elements.length) {
				grow();
			}
			this.elements[at] = page.elements[index];
		}
		if (matched.length > 0) {
			hold(page.number + index, matched);
		}
		this.size = at + 1;
	}

	private void grow() {
		if (this.size == 1) {
			this.elements = new Object[] { startElement(), null };
		}
		else {
			this.elements = Arrays.copyOf(this.elements, this.size * 2);
		}
	}

	private void hold(long number, Edge[] matched) {
		if (this.size == this.numbers.length) {
			this.numbers = Arrays.copyOf(this.numbers, Math.max(1, this.size * 2));
		}
		this.numbers[this.size] = number;
		int at = this.size * this.edges;
		if (at == this.below.length) {
			this.below = Arrays.copyOf(this.below, Math.max(this.edges, at * 2));
		}
		for (int i = 0; i < matched.length; i++) {
			HeldMatches matches = matched[i].matches();
			matches.hold();
			this.below[at + i] = matches;
		}
	}

	/**
	 * Return a group of always one element, that of {@link #show}, above the matches that
	 * the edges have then; so nothing is held, and nothing has to be released.
	 */
	static Group single(Edge[] edges) {
		Group group = new Group(edges.length);
		group.below = new HeldMatches[edges.length];
		for (int i = 0; i < edges.length; i++) {
			group.below[i] = edges[i].matches();
			if (!edges[i].matchesStayOne()) {
				group.changing = edges;
			}
		}
		group.size = 1;
		group.single = true;
		return group;
	}

	/**
	 * Show another element as the only one of a single group.
	 */
	void show(Object element) {
		this.first = element;
		if (this.changing != null) {
			for (int i = 0; i < this.changing.length; i++) {
				this.below[i] = this.changing[i].matches();
			}
		}
	}

	private void start(Page page, int index) {
		startsOn(page);
		startsAt(index);
		this.first = page.elements[index];
	}

	@Override
	void dispose(Branch branch) {
		if (this.edges > 0) {
			for (int i = 0; i < this.size; i++) {
				branch.account.letGoHeld(this.numbers[i], 1, this.deliveredIn, this.failed);
			}
			releaseBelow(branch);
		}
		else if (this.size > 0) {
			branch.account.letGoHeld(number(), this.size, this.deliveredIn, this.failed);
		}
	}

	private void releaseBelow(Branch branch) {
		for (int i = 0; i < this.size * this.edges; i++) {
			this.below[i].release(branch.edges[i % this.edges].child);
		}
	}

	/**
	 * Make this group as good as new, which nobody else holds.
	 */
	void restart(Branch branch) {
		dispose(branch);
		if (this.size > 1) {
			// they may have been given out, and belong to their lists then
			this.elements = NOTHING;
		}
		this.size = 0;
		this.deliveredIn = 0;
		this.failed = false;
	}

	/**
	 * Begin a run along elements, of which this group, which nobody else holds, is going
	 * to have or to show one after another by its index. Not by itself: to write a
	 * reference into an object that has been there for long costs a fence with the
	 * collector that is the default, which is much for a delivery.
	 */
	void beginRun(Object[] elements) {
		this.along = elements;
	}

	/**
	 * Let go of the elements along which a run went, but for the one that it came to.
	 */
	void endRun() {
		if (this.first == null && this.size > 0) {
			this.first = this.along[this.at];
		}
		this.along = NOTHING;
	}

	/**
	 * Go on to another element of the run.
	 */
	void goOn(int index) {
		if (this.first != null) {
			this.first = null;
		}
		this.at = index;
	}

	/**
	 * Make another element of the run and of the page, which is going to be delivered,
	 * the only one of this group in place of one that was and did not fail. It has
	 * nothing below.
	 */
	void replace(int index) {
		startsAt(index);
		goOn(index);
		this.size = 1;
	}

	/**
	 * Make this group empty of the element that was {@linkplain #replace put} there and
	 * delivered.
	 */
	void replaceByNone() {
		this.size = 0;
	}

	@Override
	void fail(Branch branch) {
		if (this.failed) {
			return;
		}
		this.failed = true;
		for (int i = 0; i < this.size * this.edges; i++) {
			this.below[i].fail(branch.edges[i % this.edges].child);
		}
	}

	/**
	 * Whether the delivery of what a single group shows did not fail. Asked once for
	 * each.
	 */
	boolean markShown() {
		if (this.failed) {
			this.failed = false;
			return false;
		}
		return true;
	}

	/**
	 * Note that the only delivery of this group failed.
	 */
	void markFailed() {
		this.deliveredIn = 0;
		this.failed = true;
	}

	/**
	 * Note that the only delivery of this group succeeded, or that it is not known yet
	 * whether it does.
	 * @param commits the number of the last commit before it, 0 if it did not so far
	 */
	void deliveredIn(int commits) {
		this.deliveredIn = commits;
	}

	@Override
	void markDelivered(int commits) {
		if (this.deliveredIn == 0) {
			// what a single group shows is another element each time
			this.deliveredIn = this.single ? 0 : commits;
			if (this.edges > 0) {
				markBelow(commits);
			}
		}
	}

	private void markBelow(int commits) {
		for (int i = 0; i < this.size * this.edges; i++) {
			this.below[i].markDelivered(commits);
		}
	}

	private static final class Elements extends AbstractList<Object> implements RandomAccess {

		private final Object[] elements;

		private final int size;

		Elements(Object[] elements, int size) {
			this.elements = elements;
			this.size = size;
		}

		@Override
		public Object get(int index) {
			if (index >= this.size) {
				throw new IndexOutOfBoundsException("Index " + index + " of " + this.size + " elements");
			}
			return this.elements[index];
		}

		@Override
		public int size() {
			return this.size;
		}

	}

}
