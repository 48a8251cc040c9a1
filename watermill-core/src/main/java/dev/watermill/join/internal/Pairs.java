package dev.watermill.join.internal;

import org.jspecify.annotations.Nullable;

/**
 * The commonest of merges, a master with one child of which the first match is asked for,
 * as long as it is a run of pairs: each master element with a key of its own, and the
 * very next element of the child its match. Where a run ends, before the last key of a
 * page at the latest, {@link Edge} goes on.
 */
final class Pairs {

	private final Cursor parent;

	private final Edge edge;

	private final Cursor child;

	private Pairs(Cursor parent, Edge edge) {
		this.parent = parent;
		this.edge = edge;
		this.child = edge.child.cursor;
	}

	/**
	 * Return what merges runs of pairs.
	 * @param master the master, with its edges
	 * @return an object, {@code null} if the tree has no such runs
	 */
	static @Nullable Pairs of(Node master) {
		return (master.edges.length == 1 && master.edges[0].isPlain()) ? new Pairs(master.cursor, master.edges[0])
				: null;
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
		Group match = this.edge.open();
		int size = Math.min(parent.limit, parent.index + child.limit - child.index);
		int distance = child.index - parent.index;
		long previous = this.edge.openKey();
		for (int i = parent.index; i < size && left[i] > previous && left[i] == right[i + distance]; i++) {
			previous = left[i];
			this.edge.open(previous);
			match.replace(children, i + distance);
			child.index = i + distance + 1;
			single.show(parents, i);
			boolean goesOn = consumer.matched();
			parent.index = i + 1;
			if (!single.markShown()) {
				match.markFailed();
				return goesOn;
			}
			if (!goesOn) {
				return false;
			}
		}
		return true;
	}

}
