package dev.watermill.join.internal;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
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

	/**
	 * What has to be equal of what is asked for, and the open elements of which it is.
	 */
	private @Nullable Object by;

	private @Nullable HeldChain chain;

	private HeldMatches matches;

	AsOfEdge(Branch child, JoinNode definition, JoinKind.AsOf kind, JoinColumns columns, int node, int maxGroupSize) {
		super(child, definition, columns, node, false, maxGroupSize);
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
		this.asked.ask(parent.keys[this.left], index);
		Object newBy = by(parent, index);
		this.by = newBy;
		this.matches = none();
		closeGone();
		this.chain = chain(newBy);
		prune(this.chain);
		readOn();
		this.matches = choose(this.chain);
		return answer(this.matches != none());
	}

	@Override
	boolean hasMatch() {
		return choose(this.chain) != none();
	}

	@Override
	void take(Cursor cursor, long number, @Nullable Object right) {
		prune(hold(cursor, number, right));
		if (this.by != null) {
			this.chain = chain(this.by);
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Of one before no other one before is needed.
	 */
	@Override
	boolean replaces(@Nullable HeldChain chain, long number, @Nullable Object right) {
		return this.direction != JoinKind.Direction.FORWARD && chain != null && !chain.isEmpty()
				&& isBefore(number, right);
	}

	/**
	 * Close what no later key needs since another one of the chain is nearer: those
	 * before the last one on this side.
	 */
	private void prune(@Nullable HeldChain chain) {
		if (this.direction == JoinKind.Direction.FORWARD) {
			return;
		}
		while (chain != null && chain.size() > 1) {
			if (!isBefore(chain.get(1))) {
				return;
			}
			close(chain.get(0));
		}
	}

	private boolean isBefore(HeldElement element) {
		return isBefore(element.number, element.key);
	}

	private boolean isBefore(long number, @Nullable Object key) {
		int comparison = this.asked.compare(number, key);
		return comparison < 0 || (comparison == 0 && this.exact);
	}

	private boolean isBehind(HeldElement element) {
		int comparison = this.asked.compare(element.number, element.key);
		// what is equal and counts is before: a tie that goes backward
		return comparison > 0 || (comparison == 0 && this.exact && this.direction == JoinKind.Direction.FORWARD);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Nothing that comes can be nearer than what is held.
	 */
	@Override
	boolean isDecided() {
		HeldChain open = this.chain;
		return this.direction != JoinKind.Direction.BACKWARD && open != null && !open.isEmpty()
				&& isBehind(open.last());
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Neither an element with the right key nor any later one can be nearer than what is
	 * held.
	 */
	@Override
	boolean isEnough(AskedKey key, long number, @Nullable Object right) {
		int comparison = key.compare(number, right);
		return switch (this.direction) {
			case BACKWARD -> comparison > 0 || (comparison == 0 && !this.exact);
			case FORWARD -> comparison > 0 && key.isTooFarBehind(number, right);
			case NEAREST -> comparison > 0 && (key.isTooFarBehind(number, right) || isNearerBefore(number, right));
		};
	}

	private boolean isNearerBefore(long number, @Nullable Object right) {
		HeldElement first = (this.chain != null) ? this.chain.first() : null;
		return first != null && isBefore(first) && this.asked.compareDistances(first, number, right) <= 0;
	}

	private HeldMatches choose(@Nullable HeldChain chain) {
		HeldElement first = (chain != null) ? chain.first() : null;
		if (chain == null || first == null) {
			return none();
		}
		if (this.direction == JoinKind.Direction.BACKWARD) {
			return first;
		}
		HeldElement ahead = null;
		for (int i = 0; i < chain.size() && ahead == null; i++) {
			ahead = isBehind(chain.get(i)) ? chain.get(i) : null;
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
