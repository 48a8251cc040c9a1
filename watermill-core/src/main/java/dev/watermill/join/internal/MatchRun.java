package dev.watermill.join.internal;

import org.jspecify.annotations.Nullable;

/**
 * Master elements, one behind the other, that are known to have their matches, so that
 * nobody waits between them and whoever takes them can {@linkplain #next() go on} by
 * itself. Used by the thread that merges.
 */
abstract class MatchRun {

	/**
	 * Return what finds runs of a master.
	 * @param master the master, with its edges
	 * @return an object, {@code null} if the tree has no such runs
	 */
	static @Nullable MatchRun of(Branch master) {
		Edge only = (master.edges.length == 1) ? master.edges[0] : null;
		if (only instanceof EqualEdge edge && edge.isPlain()) {
			return new Pairs(master.cursor, edge);
		}
		if (only instanceof BackwardEdge edge && edge.isReusable()) {
			return new LastPairs(master.cursor, edge);
		}
		if (only instanceof NearEdge edge) {
			return new NearRun(master.cursor, edge);
		}
		return (master.edges.length > 0) ? new SoughtRun(master) : null;
	}

	/**
	 * Go along a run behind a master element that was delivered, as far as there is a
	 * shorter way than from one element to the next.
	 * @param single the group that shows the elements
	 * @param consumer is given each to which it does not {@linkplain #next() go on} by
	 * itself
	 * @return whether to go on
	 */
	boolean run(Group single, MatchConsumer consumer) {
		return true;
	}

	/**
	 * How many elements follow in the run on the one that is shown.
	 * @param most how many of them matter
	 * @return the number, 0 if there is no run
	 */
	abstract int ahead(int most);

	/**
	 * Go on to the next element, which is known to follow, behind one whose delivery
	 * succeeded.
	 * @param single the group that shows the elements
	 */
	abstract void next(Group single);

}
