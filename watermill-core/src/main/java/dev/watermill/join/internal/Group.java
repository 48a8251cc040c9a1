package dev.watermill.join.internal;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;

import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * Elements of one stream with the groups that belong to each below it: all with one key
 * at an edge, or those of a window at the root. The lists it gives out are unmodifiable
 * and stay as they are; the group itself is valid during a delivery only.
 *
 * @since 0.1.0
 */
public final class Group implements Matches {

	private static final Object[] NOTHING = {};

	private static final Group[] NO_GROUPS = {};

	/** Nothing held. */
	static final Group EMPTY = new Group(0);

	private final int edges;

	/**
	 * The elements, once there are several: a single one is where the group starts, which
	 * saves the commonest of groups an array.
	 */
	private Object[] elements = NOTHING;

	private Group[] below = NO_GROUPS;

	private int size;

	private boolean delivered;

	/** Whether a delivery of it failed and was passed over. */
	private boolean failed;

	/** Whether this group is always of one element, above the same groups. */
	private boolean single;

	/** How many elements above, and the edge itself while it is open, hold this group. */
	private int holders;

	private @Nullable Page startPage;

	private int startIndex;

	/** What is to be known of the start when its page is gone. */
	private Page.@Nullable Mark mark;

	private @Nullable Object first;

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
		return Objects.requireNonNull(this.first);
	}

	@Override
	public Group below(int index, int edge) {
		return this.below[index * this.edges + edge];
	}

	@Override
	public List<Object> asList() {
		return new Elements((this.size == 1) ? new Object[] { startElement() } : this.elements, this.size);
	}

	@Override
	public boolean isReused() {
		return this.single;
	}

	@Override
	public boolean isEmpty() {
		return this.size == 0;
	}

	@Override
	public Matches frozen() {
		return frozen(new IdentityHashMap<>());
	}

	private Matches frozen(Map<Group, Matches> shared) {
		Matches known = shared.get(this);
		if (known != null) {
			return known;
		}
		Matches[] frozenBelow = new Matches[this.size * this.edges];
		for (int i = 0; i < frozenBelow.length; i++) {
			frozenBelow[i] = this.below[i].frozen(shared);
		}
		Matches frozen = new FrozenMatches(asList(), frozenBelow, this.edges);
		shared.put(this, frozen);
		return frozen;
	}

	/**
	 * What is known of the first element, of which there has to be one, besides itself.
	 */
	Page.Mark start() {
		if (this.mark == null) {
			this.mark = Objects.requireNonNull(this.startPage).mark(this.startIndex);
		}
		return this.mark;
	}

	/**
	 * Where the first element stands, of which there has to be one.
	 */
	Standing standing() {
		return (this.mark != null) ? this.mark : Objects.requireNonNull(this.startPage).standing(this.startIndex);
	}

	/**
	 * Note what is known of the first element before its page is gone.
	 * @param page the page that goes
	 */
	void keepStart(Page page) {
		if (this.startPage == page) {
			start();
			this.startPage = null;
		}
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
			hold(matched);
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

	private void hold(Edge[] matched) {
		int at = this.size * this.edges;
		if (at == this.below.length) {
			this.below = Arrays.copyOf(this.below, Math.max(this.edges, at * 2));
		}
		for (int i = 0; i < matched.length; i++) {
			Group group = matched[i].open();
			group.holders++;
			this.below[at + i] = group;
		}
	}

	/**
	 * Return a group of always one element, that of {@link #show}, above groups that stay
	 * the same objects; so nothing is held, and nothing has to be released.
	 */
	static Group single(Edge[] edges) {
		Group group = new Group(edges.length);
		group.below = new Group[edges.length];
		for (int i = 0; i < edges.length; i++) {
			group.below[i] = edges[i].open();
		}
		group.size = 1;
		group.single = true;
		return group;
	}

	/**
	 * Show another element as the only one of a single group.
	 */
	void show(Page page, int index) {
		this.first = page.elements[index];
	}

	private void start(Page page, int index) {
		if (this.startPage != page) {
			// mostly it is the same, and a read costs less than a write
			this.startPage = page;
		}
		if (this.mark != null) {
			this.mark = null;
		}
		this.startIndex = index;
		this.first = page.elements[index];
	}

	void hold() {
		this.holders++;
	}

	/**
	 * Let go of this group. With the last holder it counts what was in no delivery.
	 */
	void release(Node node) {
		this.holders--;
		if (this.holders == 0) {
			dispose(node);
		}
	}

	private void dispose(Node node) {
		if (!this.delivered && this.size > 0) {
			node.counters.skipped(this.failed ? SkipReason.FAILED : SkipReason.UNMATCHED).add(this.size);
		}
		if (this.edges > 0) {
			releaseBelow(node);
		}
	}

	private void releaseBelow(Node node) {
		for (int i = 0; i < this.size * this.edges; i++) {
			this.below[i].release(node.edges[i % this.edges].child);
		}
	}

	/**
	 * Make this group as good as new, which nobody else holds.
	 */
	void restart(Node node) {
		dispose(node);
		if (this.size > 1) {
			// they may have been given out, and belong to their lists then
			this.elements = NOTHING;
		}
		this.size = 0;
		this.delivered = false;
		this.failed = false;
	}

	/**
	 * Make another element, which is going to be delivered, the only one of this group,
	 * which nobody else holds, which has nothing below, and which was counted if there
	 * was anything in it.
	 */
	void replace(Page page, int index) {
		start(page, index);
		this.size = 1;
		this.delivered = true;
		this.failed = false;
	}

	/**
	 * Note that the delivery of what a single group shows failed, and is passed over.
	 */
	void fail(Node node) {
		this.failed = true;
		if (this.single) {
			node.counters.skipped(SkipReason.FAILED).increment();
		}
		for (int i = 0; i < this.size * this.edges; i++) {
			Group group = this.below[i];
			if (!group.failed) {
				group.fail(node.edges[i % this.edges].child);
			}
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
		this.delivered = false;
		this.failed = true;
	}

	void markDelivered() {
		if (!this.delivered) {
			// what a single group shows is another element each time
			this.delivered = !this.single;
			if (this.edges > 0) {
				markBelow();
			}
		}
	}

	private void markBelow() {
		for (int i = 0; i < this.size * this.edges; i++) {
			this.below[i].markDelivered();
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
