package dev.watermill.spring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Says of the elements of one node that have a key why they are in no delivery: which of
 * their edges, or of those above them, found no match, and what stands next to the key
 * there.
 */
final class Explainer {

	private static final int FEW = 5;

	private final KnownJoin join;

	private final int node;

	private final Object key;

	private final List<Integer> found;

	private final List<String> lines = new ArrayList<>();

	private boolean delivered;

	/**
	 * Explain the elements of a node that have a key.
	 */
	Explainer(KnownJoin join, int node, Object key) {
		this.join = join;
		this.node = node;
		this.key = key;
		KnownElements elements = join.elements(node);
		this.found = IntStream.range(0, elements.size())
			.filter((i) -> elements.get(i).keys().values().stream().anyMatch((own) -> isEqual(own, key)))
			.boxed()
			.toList();
	}

	/**
	 * Whether there is an element with the key.
	 */
	boolean hasAny() {
		return !this.found.isEmpty();
	}

	Explanation explain() {
		this.found.stream().limit(FEW).forEach((index) -> explain(this.node, index, ""));
		if (this.found.size() > FEW) {
			this.lines.add("... and " + (this.found.size() - FEW) + " more with this key");
		}
		if (!hasAny()) {
			none(this.node, this.key);
		}
		return new Explanation(this.delivered, this.lines);
	}

	private void none(int node, Object key) {
		KnownElements elements = this.join.elements(node);
		String neighbours = this.join.functions(node)
			.stream()
			.filter((function) -> elements.hasComparable(function, key))
			.map((function) -> "; by '" + function.description() + "' "
					+ neighbours(node, Keys.normalize(key), function, (any) -> true))
			.collect(Collectors.joining());
		this.lines.add("No element of '" + this.join.node(node).stream() + "' has the key " + shown(key)
				+ ((elements.size() == 0) ? ": it has none at all" : neighbours));
		for (int i = 0; i < elements.size(); i++) {
			KnownElements.Known bad = elements.get(i);
			if (bad.problem() != null && this.lines.size() <= FEW) {
				this.lines.add("  " + elements.name(i) + " was passed over: " + bad.problem());
			}
		}
	}

	private void explain(int node, int index, String indent) {
		String name = this.join.elements(node).name(index);
		KnownElements.Known known = this.join.elements(node).get(index);
		if (known.problem() != null) {
			this.lines.add(indent + name + " was passed over: " + known.problem());
		}
		else if (this.join.isDelivered(node, index)) {
			this.delivered |= indent.isEmpty();
			this.lines.add(indent + name + keys(known) + " is in a delivery");
		}
		else if (!this.join.isComplete(node, index)) {
			this.lines.add(indent + name + keys(known) + " is in no delivery:");
			this.join.children(node)
				.stream()
				.filter((child) -> !this.join.node(child).optional() && this.join.matches(index, child).isEmpty())
				.forEach((child) -> below(index, child, indent + "  "));
		}
		else {
			this.lines.add(indent + name + keys(known) + " is in no delivery:");
			above(node, index, indent + "  ");
		}
	}

	/**
	 * Say why an element has no match at an edge below it.
	 */
	private void below(int parent, int child, String indent) {
		JoinNode edge = this.join.node(child);
		KnownElements.Known left = this.join.elements(edge.parent()).get(parent);
		Object key = Objects.requireNonNull(left.key(edge.leftKey()));
		List<Integer> candidates = this.join.candidates(parent, child, (any) -> true);
		if (!candidates.isEmpty()) {
			this.lines.add(indent + edge(edge) + ": it matches " + names(child, candidates) + ", which ha"
					+ ((candidates.size() == 1) ? "s" : "ve") + " no match below");
			explain(child, candidates.get(0), indent + "  ");
			return;
		}
		this.lines.add(indent + edge(edge) + ": no right key matches its left key " + shown(key) + by(edge, left, true)
				+ "; " + neighbours(child, key, edge.rightKey(), (other) -> KnownJoin.hasBy(edge, left, other)));
	}

	/**
	 * Say why a complete element is a match of none that is delivered.
	 */
	private void above(int node, int index, String indent) {
		JoinNode edge = this.join.node(node);
		KnownElements.Known right = this.join.elements(node).get(index);
		List<Integer> parents = this.join.parents(node, index);
		if (!parents.isEmpty()) {
			this.lines.add(indent + edge(edge) + ": it is a match of " + names(edge.parent(), parents) + ", and with "
					+ ((parents.size() == 1) ? "it" : "them") + " in no delivery");
			explain(edge.parent(), parents.get(0), indent + "  ");
			return;
		}
		for (int i = 0; i < this.join.elements(edge.parent()).size(); i++) {
			List<Integer> taken = this.join.matches(i, node);
			if (this.join.elements(edge.parent()).get(i).isValid()
					&& this.join.candidates(i, node, (only) -> only == index).contains(index) && !taken.isEmpty()) {
				this.lines.add(indent + edge(edge) + ": " + this.join.elements(edge.parent()).name(i) + " takes "
						+ names(node, taken) + " instead, of which it takes one only");
				return;
			}
		}
		Object key = Objects.requireNonNull(right.key(edge.rightKey()));
		this.lines.add(indent + edge(edge) + ": no left key matches its right key " + shown(key)
				+ by(edge, right, false) + "; "
				+ neighbours(edge.parent(), key, edge.leftKey(), (other) -> KnownJoin.hasBy(edge, other, right)));
	}

	private String edge(JoinNode edge) {
		String kind = edge.kind().describe();
		return "at the join of '" + edge.stream() + "' to '" + this.join.node(edge.parent()).stream() + "' ("
				+ description(edge.leftKey()) + " = " + description(edge.rightKey())
				+ (kind.isEmpty() ? "" : ", " + kind) + ")";
	}

	private static String description(@Nullable KeyFunction<?> function) {
		return (function != null) ? function.description() : "";
	}

	private static String by(JoinNode edge, KnownElements.Known element, boolean left) {
		JoinKind.By by = edge.kind().by();
		return (by != null) ? " and " + shown(String.valueOf(element.key(left ? by.left() : by.right()))) : "";
	}

	private String neighbours(int node, Object key, @Nullable KeyFunction<?> function,
			Predicate<KnownElements.Known> eligible) {
		KnownElements elements = this.join.elements(node);
		Integer below = null;
		Integer above = null;
		for (int i = 0; i < elements.size(); i++) {
			Object other = elements.get(i).key(function);
			if (elements.get(i).isValid() && other != null && eligible.test(elements.get(i))) {
				int order = Keys.compare(other, key);
				below = (order <= 0) ? Integer.valueOf(i) : below;
				above = (order > 0 && above == null) ? Integer.valueOf(i) : above;
			}
		}
		if (below == null && above == null) {
			return "there is none in '" + this.join.node(node).stream() + "'";
		}
		return "next to it " + ((below != null && above != null) ? "are " : "is ")
				+ ((below != null) ? place(elements, below, function) : "nothing before")
				+ ((above != null) ? " and " + place(elements, above, function) : " and nothing behind");
	}

	private static String place(KnownElements elements, int index, @Nullable KeyFunction<?> function) {
		return shown(Objects.requireNonNull(elements.get(index).key(function))) + " (" + elements.name(index) + ")";
	}

	private String names(int node, List<Integer> indexes) {
		return indexes.stream().limit(FEW).map(this.join.elements(node)::name).collect(Collectors.joining(", "))
				+ ((indexes.size() > FEW) ? " and " + (indexes.size() - FEW) + " more" : "");
	}

	private static String keys(KnownElements.Known element) {
		return element.keys().isEmpty() ? ""
				: element.keys()
					.entrySet()
					.stream()
					.map((Map.Entry<String, Object> entry) -> entry.getKey() + ": " + shown(entry.getValue()))
					.collect(Collectors.joining(", ", " (", ")"));
	}

	private static String shown(Object key) {
		return (key instanceof CharSequence) ? "'" + key + "'" : String.valueOf(key);
	}

	private static boolean isEqual(Object own, Object key) {
		try {
			return Keys.compare(own, Keys.normalize(key)) == 0;
		}
		catch (Keys.IncomparableException | InvalidKeyException ex) {
			return String.valueOf(own).equals(String.valueOf(key));
		}
	}

}
