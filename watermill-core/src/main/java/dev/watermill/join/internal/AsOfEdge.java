package dev.watermill.join.internal;

import java.util.Deque;
import java.util.Iterator;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * The join of an element of the parent with the element of the child that is next to it,
 * of those of which something else is equal, or in both directions. Where neither is
 * asked for, {@link BackwardEdge} and {@link ForwardEdge} do it with one candidate.
 * <p>
 * Backward it holds the last complete element of each value; forward and nearest what
 * lies within the tolerance; nearest of all values, the last one before and those behind
 * that had to be looked at.
 */
final class AsOfEdge extends HoldingEdge {

	private final JoinKind.Direction direction;

	/** Whether an equal key counts. */
	private final boolean exact;

	private HeldMatches matches;

	AsOfEdge(Branch child, JoinNode definition, JoinKind.AsOf kind, JoinColumns columns, int node, int maxGroupSize) {
		super(child, definition, columns, node, maxGroupSize);
		this.direction = kind.direction();
		this.exact = kind.exact();
		this.matches = none();
	}

	@Override
	HeldMatches matches() {
		return this.matches;
	}

	@Override
	Answer seek(Page parent, int index) {
		AskedKey key = this.asked;
		key.ask(parent.keys[this.left], index);
		Object by = by(parent, index);
		this.matches = none();
		closeGone();
		Deque<HeldElement> chain = chain(by);
		prune(chain);
		Cursor cursor = this.child.cursor;
		while (!this.over && !isDecided(chain)) {
			if (!cursor.hasNext()) {
				this.over = true;
				break;
			}
			KeyColumn keys = cursor.page.keys[this.right];
			long number = key.number(keys, cursor.index);
			Object right = key.object(keys, cursor.index);
			if (isDecided(chain, number, right)) {
				break;
			}
			if (isGone(key, number, right)) {
				pass();
				continue;
			}
			Answer answer = this.leaf ? Answer.MATCH : this.child.resolve();
			if (answer == Answer.MATCH) {
				prune(take(cursor, number, right));
				chain = chain(by);
			}
			else if (answer == Answer.NONE) {
				this.child.skip(SkipReason.UNMATCHED);
			}
			else {
				this.over = true;
			}
		}
		this.matches = choose(chain);
		return answer(this.matches != none());
	}

	/**
	 * Close what no later key needs since another one of the chain is nearer: those
	 * before the last one on this side.
	 */
	private void prune(@Nullable Deque<HeldElement> chain) {
		if (this.direction == JoinKind.Direction.FORWARD) {
			return;
		}
		while (chain != null && chain.size() > 1) {
			Iterator<HeldElement> elements = chain.iterator();
			HeldElement first = elements.next();
			if (!isBefore(elements.next())) {
				return;
			}
			close(first);
		}
	}

	private boolean isBefore(HeldElement element) {
		int comparison = this.asked.compare(element.number, element.key);
		return comparison < 0 || (comparison == 0 && this.exact);
	}

	private boolean isBehind(HeldElement element) {
		int comparison = this.asked.compare(element.number, element.key);
		// what is equal and counts is before: a tie that goes backward
		return comparison > 0 || (comparison == 0 && this.exact && this.direction == JoinKind.Direction.FORWARD);
	}

	/**
	 * Whether nothing that comes can be nearer than what is held.
	 */
	private boolean isDecided(@Nullable Deque<HeldElement> chain) {
		return this.direction != JoinKind.Direction.BACKWARD && chain != null && !chain.isEmpty()
				&& isBehind(chain.getLast());
	}

	/**
	 * Whether an element with a right key, or any later one, can't be nearer than what is
	 * held.
	 */
	private boolean isDecided(@Nullable Deque<HeldElement> chain, long number, @Nullable Object right) {
		int comparison = this.asked.compare(number, right);
		return switch (this.direction) {
			case BACKWARD -> comparison > 0 || (comparison == 0 && !this.exact);
			case FORWARD -> comparison > 0 && this.asked.isTooFarBehind(number, right);
			case NEAREST ->
				comparison > 0 && (this.asked.isTooFarBehind(number, right) || isNearerBefore(chain, number, right));
		};
	}

	private boolean isNearerBefore(@Nullable Deque<HeldElement> chain, long number, @Nullable Object right) {
		HeldElement first = (chain != null) ? chain.peekFirst() : null;
		return first != null && isBefore(first) && this.asked.compareDistances(first, number, right) <= 0;
	}

	private HeldMatches choose(@Nullable Deque<HeldElement> chain) {
		HeldElement first = (chain != null) ? chain.peekFirst() : null;
		if (chain == null || first == null) {
			return none();
		}
		if (this.direction == JoinKind.Direction.BACKWARD) {
			return first;
		}
		HeldElement ahead = null;
		for (HeldElement element : chain) {
			if (isBehind(element)) {
				ahead = element;
				break;
			}
		}
		if (!isBefore(first) || this.direction == JoinKind.Direction.FORWARD) {
			return (ahead != null) ? ahead : none();
		}
		return (ahead != null && this.asked.compareDistances(first, ahead.number, ahead.key) > 0) ? ahead : first;
	}

	@Override
	boolean isGone(AskedKey key, long number, @Nullable Object right) {
		int comparison = key.compare(number, right);
		if (this.direction == JoinKind.Direction.FORWARD) {
			return comparison < 0 || (comparison == 0 && !this.exact);
		}
		return comparison < 0 && key.isTooFarBefore(number, right);
	}

	@Override
	void releaseMatches() {
		this.matches = none();
	}

}
