package dev.watermill.join.internal;

import org.jspecify.annotations.Nullable;

/**
 * The commonest of merges, a master with one child of which the first match is asked for,
 * as long as it is a run of pairs: each master element with a key of its own, and the
 * very next element of the child its match. Where a run ends, before the last key of a
 * page at the latest, {@link EqualEdge} goes on.
 */
final class Pairs {

	private final Cursor parent;

	private final EqualEdge edge;

	private final Cursor child;

	private Pairs(Cursor parent, EqualEdge edge) {
		this.parent = parent;
		this.edge = edge;
		this.child = edge.child.cursor;
	}

	/**
	 * Return what merges runs of pairs.
	 * @param master the master, with its edges
	 * @return an object, {@code null} if the tree has no such runs
	 */
	static @Nullable Pairs of(Branch master) {
		return (master.edges.length == 1 && master.edges[0] instanceof EqualEdge edge && edge.isPlain())
				? new Pairs(master.cursor, edge) : null;
	}

	/**
	 * Show the pairs, if any, behind a master element that was delivered with its match.
	 * @param single the group that shows them
	 * @param consumer is given each pair
	 * @return whether to go on
	 */
	boolean run(Group single, MatchConsumer consumer) {
		// all that stays the same in a run is at hand, since this is done for every
		// element
		Cursor parent = this.parent;
		Cursor child = this.child;
		Page parents = parent.page;
		Page children = child.page;
		long[] left = this.edge.leftKeys(parents);
		long[] right = this.edge.rightKeys(children);
		EqualEdge edge = this.edge;
		int end = Math.min(parent.limit, parent.index + child.limit - child.index);
		int distance = child.index - parent.index;
		long previous = edge.askedKey();
		for (int i = parent.index; i < end && left[i] > previous && left[i] == right[i + distance]; i++) {
			previous = left[i];
			edge.matchNext(previous, children, i + distance);
			child.advance();
			single.show(parents, i);
			boolean goesOn = consumer.matched();
			parent.advance();
			if (!single.markShown()) {
				edge.matches().markFailed();
				return goesOn;
			}
			if (!goesOn) {
				return false;
			}
		}
		return true;
	}

}
