package dev.watermill.join;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyKind;
import org.jspecify.annotations.Nullable;

/**
 * What is joined with what: streams as nodes, the master first and every parent before
 * its children. Immutable.
 *
 * @param nodes the nodes
 * @param windowKey the key by which there are windows, {@code null} if there are none by
 * key
 * @param windowsInOrder whether window keys that go back are out of order
 * @param maxGroupSize how many elements a group may have
 * @since 0.1.0
 */
public record JoinTree(List<JoinNode> nodes, @Nullable KeyFunction<?> windowKey, boolean windowsInOrder,
		int maxGroupSize) {

	/**
	 * Create a tree.
	 * @param nodes the nodes
	 * @param windowKey the key by which there are windows
	 * @param windowsInOrder whether window keys that go back are out of order
	 * @param maxGroupSize how many elements a group may have
	 * @throws IllegalArgumentException if this is no tree, a stream is there twice, or
	 * keys of the two sides of an edge can't compare
	 */
	public JoinTree {
		nodes = List.copyOf(nodes);
		Set<String> names = new HashSet<>();
		for (int i = 0; i < nodes.size(); i++) {
			JoinNode node = nodes.get(i);
			if (!names.add(node.stream())) {
				throw new IllegalArgumentException("The stream '" + node.stream()
						+ "' is in the join tree twice. Give each of the two a stream name of its own.");
			}
			if ((i == 0) != (node.parent() < 0) || node.parent() >= i) {
				throw new IllegalArgumentException("The stream '" + node.stream() + "' has no parent before it");
			}
			if (i > 0) {
				checkKeys(nodes.get(node.parent()), node);
			}
		}
		if (windowKey != null) {
			checkOrdered(nodes.get(0), windowKey);
		}
		for (int i = 0; i < nodes.size(); i++) {
			checkMerged(nodes.get(i), expressions(nodes, windowKey, windowsInOrder, i));
		}
	}

	private static void checkKeys(JoinNode parent, JoinNode node) {
		KeyFunction<?> left = node.leftKey();
		KeyFunction<?> right = node.rightKey();
		if (left == null || right == null) {
			throw new IllegalArgumentException("There is no join condition between the streams '" + parent.stream()
					+ "' and '" + node.stream() + "'. Say by which keys they are joined.");
		}
		KeyKind leftKind = checkOrdered(parent, left);
		KeyKind rightKind = checkOrdered(node, right);
		if (!leftKind.comparesWith(rightKind)) {
			throw new IllegalArgumentException(
					"The streams '" + parent.stream() + "' and '" + node.stream() + "' can't be joined: the left key '"
							+ left.description() + "' is " + leftKind + ", but the right key '" + right.description()
							+ "' is " + rightKind + ". Choose keys of one kind.");
		}
		new JoinKindCheck(parent, node).check(left, right);
	}

	private static KeyKind checkOrdered(JoinNode node, KeyFunction<?> key) {
		KeyKind kind = KeyKind.ofType(key.type());
		if (!kind.isOrdered()) {
			throw new IllegalArgumentException("The key '" + key.description() + "' of the stream '" + node.stream()
					+ "' is " + kind + ", which has no order. Choose a Comparable.");
		}
		return kind;
	}

	private static void checkMerged(JoinNode node, List<KeyFunction<?>> keys) {
		if (node.source().merged().isEmpty() || keys.size() == 1) {
			return;
		}
		String partitions = "The partitions of the stream '" + node.stream() + "' (" + node.source().location()
				+ ") can't be merged: ";
		if (keys.isEmpty()) {
			throw new IllegalArgumentException(partitions + "no key is on it, so nothing says in which order its "
					+ "elements come. Join it, or window it by a key; or don't merge it.");
		}
		List<String> names = keys.stream().map((key) -> "'" + key.description() + "'").toList();
		throw new IllegalArgumentException(partitions + "the keys " + String.join(", ", names)
				+ " are on it, and each of them may put its elements in another order. Join it by one key, or give "
				+ "one of the joins a stream of its own on the same place; or don't merge it.");
	}

	private static List<KeyFunction<?>> expressions(List<JoinNode> nodes, @Nullable KeyFunction<?> windowKey,
			boolean windowsInOrder, int node) {
		List<KeyFunction<?>> expressions = new ArrayList<>();
		KeyFunction<?> right = nodes.get(node).rightKey();
		if (right != null) {
			expressions.add(right);
		}
		for (JoinNode child : nodes) {
			KeyFunction<?> left = child.leftKey();
			if (child.parent() == node && left != null && !expressions.contains(left)) {
				expressions.add(left);
			}
		}
		if (node == 0 && windowKey != null && !expressions.contains(windowKey)
				&& (windowsInOrder || (expressions.isEmpty() && nodes.get(0).source().merged().isPresent()))) {
			expressions.add(windowKey);
		}
		return expressions;
	}

	/**
	 * Return the expressions along which the keys of a stream never decrease: the right
	 * key of the edge to its parent, the left keys of the edges below it, and at the
	 * master the window key if that is in order. Partitions of a master without any of
	 * them are merged by the window key.
	 * @param node the index of its node
	 * @return the expressions
	 */
	public List<KeyFunction<?>> keys(int node) {
		return expressions(this.nodes, this.windowKey, this.windowsInOrder, node);
	}

	/**
	 * Return all expressions whose keys an element of a stream must have.
	 * @param node the index of its node
	 * @return the expressions, that of the window among the master's
	 */
	public List<KeyFunction<?>> requiredKeys(int node) {
		List<KeyFunction<?>> required = new ArrayList<>(keys(node));
		if (node == 0 && this.windowKey != null && !required.contains(this.windowKey)) {
			required.add(this.windowKey);
		}
		return required;
	}

	/**
	 * Return this tree with other nodes.
	 * @param others the nodes
	 * @return the tree
	 */
	public JoinTree with(List<JoinNode> others) {
		return new JoinTree(others, this.windowKey, this.windowsInOrder, this.maxGroupSize);
	}

	/**
	 * Return the expressions of a stream of which no order is asked, but that have to be
	 * equal to those of another at an edge.
	 * @param node the index of its node
	 * @return the expressions
	 */
	public List<KeyFunction<?>> equalities(int node) {
		List<KeyFunction<?>> equalities = new ArrayList<>();
		for (int i = 1; i < this.nodes.size(); i++) {
			JoinKind.By by = this.nodes.get(i).kind().by();
			if (by == null || (i != node && this.nodes.get(i).parent() != node)) {
				continue;
			}
			KeyFunction<?> function = (i == node) ? by.right() : by.left();
			if (!equalities.contains(function)) {
				equalities.add(function);
			}
		}
		return equalities;
	}

	/**
	 * Return the nodes that are joined to a node.
	 * @param parent the index of the parent
	 * @return the indexes of its children
	 */
	public List<Integer> children(int parent) {
		List<Integer> children = new ArrayList<>();
		for (int i = 1; i < this.nodes.size(); i++) {
			if (this.nodes.get(i).parent() == parent) {
				children.add(i);
			}
		}
		return children;
	}

}
