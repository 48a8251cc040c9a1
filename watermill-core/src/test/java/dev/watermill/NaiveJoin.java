package dev.watermill;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The join as its definition reads: nested loops over whole streams, and ranks instead of
 * keys.
 */
public final class NaiveJoin {

	private final RandomTree tree;

	private final List<List<Item>> streams = new ArrayList<>();

	/** Which elements are in a delivery, by their places in the streams. */
	private final List<Set<Integer>> delivered = new ArrayList<>();

	private final List<Map<Integer, Boolean>> complete = new ArrayList<>();

	/** Which deliveries the function fails for, so that they are passed over. */
	private final Predicate<Shown> failing;

	public NaiveJoin(RandomTree tree) {
		this(tree, (shown) -> false);
	}

	NaiveJoin(RandomTree tree, Predicate<Shown> failing) {
		this.tree = tree;
		this.failing = failing;
		for (RandomTree.Node node : tree.nodes) {
			this.streams.add(tree.merged ? merged(tree, node) : accepted(node.elements, tree.isOrdered()));
			this.delivered.add(new HashSet<>());
			this.complete.add(new LinkedHashMap<>());
		}
	}

	/**
	 * What is left when invalid elements and those out of order are skipped.
	 */
	private static List<Item> accepted(List<Object> elements, boolean ordered) {
		List<Item> accepted = new ArrayList<>();
		for (Object element : elements) {
			if (element instanceof Item item
					&& (!ordered || accepted.isEmpty() || inOrder(accepted.get(accepted.size() - 1), item))) {
				accepted.add(item);
			}
		}
		return accepted;
	}

	/**
	 * What is left of each partition, sorted: equal keys stay in the order of the
	 * partitions.
	 */
	private static List<Item> merged(RandomTree tree, RandomTree.Node node) {
		List<Item> merged = new ArrayList<>();
		for (List<Object> partition : node.partitions) {
			int last = Integer.MIN_VALUE;
			for (Object element : partition) {
				if (element instanceof Item item && tree.order(item) >= last) {
					last = tree.order(item);
					merged.add(item);
				}
			}
		}
		merged.sort(Comparator.comparingInt(tree::order));
		return merged;
	}

	private static boolean inOrder(Item before, Item item) {
		for (int i = 0; i < item.ranks().size(); i++) {
			if (item.rank(i) < before.rank(i)) {
				return false;
			}
		}
		return true;
	}

	int delivered(int node) {
		return this.delivered.get(node).size();
	}

	public List<Shown> deliveries() {
		List<Shown> deliveries = new ArrayList<>();
		this.tree.cut(this.streams.get(0), (index) -> isComplete(0, index))
			.forEach((window) -> deliver(window, deliveries));
		return deliveries;
	}

	private void deliver(List<Integer> window, List<Shown> deliveries) {
		Shown shown = show(window);
		if (!this.failing.test(shown)) {
			deliveries.add(shown);
			for (int index : window) {
				markDelivered(0, index);
			}
		}
	}

	private void markDelivered(int node, int index) {
		this.delivered.get(node).add(index);
		for (int child : this.tree.children(node)) {
			matches(node, index, child).forEach((match) -> markDelivered(child, match));
		}
	}

	/**
	 * Whether an element has a match at every edge below it.
	 */
	private boolean isComplete(int node, int index) {
		Boolean known = this.complete.get(node).get(index);
		if (known == null) {
			known = this.tree.children(node)
				.stream()
				.noneMatch((child) -> !this.tree.nodes.get(child).optional && matches(node, index, child).isEmpty());
			this.complete.get(node).put(index, known);
		}
		return known;
	}

	private List<Integer> matches(int parent, int index, int child) {
		RandomTree.Node edge = this.tree.nodes.get(child);
		int key = this.streams.get(parent).get(index).rank(edge.left);
		if (edge.within || edge.direction != null) {
			return near(this.streams.get(parent).get(index), key, child, edge);
		}
		List<Integer> matches = new ArrayList<>();
		for (int i = 0; i < this.streams.get(child).size(); i++) {
			if (this.streams.get(child).get(i).rank(0) == key && isComplete(child, i)) {
				matches.add(i);
				if (edge.first) {
					break;
				}
			}
		}
		return matches;
	}

	/**
	 * The matches of an as-of or within edge.
	 */
	private List<Integer> near(Item left, int key, int child, RandomTree.Node edge) {
		List<Integer> near = new ArrayList<>();
		Integer back = null;
		Integer ahead = null;
		for (int i = 0; i < this.streams.get(child).size(); i++) {
			Item right = this.streams.get(child).get(i);
			int distance = right.rank(0) - key;
			if ((edge.by && RandomTree.Node.by(left) != RandomTree.Node.by(right)) || (!edge.exact && distance == 0)
					|| (edge.before >= 0 && distance < -edge.before) || (edge.after >= 0 && distance > edge.after)
					|| !isComplete(child, i)) {
				continue;
			}
			near.add(i);
			if (distance <= 0) {
				back = i;
			}
			if (ahead == null && distance >= 0) {
				ahead = i;
			}
		}
		if (edge.direction == null) {
			return near;
		}
		Integer match = switch (edge.direction) {
			case BACKWARD -> back;
			case FORWARD -> ahead;
			case NEAREST -> {
				boolean nearer = back == null
						|| (ahead != null && distance(key, child, ahead) < distance(key, child, back));
				yield nearer ? ahead : back;
			}
		};
		return (match != null) ? List.of(match) : List.of();
	}

	private int distance(int key, int child, int index) {
		return Math.abs(this.streams.get(child).get(index).rank(0) - key);
	}

	private Shown show(List<Integer> window) {
		List<Item> master = new ArrayList<>();
		List<Map<Integer, List<Item>>> joins = new ArrayList<>();
		for (int i = 1; i < this.streams.size(); i++) {
			joins.add(new TreeMap<>());
		}
		for (int index : window) {
			master.add(this.streams.get(0).get(index));
			show(0, index, joins);
		}
		List<List<Shown.Pair>> shown = new ArrayList<>();
		for (int i = 1; i < this.streams.size(); i++) {
			List<Item> parents = this.streams.get(this.tree.nodes.get(i).parent);
			Map<Item, List<Item>> merged = new LinkedHashMap<>();
			joins.get(i - 1).forEach((parent, matches) -> merged.putIfAbsent(parents.get(parent), matches));
			shown.add(Shown.pairs(merged));
		}
		return new Shown(List.copyOf(master), shown);
	}

	/**
	 * Note the matches below an element, by the places of the parents in their streams.
	 */
	private void show(int node, int index, List<Map<Integer, List<Item>>> joins) {
		for (int child : this.tree.children(node)) {
			List<Integer> matches = matches(node, index, child);
			joins.get(child - 1).put(index, matches.stream().map(this.streams.get(child)::get).toList());
			for (int match : matches) {
				show(child, match, joins);
			}
		}
	}

}
