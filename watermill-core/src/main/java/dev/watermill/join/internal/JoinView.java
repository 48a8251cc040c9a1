package dev.watermill.join.internal;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.watermill.delivery.Input;
import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinTree;
import org.jspecify.annotations.Nullable;

/**
 * Shows what one node contributes to a delivery, in the forms that signatures ask for:
 * parents mapped to their matches. Maps iterate in stream order; parents that are equal
 * share an entry. Everything handed out is unmodifiable.
 * <p>
 * Stateless, so thread-safe.
 */
final class JoinView {

	/** The edges to follow from the master down to the parent. */
	private final int[] toParent;

	/** Whether parents may be found in another order than that of their stream. */
	private final boolean goesBack;

	/** Whether the parent is the master. */
	private final boolean direct;

	/** The edge from the parent to the node. */
	private final int edge;

	/**
	 * Create a view.
	 * @param tree the join tree
	 * @param node the index of a node other than the master
	 */
	JoinView(JoinTree tree, int node) {
		int parent = tree.nodes().get(node).parent();
		this.edge = tree.children(parent).indexOf(node);
		List<Integer> path = new ArrayList<>();
		boolean back = false;
		for (int at = parent; at > 0; at = tree.nodes().get(at).parent()) {
			path.add(0, tree.children(tree.nodes().get(at).parent()).indexOf(at));
			back |= goesBack(tree.nodes().get(at).kind());
		}
		this.goesBack = back;
		this.toParent = path.stream().mapToInt(Integer::intValue).toArray();
		this.direct = path.isEmpty();
	}

	/**
	 * Whether an element may have matches before those of the element before it: where
	 * something has to be equal besides, and where an element with an equal key is the
	 * match of later ones only.
	 */
	private static boolean goesBack(JoinKind kind) {
		return kind.by() != null || (kind instanceof JoinKind.AsOf asOf
				&& asOf.direction() == JoinKind.Direction.NEAREST && !asOf.exact());
	}

	/**
	 * Return all matches of each parent.
	 * @param delivered the master elements of a delivery
	 * @return the parents with their matches
	 */
	Map<Object, List<Object>> many(Matches delivered) {
		if (this.direct && delivered.size() == 1) {
			return many(delivered.get(0), delivered.below(0, this.edge));
		}
		Map<Object, Merged> merged = new LinkedHashMap<>();
		visit(delivered, (parent, group) -> merged.computeIfAbsent(parent, (key) -> new Merged()).add(group));
		Map<Object, List<Object>> map = new LinkedHashMap<>(capacity(merged.size()));
		merged.forEach((parent, found) -> map.put(parent, found.asList()));
		return Collections.unmodifiableMap(map);
	}

	/**
	 * Return the first match of each parent that has one.
	 * @param delivered the master elements of a delivery
	 * @return the parents with their first match
	 */
	Map<Object, Object> first(Matches delivered) {
		if (this.direct && delivered.size() == 1) {
			return first(delivered.get(0), delivered.below(0, this.edge));
		}
		Map<Object, Object> map = new LinkedHashMap<>();
		visit(delivered, (parent, matches) -> {
			if (!matches.isEmpty()) {
				map.putIfAbsent(parent, matches.get(0));
			}
		});
		return Collections.unmodifiableMap(map);
	}

	/**
	 * Return each parent with its match, if it has one.
	 * @param delivered the master elements of a delivery
	 * @return the parents with their match
	 */
	Map<Object, Optional<Object>> optional(Matches delivered) {
		if (this.direct && delivered.size() == 1) {
			return optional(delivered.get(0), delivered.below(0, this.edge));
		}
		Map<Object, Optional<Object>> map = new LinkedHashMap<>();
		visit(delivered, (parent, matches) -> map.putIfAbsent(parent, Optional.ofNullable(matches.first())));
		return Collections.unmodifiableMap(map);
	}

	/**
	 * Return a parent with its match, if it has one.
	 * @param parent the parent
	 * @param matches its matches
	 * @return a map of one entry
	 */
	static Map<Object, Optional<Object>> optional(Object parent, Matches matches) {
		return new Single<>(parent, Optional.ofNullable(matches.first()));
	}

	/**
	 * Return a parent with its first match, if it has one.
	 * @param parent the parent
	 * @param matches its matches
	 * @return a map of one entry or none
	 */
	static Map<Object, Object> first(Object parent, Matches matches) {
		return matches.isEmpty() ? Map.of() : new Single<>(parent, matches.get(0));
	}

	/**
	 * Return a parent with all its matches.
	 * @param parent the parent
	 * @param matches its matches
	 * @return a map of one entry
	 */
	static Map<Object, List<Object>> many(Object parent, Matches matches) {
		return new Single<>(parent, matches.asList());
	}

	/**
	 * Return the group that shows the matches of each delivery, if it is one and the same
	 * for all that a group of master elements shows.
	 * @param delivered the group of master elements
	 * @return the group, {@code null} if matches are found in other ways
	 */
	@Nullable HeldMatches always(HeldMatches delivered) {
		return (this.direct && delivered.isReused()) ? delivered.below(0, this.edge) : null;
	}

	/**
	 * Return the matches of the only master element, for a child of the master.
	 * @param join the child
	 * @param delivered the master element of a delivery
	 * @return its matches
	 * @throws IllegalArgumentException if it is no child of the master
	 */
	Matches only(Input<?> join, Matches delivered) {
		if (!this.direct) {
			throw new IllegalArgumentException("The stream '" + join.stream()
					+ "' is not joined to the master. Ask for its matches by their parents.");
		}
		return delivered.below(0, this.edge);
	}

	/**
	 * Visit each parent once, in the order of their stream.
	 */
	private void visit(Matches delivered, Visitor visitor) {
		if (!this.goesBack) {
			visit(delivered, 0, -1, visitor);
			return;
		}
		List<Parent> found = new ArrayList<>();
		find(delivered, 0, found);
		found.sort(Comparator.comparingLong(Parent::number));
		long last = -1;
		for (Parent parent : found) {
			if (parent.number > last) {
				visitor.visit(parent.element, parent.matches);
				last = parent.number;
			}
		}
	}

	/**
	 * Visit parents that are found in order: what stands before the last one that was
	 * visited was visited, too.
	 * @return the number of the last one
	 */
	private long visit(Matches group, int depth, long visited, Visitor visitor) {
		long last = visited;
		Matches previous = null;
		for (int i = 0; i < group.size(); i++) {
			if (depth == this.toParent.length) {
				long number = group.number(i);
				if (number > last) {
					visitor.visit(group.get(i), group.below(i, this.edge));
					last = number;
				}
				continue;
			}
			Matches below = group.below(i, this.toParent[depth]);
			// neighbours with one key share a group, whose parents need no second visit
			if (below != previous) {
				last = visit(below, depth + 1, last, visitor);
				previous = below;
			}
		}
		return last;
	}

	private void find(Matches group, int depth, List<Parent> found) {
		Matches previous = null;
		for (int i = 0; i < group.size(); i++) {
			if (depth == this.toParent.length) {
				found.add(new Parent(group.number(i), group.get(i), group.below(i, this.edge)));
				continue;
			}
			Matches below = group.below(i, this.toParent[depth]);
			if (below != previous) {
				find(below, depth + 1, found);
				previous = below;
			}
		}
	}

	private static int capacity(int entries) {
		return (int) (entries / 0.75f) + 1;
	}

	private interface Visitor {

		void visit(Object parent, Matches matches);

	}

	private record Parent(long number, Object element, Matches matches) {

	}

	/**
	 * The matches of parents that are equal: mostly one group, which they share.
	 */
	private static final class Merged {

		private @Nullable Matches last;

		private @Nullable List<Object> several;

		void add(Matches group) {
			if (this.last == null) {
				this.last = group;
			}
			else if (this.last != group && !isSame(this.last, group)) {
				if (this.several == null) {
					this.several = new ArrayList<>(this.last.asList());
				}
				this.several.addAll(group.asList());
				this.last = group;
			}
		}

		/**
		 * Whether parents that are equal have the same matches, though not as one object.
		 */
		private static boolean isSame(Matches one, Matches other) {
			int size = one.size();
			boolean same = size == other.size();
			for (int i = 0; same && i < size; i++) {
				same = one.get(i) == other.get(i);
			}
			return same;
		}

		List<Object> asList() {
			if (this.several != null) {
				return Collections.unmodifiableList(this.several);
			}
			return (this.last != null) ? this.last.asList() : List.of();
		}

	}

	/**
	 * A map of one entry that computes no hash, the commonest of all.
	 */
	private static final class Single<V> extends AbstractMap<Object, V> {

		private final Object key;

		private final V value;

		Single(Object key, V value) {
			this.key = key;
			this.value = value;
		}

		@Override
		public @Nullable V get(@Nullable Object key) {
			return containsKey(key) ? this.value : null;
		}

		@Override
		public boolean containsKey(@Nullable Object key) {
			return this.key == key || this.key.equals(key);
		}

		@Override
		public int size() {
			return 1;
		}

		@Override
		public Set<Entry<Object, V>> entrySet() {
			return Set.of(Map.entry(this.key, this.value));
		}

	}

}
