package dev.watermill.join.internal;

import java.util.HashMap;
import java.util.Map;

import dev.watermill.join.JoinNode;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * A join whose elements of the parent have overlapping matches, or matches in another
 * order than their own: so elements of the child are held one by one, each once, in the
 * order of the stream ({@link HeldElements}).
 * <p>
 * An element is <em>open</em> as long as the edge itself may need it for a later element
 * of the parent. It is counted, and gone, when nobody above holds it either. Open
 * elements are in chains, one for each value of what has to be equal besides, each in the
 * order of the stream; they are closed from the front of their chain only. So nothing is
 * searched but a chain's ends.
 */
abstract class HoldingEdge extends DistanceEdge {

	private final EqualValues equal;

	private final int maxGroupSize;

	private final HeldElements held;

	private final Map<Object, HeldChain> chains = new HashMap<>();

	/** The only chain, where nothing has to be equal besides. */
	private final HeldChain only = new HeldChain();

	/** What an element without a match has. */
	private final HeldMatches none;

	/** The first open one, {@code null} if there is none, and how many there are. */
	private @Nullable HeldElement oldest;

	private int open;

	/** The greatest key that was taken, and whether one was. */
	private long lastNumber;

	private @Nullable Object lastKey;

	private boolean taken;

	HoldingEdge(Branch child, JoinNode definition, JoinColumns columns, int node, boolean reusable, int maxGroupSize) {
		super(child, definition, columns.left(node), columns.right(node), columns.isPrimitive(node));
		this.held = new HeldElements(reusable);
		this.equal = new EqualValues(definition, child, columns.leftBy(node), columns.rightBy(node));
		this.maxGroupSize = maxGroupSize;
		this.none = new Group(child.edges.length);
		this.none.hold();
	}

	/**
	 * Whether neither a left key nor a greater one can have a right key for a match.
	 */
	abstract boolean isGone(AskedKey key, long number, @Nullable Object right);

	@Override
	final boolean isUseless(AskedKey key, long number, @Nullable Object right) {
		return isGone(key, number, right);
	}

	@Override
	final HeldElements held() {
		return this.held;
	}

	@Override
	boolean matchesStayOne() {
		return false;
	}

	final HeldMatches none() {
		return this.none;
	}

	/**
	 * What has to be equal of an element of the parent.
	 */
	final Object by(Page parent, int index) {
		return this.equal.left(parent, index);
	}

	/**
	 * The open elements of which that is equal, {@code null} if there are none.
	 */
	final @Nullable HeldChain chain(Object by) {
		return isOfAll() ? this.only : this.chains.get(by);
	}

	/**
	 * Whether nothing has to be equal besides.
	 */
	final boolean isOfAll() {
		return this.equal.areNone();
	}

	/**
	 * Whether an element was taken, with the greatest key that was.
	 */
	final boolean hasTaken() {
		return this.taken;
	}

	final long lastNumber() {
		return this.lastNumber;
	}

	/**
	 * Close what neither the key that is asked for nor a later one needs.
	 */
	final void closeGone() {
		HeldElement first = this.oldest;
		while (first != null && isGone(this.asked, first.number, first.key)) {
			close(first);
			first = this.oldest;
		}
	}

	/**
	 * Close the first element of a chain.
	 */
	final void close(HeldElement element) {
		HeldChain chain = chain(element.by);
		if (chain == null || chain.first() != element) {
			throw new IllegalStateException("Not the first of its chain");
		}
		chain.removeFirst();
		if (chain.isEmpty() && !isOfAll()) {
			this.chains.remove(element.by);
		}
		element.open = false;
		this.open--;
		if (this.oldest == element) {
			HeldElement next = element.next;
			while (next != null && !next.open) {
				next = next.next;
			}
			this.oldest = next;
		}
		element.release(this.child);
	}

	/**
	 * Say that one more element would be one too many.
	 */
	static StreamException tooMany(Branch child, int maxGroupSize) {
		return new StreamException(child.stream,
				"at " + child.cursor.page.origin(child.cursor.index) + ": more than " + maxGroupSize
						+ " elements are held that may match what comes next. Join by a smaller distance, or "
						+ "raise max-group-size.",
				null);
	}

	/**
	 * Whether an element goes into the place of another one of its chain.
	 */
	boolean replaces(@Nullable HeldChain chain, long number, @Nullable Object right) {
		return false;
	}

	/**
	 * Hold the element at which the child stands, and go on behind it.
	 * @return its chain
	 */
	final HeldChain hold(Cursor cursor, long number, @Nullable Object right) {
		Object by = this.equal.right(cursor.page, cursor.index);
		if (this.open >= this.maxGroupSize && !replaces(chain(by), number, right)) {
			throw tooMany(this.child, this.maxGroupSize);
		}
		HeldElement element = this.held.take();
		element.number = number;
		element.key = right;
		element.by = by;
		element.begin(cursor.page, cursor.index, this.child.edges);
		element.hold();
		this.held.add(element);
		HeldChain chain = isOfAll() ? this.only : this.chains.computeIfAbsent(by, (any) -> new HeldChain());
		chain.add(element);
		this.open++;
		if (this.oldest == null) {
			this.oldest = element;
		}
		this.lastNumber = number;
		this.lastKey = right;
		this.taken = true;
		cursor.advance();
		return chain;
	}

	final Answer answer(boolean matches) {
		return answer(matches, this.open == 0);
	}

	@Override
	final boolean isKnownOver(Page parent, int index) {
		if (!this.required || !isEndKnown()) {
			return false;
		}
		if (this.open > 0) {
			this.probe.ask(parent.keys[this.left], index);
		}
		return isNothingLeft();
	}

	private boolean isNothingLeft() {
		return this.open == 0 || !this.taken || isGone(this.probe, this.lastNumber, this.lastKey);
	}

	@Override
	final boolean isSeenOver(Cursor parent) {
		if (!this.required) {
			return false;
		}
		Object least = parent.leastKey(this.left);
		if (least == null) {
			return this.open == 0 && isEndSeen();
		}
		this.probe.ask(least);
		return isNothingLeft() && isNothingSeen();
	}

	/**
	 * Let go of the matches of the element of the parent that was asked for last.
	 */
	abstract void releaseMatches();

	@Override
	final void release() {
		releaseMatches();
		while (this.oldest != null) {
			close(this.oldest);
		}
	}

}
