package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import org.jspecify.annotations.Nullable;

/**
 * Which keys are computed of each stream, and where they stand: a column for the right
 * key of the edge to its parent, one for each expression that is a left key of an edge
 * below it, then one for each that has to be equal at an edge, and at the master the last
 * one for the window key, unless that never decreases either. Immutable.
 */
final class JoinColumns {

	private final JoinTree tree;

	private final List<OrderedKeys> ordered = new ArrayList<>();

	private final List<List<KeyFunction<?>>> equal = new ArrayList<>();

	JoinColumns(JoinTree tree) {
		this.tree = tree;
		for (int i = 0; i < tree.nodes().size(); i++) {
			this.ordered.add(new OrderedKeys(tree.keys(i)));
			this.equal.add(tree.equalities(i));
		}
	}

	private static KeyFunction<?> key(@Nullable KeyFunction<?> key) {
		return Objects.requireNonNull(key, "An edge without keys");
	}

	/**
	 * The expressions along which the keys of a stream never decrease.
	 * @param node the index of the stream in the tree
	 */
	OrderedKeys ordered(int node) {
		return this.ordered.get(node);
	}

	/**
	 * The expressions of a stream of which no order is asked, but that have to be equal
	 * to those of another.
	 * @param node the index of the stream in the tree
	 */
	List<KeyFunction<?>> equal(int node) {
		return this.equal.get(node);
	}

	/**
	 * The column of what has to be equal at an edge among those of the parent.
	 * @param child the index of the edge's child in the tree
	 * @return -1 if there is nothing
	 */
	int leftBy(int child) {
		JoinNode node = this.tree.nodes().get(child);
		JoinKind.By by = node.kind().by();
		return (by != null) ? by(node.parent(), by.left()) : -1;
	}

	/**
	 * The column of what has to be equal at an edge among those of the child.
	 */
	int rightBy(int child) {
		JoinKind.By by = this.tree.nodes().get(child).kind().by();
		return (by != null) ? by(child, by.right()) : -1;
	}

	private int by(int node, KeyFunction<?> function) {
		return this.ordered.get(node).size() + this.equal.get(node).indexOf(function);
	}

	/**
	 * The column of the window key among the master's.
	 */
	int window() {
		if (this.tree.windowsInOrder()) {
			return this.ordered.get(0).indexOf(key(this.tree.windowKey()));
		}
		return this.ordered.get(0).size() + this.equal.get(0).size();
	}

	/**
	 * The column of the left key of an edge among those of the parent.
	 * @param child the index of the edge's child in the tree
	 */
	int left(int child) {
		JoinNode node = this.tree.nodes().get(child);
		return this.ordered.get(node.parent()).indexOf(key(node.leftKey()));
	}

	/**
	 * The column of the right key of an edge among those of the child.
	 */
	int right(int child) {
		return this.ordered.get(child).indexOf(key(this.tree.nodes().get(child).rightKey()));
	}

	/**
	 * Whether the keys of both sides of an edge compare as longs.
	 */
	boolean isPrimitive(int child) {
		JoinNode node = this.tree.nodes().get(child);
		return KeyColumn.isPrimitive(key(node.leftKey()), key(node.rightKey()));
	}

}
