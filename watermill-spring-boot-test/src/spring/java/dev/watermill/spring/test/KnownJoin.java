package dev.watermill.spring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.key.internal.KeyMeter;
import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * What matches what of few elements that are all known: each compared with each.
 */
final class KnownJoin {

	private final JoinTree tree;

	private final List<KnownElements> elements;

	KnownJoin(JoinTree tree, List<KnownElements> elements) {
		this.tree = tree;
		this.elements = elements;
	}

	JoinNode node(int node) {
		return this.tree.nodes().get(node);
	}

	KnownElements elements(int node) {
		return this.elements.get(node);
	}

	/**
	 * Return the expressions on a node by whose keys its elements are in order.
	 */
	List<KeyFunction<?>> functions(int node) {
		return this.tree.keys(node);
	}

	List<Integer> children(int node) {
		return this.tree.children(node);
	}

	/**
	 * Whether an element has a match at each required edge below it.
	 */
	boolean isComplete(int node, int index) {
		return this.elements.get(node).get(index).isValid() && children(node).stream()
			.allMatch((child) -> node(child).optional() || !matches(index, child).isEmpty());
	}

	/**
	 * Whether an element is in a delivery, as far as windows do not leave it out.
	 */
	boolean isDelivered(int node, int index) {
		if (!isComplete(node, index)) {
			return false;
		}
		return node == 0
				|| parents(node, index).stream().anyMatch((parent) -> isDelivered(node(node).parent(), parent));
	}

	/**
	 * Return the elements of the parent that have an element among their matches.
	 */
	List<Integer> parents(int node, int index) {
		List<Integer> parents = new ArrayList<>();
		for (int i = 0; i < this.elements.get(node(node).parent()).size(); i++) {
			if (matches(i, node).contains(index)) {
				parents.add(i);
			}
		}
		return parents;
	}

	/**
	 * Return the complete matches of a parent's element, those of them that it takes.
	 */
	List<Integer> matches(int parent, int child) {
		List<Integer> found = candidates(parent, child, (index) -> isComplete(child, index));
		return (node(child).take() == JoinNode.Take.FIRST && found.size() > 1) ? found.subList(0, 1) : found;
	}

	/**
	 * Return the elements that match one of the parent by their keys, as far as they may
	 * match at all.
	 */
	List<Integer> candidates(int parent, int child, IntPredicate eligible) {
		JoinNode edge = node(child);
		KnownElements.Known left = this.elements.get(edge.parent()).get(parent);
		Object key = left.key(edge.leftKey());
		List<Integer> near = new ArrayList<>();
		for (int i = 0; i < this.elements.get(child).size() && left.isValid() && key != null; i++) {
			KnownElements.Known right = this.elements.get(child).get(i);
			Object rightKey = right.key(edge.rightKey());
			if (right.isValid() && rightKey != null && isNear(edge, key, rightKey) && hasBy(edge, left, right)
					&& eligible.test(i)) {
				near.add(i);
			}
		}
		return (edge.kind() instanceof JoinKind.AsOf asOf && key != null) ? nearest(asOf, key, child, near) : near;
	}

	static boolean hasBy(JoinNode edge, KnownElements.Known left, KnownElements.Known right) {
		JoinKind.By by = edge.kind().by();
		if (by == null) {
			return true;
		}
		Object leftBy = left.key(by.left());
		Object rightBy = right.key(by.right());
		return leftBy != null && rightBy != null && Keys.identity(leftBy).equals(Keys.identity(rightBy));
	}

	private static boolean isNear(JoinNode edge, Object left, Object right) {
		int order = Keys.compare(right, left);
		if (edge.kind() instanceof JoinKind.Within within) {
			return order == 0 || isWithin(edge, (order < 0) ? within.before() : within.after(), left, right);
		}
		if (edge.kind() instanceof JoinKind.AsOf asOf) {
			return switch (asOf.direction()) {
				case BACKWARD -> order <= 0;
				case FORWARD -> order >= 0;
				case NEAREST -> true;
			} && (order != 0 || asOf.exact())
					&& (order == 0 || asOf.tolerance() == null || isWithin(edge, asOf.tolerance(), left, right));
		}
		return order == 0;
	}

	private static boolean isWithin(JoinNode edge, KeySpan span, Object left, Object right) {
		KeyMeter meter = KeyMeter.of(Objects.requireNonNull(edge.rightKey()), span);
		return ((Keys.compare(left, right) > 0) ? meter.compare(left, right) : meter.compare(right, left)) <= 0;
	}

	private List<Integer> nearest(JoinKind.AsOf asOf, Object left, int child, List<Integer> near) {
		Integer back = null;
		Integer ahead = null;
		KeyFunction<?> function = node(child).rightKey();
		for (int index : near) {
			int order = Keys.compare(Objects.requireNonNull(this.elements.get(child).get(index).key(function)), left);
			back = (order <= 0) ? Integer.valueOf(index) : back;
			ahead = (order >= 0 && ahead == null) ? Integer.valueOf(index) : ahead;
		}
		Integer found = switch (asOf.direction()) {
			case BACKWARD -> back;
			case FORWARD -> ahead;
			case NEAREST -> nearer(back, ahead, left, child);
		};
		return (found != null) ? List.of(found) : List.of();
	}

	private @Nullable Integer nearer(@Nullable Integer back, @Nullable Integer ahead, Object left, int child) {
		if (back == null || ahead == null) {
			return (back != null) ? back : ahead;
		}
		KeyFunction<?> function = Objects.requireNonNull(node(child).rightKey());
		Object before = Objects.requireNonNull(this.elements.get(child).get(back).key(function));
		Object behind = Objects.requireNonNull(this.elements.get(child).get(ahead).key(function));
		KeyMeter meter = KeyMeter.of(function, KeySpan.ZERO);
		return (meter.between(behind, left) < meter.between(left, before)) ? ahead : back;
	}

}
