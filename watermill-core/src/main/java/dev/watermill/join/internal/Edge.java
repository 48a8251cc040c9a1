package dev.watermill.join.internal;

import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import org.jspecify.annotations.Nullable;

/**
 * The join of a parent stream with a child stream: a streaming merge that follows the
 * parent, element by element, with the elements of the child that match it. Which these
 * are is up to the kind of the edge, as is what it holds of the child.
 * <p>
 * <b>Over</b>: an edge is over for an element of the parent if neither this element nor
 * any later one has a match any more; then the parent has nothing more to give, and its
 * own edge can be over, too, and so on up the tree. There are three ways to find out,
 * which differ only in what they do for it: {@link #seek} waits for the child,
 * {@link #isKnownOver} asks nobody, and {@link #isSeenOver} reads what is there. An edge
 * without which the parent is complete is never over.
 * <p>
 * The classes of edges are few and final, and a mill mostly uses one of them, so the
 * compiler sees through these calls.
 */
abstract class Edge {

	final Branch child;

	/**
	 * The column of the left key among the parent's, of the right key among the child's.
	 */
	final int left;

	final int right;

	/** Whether an element of the parent needs a match here. */
	final boolean required;

	Edge(Branch child, int left, int right, boolean required) {
		this.child = child;
		this.required = required;
		this.left = left;
		this.right = right;
	}

	/**
	 * Return an edge.
	 * @param child the child, with the edges below it
	 * @param node the index of the child in the tree
	 * @param reusable whether nothing but the edge holds matches beyond the next element
	 * of the parent
	 */
	static Edge of(Branch child, JoinTree tree, JoinColumns columns, int node, boolean reusable) {
		JoinNode definition = tree.nodes().get(node);
		int left = columns.left(node);
		int right = columns.right(node);
		boolean primitive = columns.isPrimitive(node);
		if (definition.kind() instanceof JoinKind.Within) {
			boolean plain = reusable && primitive && child.edges.length == 0 && columns.leftBy(node) < 0;
			return plain ? new NearEdge(child, definition, left, right, tree.maxGroupSize())
					: new WithinEdge(child, definition, columns, node, reusable, tree.maxGroupSize());
		}
		if (definition.kind() instanceof JoinKind.AsOf asOf) {
			if (asOf.by() != null || asOf.direction() == JoinKind.Direction.NEAREST) {
				return new AsOfEdge(child, definition, asOf, columns, node, tree.maxGroupSize());
			}
			return (asOf.direction() == JoinKind.Direction.BACKWARD)
					? new BackwardEdge(child, definition, asOf, left, right, primitive, reusable)
					: new ForwardEdge(child, definition, asOf, left, right, primitive, reusable);
		}
		return new EqualEdge(child, definition, left, right, primitive, reusable, tree.maxGroupSize());
	}

	/**
	 * Go on to the matches of an element of the parent, which is the one asked for last
	 * or a later one: passes over the elements of the child that no later one can match,
	 * waiting for the child as long as it takes. Elements of the parent may be left out.
	 * @param parent the page of the parent's element
	 * @param index its index
	 * @return whether it has what it needs at this edge; {@link #matches()} has the
	 * matches then
	 */
	abstract Answer seek(Page parent, int index);

	/**
	 * The left keys of a page of the parent, if they are longs.
	 */
	final long[] leftKeys(Page parent) {
		return parent.keys[this.left].primitives();
	}

	/**
	 * The right keys of a page of the child, if they are longs.
	 */
	final long[] rightKeys(Page page) {
		return page.keys[this.right].primitives();
	}

	/**
	 * How many elements of the parent, one behind the other, have what they need at this
	 * edge, as is known at once. No reader is asked when these are sought.
	 * @param parent the page of the elements
	 * @param first the index of the first of them
	 * @param end the index behind the last of them
	 * @return the number of them that are known, from the first on
	 */
	int ahead(Page parent, int first, int end) {
		return 0;
	}

	/**
	 * Whether the element that is asked for has what it needs as it is, if nothing more
	 * comes of the child for now.
	 */
	final boolean isContent() {
		return !this.required || hasMatch();
	}

	/**
	 * Whether a match was found of the element that is asked for.
	 */
	abstract boolean hasMatch();

	/**
	 * The matches of the element that was asked for last, as far as they were found; they
	 * are empty where it has none. What the edge needs for later elements of the parent
	 * is not before the first of them, unless elements are {@linkplain #held() held one
	 * by one}.
	 */
	abstract HeldMatches matches();

	/**
	 * Whether {@link #matches()} is always one object where nobody but the edge holds it.
	 */
	boolean matchesStayOne() {
		return true;
	}

	/**
	 * All elements of the child that anybody holds, if they are held one by one; else
	 * they are found among what is held above them.
	 */
	@Nullable HeldElements held() {
		return null;
	}

	/**
	 * Whether it is known that this edge is over for an element of the parent.
	 * @param parent the page of the parent's element
	 * @param index its index
	 */
	abstract boolean isKnownOver(Page parent, int index);

	/**
	 * Whether this edge is over for the element at which the parent stands, or for the
	 * next one that may come, as is seen without waiting. Passes over what neither can
	 * match.
	 */
	abstract boolean isSeenOver(Cursor parent);

	/**
	 * Let go of what this edge holds, after the last delivery of all.
	 */
	abstract void release();

	/**
	 * The last keys that found no match.
	 */
	abstract InputStatus.@Nullable Unmatched unmatched();

	InputStatus.@Nullable KeyRange leftRange(Cursor parent) {
		return parent.progress().range(this.left);
	}

	InputStatus.@Nullable KeyRange rightRange() {
		return this.child.cursor.progress().range(this.right);
	}

}
