package dev.watermill;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.watermill.broker.Broker;
import dev.watermill.codec.InvalidElement;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.join.JoinKind;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A random join tree with its streams, all from one seed.
 */
public final class RandomTree {

	/** What stands in a stream where nothing could be read. */
	static final InvalidElement INVALID = new InvalidElement("not an item", null, null);

	private static final int MOST_RANKS = 20;

	private static final ScheduledExecutorService EXECUTOR = Executors.newScheduledThreadPool(2, (task) -> {
		Thread thread = new Thread(task, "later");
		thread.setDaemon(true);
		return thread;
	});

	public final long seed;

	public final List<Node> nodes = new ArrayList<>();

	/** How the master is cut into windows: by a column, every third element, or not. */
	final Windows windows;

	/** What windows that are cut by distances go by. */
	private KeyCase windowKeys = KeyCase.LONG;

	/** How large windows are: in ranks, or how many elements. */
	private int windowSize;

	private int windowStep;

	private int windowOffset;

	private final Map<String, KeyFunction<Item>> keys = new HashMap<>();

	/** Whether the streams have partitions that are merged. */
	public final boolean merged;

	/** By how much elements stand behind those that come after them, 0 if none does. */
	private int within;

	/** By how much they are waited for. */
	private int waits;

	/** Whether the function answers later. */
	private boolean asynchronous;

	public RandomTree(long seed) {
		this(seed, false, false);
	}

	private RandomTree(long seed, boolean merged, boolean mixed) {
		this.seed = seed;
		this.merged = merged;
		Random random = new Random(seed);
		int size = 1 + random.nextInt(6);
		int[] depths = new int[size];
		int ranks = 2 + random.nextInt(MOST_RANKS - 2);
		for (int i = 0; i < size; i++) {
			Node node = new Node();
			node.name = "n" + i;
			node.parent = -1;
			if (i > 0) {
				do {
					node.parent = random.nextBoolean() ? i - 1 : random.nextInt(i);
				}
				while (depths[node.parent] == 4);
				depths[i] = depths[node.parent] + 1;
				Node parent = this.nodes.get(node.parent);
				node.keys = KeyCase.values()[random.nextInt(KeyCase.values().length)];
				node.left = (parent.columns > 0 && random.nextInt(3) == 0) ? random.nextInt(parent.columns)
						: parent.columns++;
				node.first = random.nextInt(4) == 0;
				node.columns = 1;
			}
			if (merged) {
				// one key on each stream, be it that of the windows
				node.keys = KeyCase.values()[(int) (seed % KeyCase.values().length)];
				node.left = 0;
				node.columns = 1;
			}
			this.nodes.add(node);
		}
		if (mixed) {
			Random kinds = new Random(~seed);
			this.nodes.stream().skip(1).forEach((node) -> node.edge(kinds));
		}
		this.nodes.get(0).columns = Math.max(this.nodes.get(0).columns, 1);
		boolean troubled = random.nextInt(4) == 0;
		for (Node node : this.nodes) {
			if (merged) {
				int partitions = 1 + random.nextInt(5);
				for (int i = 0; i < partitions; i++) {
					node.partitions.add(new ArrayList<>());
					fill(node, node.partitions.get(i), 100 * i, random, ranks, troubled);
					node.elements.addAll(node.partitions.get(i));
				}
			}
			else {
				fill(node, node.elements, 0, random, ranks, troubled);
			}
		}
		boolean windowed = random.nextInt(3) == 0 || (merged && size == 1);
		Windows runs = (random.nextBoolean() || (merged && size == 1)) ? Windows.BY_RANK : Windows.BY_CHANGE;
		this.windows = !windowed ? Windows.NONE : (mixed && !merged) ? windows(new Random(seed * 31)) : runs;
	}

	private Windows windows(Random random) {
		List<KeyCase> cases = Stream.of(KeyCase.values()).filter(KeyCase::hasDistances).toList();
		this.windowKeys = cases.get(random.nextInt(cases.size()));
		this.windowSize = 1 + random.nextInt(8);
		this.windowStep = 1 + random.nextInt(10);
		this.windowOffset = random.nextInt(12);
		return Windows.values()[1 + random.nextInt(Windows.values().length - 1)];
	}

	/**
	 * Whether elements of a stream have to be in order.
	 */
	boolean isOrdered() {
		return this.nodes.size() > 1 || this.windows == Windows.HOPPING || this.windows == Windows.SESSION;
	}

	/**
	 * Cut the elements of the master that have their matches into windows, as the
	 * definition reads.
	 * @param master all its elements
	 * @param matched whether each has its matches
	 * @return the places of the elements of each window
	 */
	List<List<Integer>> cut(List<Item> master, IntPredicate matched) {
		List<List<Integer>> cut = new ArrayList<>();
		if (this.windows == Windows.HOPPING) {
			for (int start = this.windowOffset - 30 * this.windowStep; start <= MOST_RANKS; start += this.windowStep) {
				List<Integer> window = new ArrayList<>();
				for (int i = 0; i < master.size(); i++) {
					int key = master.get(i).rank(0) - KeyCase.ZERO;
					if (key >= start && key < start + this.windowSize && matched.test(i)) {
						window.add(i);
					}
				}
				cut.add(window);
			}
		}
		else {
			List<Integer> window = new ArrayList<>();
			for (int i = 0; i < master.size(); i++) {
				if (!window.isEmpty() && isBehind(master, window, i)) {
					cut.add(window);
					window = new ArrayList<>();
				}
				if (matched.test(i)) {
					window.add(i);
				}
			}
			cut.add(window);
		}
		cut.removeIf(List::isEmpty);
		return cut;
	}

	/**
	 * Whether an element of the master ends the window before it.
	 */
	private boolean isBehind(List<Item> master, List<Integer> window, int index) {
		return switch (this.windows) {
			case NONE -> true;
			case BY_RANK, BY_CHANGE -> !Objects.equals(windowOf(master.get(index - 1)), windowOf(master.get(index)));
			case SESSION ->
				master.get(index).rank(0) - master.get(window.get(window.size() - 1)).rank(0) > this.windowSize;
			case COUNT -> window.size() == this.windowSize;
			case HOPPING -> false;
		};
	}

	/**
	 * A tree of streams with up to five partitions each, which are merged.
	 */
	public static RandomTree merged(long seed) {
		return new RandomTree(seed, true, false);
	}

	/**
	 * A tree with all kinds of edges, some of them optional.
	 */
	public static RandomTree mixed(long seed) {
		return new RandomTree(seed, seed % 7 == 0, true);
	}

	/**
	 * A tree with all kinds of edges whose function answers later, on other threads.
	 */
	static RandomTree asynchronous(long seed) {
		RandomTree tree = mixed(seed);
		tree.asynchronous = true;
		return tree;
	}

	/**
	 * A tree of streams that are brought into order: within their bounds their elements
	 * stand where they like.
	 */
	public static RandomTree reordered(long seed) {
		RandomTree tree = new RandomTree(seed, seed % 4 == 0, seed % 3 == 0);
		tree.within = 1 + (int) (seed % 6);
		tree.waits = tree.within;
		return tree;
	}

	/**
	 * A tree of streams that are brought into order, but for some elements that come too
	 * late.
	 */
	public static RandomTree late(long seed) {
		RandomTree tree = reordered(seed);
		tree.waits = tree.within / 2;
		return tree;
	}

	private static void fill(Node node, List<Object> elements, int firstId, Random random, int ranks,
			boolean troubled) {
		int length = (random.nextInt(12) == 0) ? 0 : 1 + random.nextInt(14);
		int[] current = new int[node.columns];
		int[] steps = new int[node.columns];
		for (int i = 0; i < node.columns; i++) {
			current[i] = random.nextInt(3);
			// how many elements in ten have a greater key than the one before
			steps[i] = 1 + random.nextInt(9);
		}
		Item before = null;
		for (int id = firstId; id < firstId + length; id++) {
			if (troubled && random.nextInt(6) == 0) {
				elements.add(INVALID);
			}
			if (before != null && random.nextInt(10) == 0) {
				elements.add(before);
				continue;
			}
			List<Integer> itemRanks = new ArrayList<>();
			for (int i = 0; i < node.columns; i++) {
				if (random.nextInt(10) < steps[i]) {
					current[i] = Math.min(current[i] + 1 + random.nextInt(2), ranks);
				}
				boolean back = troubled && random.nextInt(8) == 0;
				itemRanks.add(back ? Math.max(current[i] - 1 - random.nextInt(3), 0) : current[i]);
			}
			before = new Item(node.name, id, Collections.unmodifiableList(itemRanks));
			elements.add(before);
		}
	}

	/**
	 * By what a stream is ordered and merged.
	 */
	int order(Item item) {
		return (this.nodes.size() > 1) ? item.rank(0) : item.rank(0) / 3;
	}

	/**
	 * What stands in each stream of a broker: in each partition, if they are merged.
	 */
	public Map<String, List<Object>> streams() {
		Map<String, List<Object>> streams = inOrder();
		streams.replaceAll((stream, elements) -> shuffled(elements));
		return streams;
	}

	/**
	 * Delay each element by less than what it may be delayed by.
	 */
	private List<Object> shuffled(List<Object> elements) {
		Random random = new Random(this.seed);
		Map<Object, Integer> places = new IdentityHashMap<>();
		List<Object> shuffled = new ArrayList<>(elements);
		int id = 0;
		for (int i = 0; i < elements.size() && this.within > 0; i++) {
			id = (elements.get(i) instanceof Item item) ? item.id() : id;
			Object invalid = new InvalidElement(INVALID.problem(), null, null);
			shuffled.set(i, (elements.get(i) instanceof Item item) ? item : invalid);
			places.putIfAbsent(shuffled.get(i), id + random.nextInt(this.within));
		}
		if (this.within > 0) {
			shuffled.sort(Comparator.comparing(places::get));
		}
		return shuffled;
	}

	private Map<String, List<Object>> inOrder() {
		Map<String, List<Object>> streams = new LinkedHashMap<>();
		for (Node node : this.nodes) {
			for (int i = 0; i < node.partitions.size(); i++) {
				streams.put(MergingBroker.partition(node.name, i), node.partitions.get(i));
			}
			if (!this.merged) {
				streams.put(node.name, node.elements);
			}
		}
		return streams;
	}

	int longestStream() {
		return this.nodes.stream().mapToInt((node) -> node.elements.size()).max().orElse(0);
	}

	List<Integer> children(int parent) {
		List<Integer> children = new ArrayList<>();
		for (int i = 1; i < this.nodes.size(); i++) {
			if (this.nodes.get(i).parent == parent) {
				children.add(i);
			}
		}
		return children;
	}

	@Nullable Integer windowOf(Item item) {
		return switch (this.windows) {
			case NONE, HOPPING, SESSION, COUNT -> null;
			case BY_RANK -> item.rank(0) / 3;
			case BY_CHANGE -> item.id() / 3 % 2;
		};
	}

	boolean isHopping() {
		return this.windows == Windows.HOPPING;
	}

	boolean isWindowed() {
		return this.windows != Windows.NONE;
	}

	/**
	 * Make a mill whose results are its deliveries.
	 */
	public MillBuilder builder(Broker inputs, Broker output) {
		return builder(inputs, output, (shown) -> false);
	}

	/**
	 * Make a mill whose function fails for some deliveries.
	 */
	MillBuilder builder(Broker inputs, Broker output, Predicate<Shown> failing) {
		MillBuilder builder = Mill.builder("random");
		List<Input<Item>> built = new ArrayList<>();
		built.add(builder.from(this.nodes.get(0).name, Item.class, inputs));
		for (int i = 1; i < this.nodes.size(); i++) {
			Node node = this.nodes.get(i);
			JoinCondition<Item, Item>.Matches join = builder.join(built.get(node.parent), node.name, Item.class, inputs)
				.on(key(node, true), key(node, false));
			built.add(node.join(join));
		}
		for (Input<Item> input : built) {
			input.onInvalid(ErrorPolicy.SKIP);
			input.onDisorder(ErrorPolicy.SKIP);
			if (this.within > 0) {
				input.reorder(KeyFunction.<Item>ofLong("id", Item::id), KeySpan.of(this.waits));
			}
		}
		switch (this.windows) {
			case NONE -> {
			}
			case BY_RANK, BY_CHANGE -> builder.windowBy(KeyFunction.<Item>ofLong("window", this::windowOf));
			case HOPPING -> builder.windowBy(this.windowKeys.left(0), this.windowKeys.span(this.windowSize),
					this.windowKeys.span(this.windowStep), this.windowKeys.offset(this.windowOffset));
			case SESSION -> builder.sessionsBy(this.windowKeys.left(0), this.windowKeys.span(this.windowSize));
			case COUNT -> builder.windowCount(this.windowSize);
		}
		builder.to("out", Shown.class, output);
		if (!this.asynchronous) {
			return builder.process((delivery) -> process(built, delivery, failing));
		}
		Random random = new Random(this.seed);
		builder.maxInFlight(1 + random.nextInt(5));
		return builder.processLater((delivery) -> {
			// what is handed out is looked at when the merge may have gone on
			CompletableFuture<Shown> later = new CompletableFuture<>();
			EXECUTOR.schedule(() -> later.completeAsync(() -> process(built, delivery, failing), EXECUTOR),
					random.nextInt(200), TimeUnit.MICROSECONDS);
			return later;
		});
	}

	private static Shown process(List<Input<Item>> built, Delivery delivery, Predicate<Shown> failing) {
		Shown shown = show(built, delivery);
		if (failing.test(shown)) {
			throw new IllegalStateException("as intended");
		}
		return shown;
	}

	/**
	 * Read what {@link #streams()} has from a broker.
	 */
	Broker over(Broker broker) {
		return this.merged ? new MergingBroker(broker, this::partitions) : broker;
	}

	private int partitions(String stream) {
		return this.nodes.stream()
			.filter((node) -> node.name.equals(stream))
			.mapToInt((node) -> node.partitions.size())
			.sum();
	}

	private KeyFunction<Item> key(Node node, boolean left) {
		// expressions of one description on one stream are one expression
		if (this.merged) {
			Node on = left ? this.nodes.get(node.parent) : node;
			boolean form = this.nodes.indexOf(on) % 2 == 0;
			return this.keys.computeIfAbsent(on.name, (any) -> form ? on.keys.left(0) : on.keys.right(0));
		}
		String name = left ? node.parent + " left " + node.left + node.keys : node.name;
		return this.keys.computeIfAbsent(name, (any) -> left ? node.keys.left(node.left) : node.keys.right(0));
	}

	@SuppressWarnings("unchecked")
	private static Shown show(List<Input<Item>> inputs, Delivery delivery) {
		List<List<Shown.Pair>> joins = new ArrayList<>();
		for (Input<Item> input : inputs.subList(1, inputs.size())) {
			Map<Item, List<Item>> matches;
			if (input instanceof JoinOptional<?, Item> optional) {
				matches = new LinkedHashMap<>();
				((Map<Item, Optional<Item>>) (Map<?, ?>) delivery.get(optional))
					.forEach((parent, child) -> matches.put(parent, child.stream().toList()));
			}
			else if (input instanceof JoinFirst<?, Item> first) {
				matches = new LinkedHashMap<>();
				((Map<Item, Item>) delivery.get(first)).forEach((parent, child) -> matches.put(parent, List.of(child)));
			}
			else {
				matches = (Map<Item, List<Item>>) (Map<?, ?>) delivery.get((JoinMany<?, Item>) input);
			}
			joins.add(Shown.pairs(matches));
		}
		return new Shown(List.copyOf(delivery.window(inputs.get(0))), joins);
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("-Doracle.seed=" + this.seed + (this.merged ? ", merged" : "")
				+ (this.asynchronous ? ", asynchronous" : "")
				+ ((this.within > 0) ? ", reordered within " + this.waits + " of " + this.within : "") + ", windows "
				+ this.windows + " of " + this.windowKeys + ", size " + this.windowSize + ", step " + this.windowStep
				+ ", offset " + this.windowOffset + "\n");
		Map<Integer, Integer> depths = new TreeMap<>();
		for (int i = 0; i < this.nodes.size(); i++) {
			Node node = this.nodes.get(i);
			int depth = (i > 0) ? depths.get(node.parent) + 1 : 0;
			depths.put(i, depth);
			text.append("  ".repeat(depth)).append(node.name);
			if (i > 0) {
				text.append(" to n")
					.append(node.parent)
					.append(" by ")
					.append(node.keys)
					.append(", left column ")
					.append(node.left)
					.append(node.first ? ", first" : "")
					.append(node.optional ? ", optional" : "")
					.append(node.describe());
			}
			text.append(": ").append(this.merged ? node.partitions : node.elements).append('\n');
		}
		return text.toString();
	}

	enum Windows {

		NONE, BY_RANK, BY_CHANGE, HOPPING, SESSION, COUNT

	}

	/**
	 * A stream in the tree.
	 */
	public static final class Node {

		public String name = "";

		int parent;

		KeyCase keys = KeyCase.LONG;

		/** The column of the left key among the parent's; the right key is column 0. */
		int left;

		boolean first;

		boolean optional;

		/** How it is joined, {@code null} by equal keys. */
		JoinKind.@Nullable Direction direction;

		boolean within;

		boolean exact = true;

		/** How far matches may be, in ranks, -1 for any distance. */
		int before = -1;

		int after = -1;

		/** Whether something has to be equal besides. */
		boolean by;

		int columns;

		/** Of all partitions, one behind another, where they are merged. */
		public final List<Object> elements = new ArrayList<>();

		public final List<List<Object>> partitions = new ArrayList<>();

		void edge(Random random) {
			this.optional = random.nextInt(3) == 0;
			int kind = this.keys.hasDistances() ? random.nextInt(6) : 0;
			if (kind < 2) {
				return;
			}
			this.by = random.nextBoolean();
			this.before = random.nextInt(6) - 1;
			if (kind < 4) {
				this.first = false;
				this.within = true;
				this.before = Math.max(this.before, 0);
				this.after = random.nextInt(4);
				return;
			}
			this.first = true;
			this.direction = JoinKind.Direction.values()[random.nextInt(3)];
			this.exact = random.nextInt(3) > 0;
			if (this.by && this.direction != JoinKind.Direction.BACKWARD) {
				this.before = Math.max(this.before, 0);
			}
			this.after = this.before;
		}

		Input<Item> join(JoinCondition<Item, Item>.Matches join) {
			if (this.within) {
				JoinCondition<Item, Item>.WithinMatches matches = join.within(this.keys.span(this.before),
						this.keys.span(this.after));
				if (this.by) {
					matches.by(Node::leftBy, Node::rightBy);
				}
				return this.optional ? matches.optional() : matches.many();
			}
			if (this.direction != null) {
				JoinCondition<Item, Item>.AsOfMatch match = join.asOf(this.direction);
				if (this.before >= 0) {
					match.tolerance(this.keys.span(this.before));
				}
				if (!this.exact) {
					match.notExact();
				}
				if (this.by) {
					match.by(Node::leftBy, Node::rightBy);
				}
				return this.optional ? match.optional() : match.match();
			}
			if (this.optional) {
				return this.first ? join.optional().first() : join.optional().many();
			}
			return this.first ? join.first() : join.many();
		}

		/**
		 * What has to be equal: of one value, but not of one type.
		 */
		static int by(Item item) {
			return item.id() % 2;
		}

		private static Object leftBy(Item item) {
			return (long) by(item);
		}

		private static Object rightBy(Item item) {
			return (item.id() % 3 == 0) ? (Object) (double) by(item) : new BigDecimal(by(item) + ".00");
		}

		String describe() {
			return (this.within ? ", within" : "") + ((this.direction != null) ? ", as of " + this.direction : "")
					+ (this.exact ? "" : ", not exact") + ((this.before >= 0) ? ", before " + this.before : "")
					+ ((this.after >= 0) ? ", after " + this.after : "") + (this.by ? ", by id % 2" : "");
		}

	}

}
