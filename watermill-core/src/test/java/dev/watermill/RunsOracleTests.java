package dev.watermill;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.engine.MillLiveness.Activity;
import dev.watermill.engine.MillState;
import dev.watermill.join.JoinKind;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Run after run of random mills over streams, many of them merged of partitions, each up
 * to a mark in each, while elements and marks come in any order, and the mill is stopped
 * or fails on the way: the results of each run are those of nested loops over its
 * elements, and each invalid one is a dead letter, once. {@code -Druns.mills=...} takes
 * more of them, {@code -Druns.seed=...} begins elsewhere.
 */
class RunsOracleTests {

	private static final int MILLS = Integer.getInteger("runs.mills", 60);

	private static final long FIRST_SEED = Long.getLong("runs.seed", 0);

	private static final int RUNS = 3;

	private static final Set<Activity> AT_REST = Set.of(Activity.IDLE, Activity.WAITING);

	/** The same for all, since partitions are merged by one key. */
	private static final KeyFunction<Element> KEY = KeyFunction.ofLong("key", Element::key);

	/**
	 * All that is joined is read up to this key, and nothing stands behind it but marks.
	 */
	private static final long LAST = 50;

	private static final long WINDOW = 4;

	/** How far keys may be before ones that came earlier, where they are reordered. */
	private static final long WITHIN = 3;

	private static final Duration LONG = Duration.ofSeconds(20);

	@Test
	void eachRunHasTheElementsBetweenItsMarks() {
		for (long seed = FIRST_SEED; seed < FIRST_SEED + MILLS; seed++) {
			Trial trial = new Trial(seed);
			try {
				for (int run = 0; run < RUNS; run++) {
					trial.run();
				}
			}
			catch (AssertionError | RuntimeException | InterruptedException ex) {
				throw new AssertionError("failed for -Druns.mills=1 -Druns.seed=" + seed + ": " + trial, ex);
			}
			finally {
				trial.mill.stop();
			}
		}
	}

	/**
	 * An element of a partition, the same in no other place.
	 */
	private record Element(long key, int partition, String name) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	private enum Kind {

		MANY, FIRST, OPTIONAL, WITHIN, BACKWARD, FORWARD;

		boolean isRequired() {
			return this == MANY || this == FIRST;
		}

		List<Element> matches(Element parent, List<Element> children) {
			return switch (this) {
				case MANY, OPTIONAL -> children.stream().filter((child) -> child.key == parent.key).toList();
				case FIRST -> children.stream().filter((child) -> child.key == parent.key).limit(1).toList();
				case WITHIN -> children.stream().filter((child) -> Math.abs(child.key - parent.key) <= 1).toList();
				case FORWARD -> children.stream().filter((child) -> child.key >= parent.key).limit(1).toList();
				case BACKWARD -> {
					List<Element> before = children.stream().filter((child) -> child.key <= parent.key).toList();
					yield before.isEmpty() ? List.of() : before.subList(before.size() - 1, before.size());
				}
			};
		}

		/**
		 * Join a stream so.
		 * @return what a delivery has of it for an element of the parent
		 */
		BiFunction<Delivery, Element, List<Element>> join(JoinCondition<Element, Element>.Matches on,
				Consumer<Input<Element>> arrival) {
			return switch (this) {
				case MANY -> many(on.many(), arrival);
				case OPTIONAL -> many(on.optional().many(), arrival);
				case WITHIN -> many(on.within(1, 1).optional(), arrival);
				case BACKWARD -> optional(on.asOf(JoinKind.Direction.BACKWARD).optional(), arrival);
				case FORWARD -> optional(on.asOf(JoinKind.Direction.FORWARD).optional(), arrival);
				case FIRST -> {
					JoinFirst<Element, Element> first = on.first();
					arrival.accept(first);
					yield (delivery, element) -> List.of(delivery.get(first).get(element));
				}
			};
		}

		private static BiFunction<Delivery, Element, List<Element>> many(JoinMany<Element, Element> join,
				Consumer<Input<Element>> arrival) {
			arrival.accept(join);
			return (delivery, element) -> delivery.get(join).getOrDefault(element, List.of());
		}

		private static BiFunction<Delivery, Element, List<Element>> optional(JoinOptional<Element, Element> join,
				Consumer<Input<Element>> arrival) {
			arrival.accept(join);
			return (delivery, element) -> delivery.get(join).getOrDefault(element, Optional.empty()).stream().toList();
		}

	}

	private static final class Trial {

		private final Random random;

		private final InMemoryBroker broker;

		private final Map<String, Integer> partitions = new LinkedHashMap<>();

		private final Map<String, Kind> kinds = new LinkedHashMap<>();

		/** The streams that are brought into order. */
		private final Set<String> reordered = new TreeSet<>();

		/** Those whose last element is set aside until the mark is seen. */
		private final Set<String> stepped = new TreeSet<>();

		/** What was appended in this run, by streams. */
		private final Map<String, List<Element>> elements = new LinkedHashMap<>();

		private final List<String> expected = new ArrayList<>();

		private final StringBuilder log = new StringBuilder();

		/** What are dead letters, of all runs. */
		private final List<String> letters = new ArrayList<>();

		private final boolean crashes;

		private final boolean invalid;

		private final boolean windowed;

		private int run;

		private Mill mill;

		Trial(long seed) {
			this.random = new Random(seed);
			this.broker = new InMemoryBroker(1 + this.random.nextInt(4));
			this.crashes = this.random.nextBoolean();
			this.broker.stream("out", 1);
			for (String stream : List.of("a", "b", "c")) {
				int count = this.random.nextInt(4);
				this.partitions.put(stream, count);
				if (this.random.nextInt(3) == 0) {
					this.reordered.add(stream);
				}
				if (this.random.nextInt(3) == 0) {
					this.stepped.add(stream);
				}
				IntStream.rangeClosed(0, count).forEach((partition) -> partition(stream, partition));
			}
			for (String stream : List.of("b", "c")) {
				this.kinds.put(stream, Kind.values()[this.random.nextInt(Kind.values().length)]);
			}
			this.windowed = this.random.nextBoolean();
			this.invalid = this.random.nextInt(3) > 0;
			this.broker.stream("letters", 1);
			this.mill = mill();
		}

		private InMemoryStream<Element> partition(String stream, int partition) {
			return this.broker.<Element>stream(MergingBroker.partition(stream, partition), 1).partition(0);
		}

		private Mill mill() {
			Broker merging = new MergingBroker(this.broker, this.partitions::get);
			MillBuilder builder = Mill.builder("mill")
				.pollTimeout(Duration.ofMillis(1))
				.commitInterval(Duration.ofMillis(1))
				.deadLetters(StreamDefinition.of("letters", DeadLetter.class), this.broker);
			Input<Element> master = builder.from("a", Element.class, merging);
			List<BiFunction<Delivery, Element, List<Element>>> joined = new ArrayList<>();
			arrives("a", master);
			this.kinds.forEach((stream, kind) -> joined
				.add(kind.join(builder.join(master, stream, Element.class, merging).on(KEY, KEY),
						(input) -> arrives(stream, input))));
			if (this.windowed) {
				builder.windowBy(KeyFunction.<Element>ofLong("window", (element) -> element.key / WINDOW));
			}
			builder.to("out", String.class, this.broker).process((delivery) -> {
				List<Element> window = this.windowed ? delivery.window(master) : List.of(delivery.get(master));
				return describe(window, (element) -> joined.stream().map((of) -> of.apply(delivery, element)).toList());
			});
			Random commits = new Random(this.random.nextLong());
			return builder.listener(Crash.behindCommits(() -> this.crashes && commits.nextInt(30) == 0)).build();
		}

		private void arrives(String stream, Input<Element> input) {
			input.onInvalid(ErrorPolicy.DEAD_LETTER);
			if (this.reordered.contains(stream)) {
				input.reorder(KEY, KeySpan.of(WITHIN));
			}
			if (this.stepped.contains(stream)) {
				input.maxStep(KEY, KeySpan.of(LAST / 2));
			}
		}

		private static String describe(List<Element> window, Function<Element, List<List<Element>>> matches) {
			return window.stream().map((element) -> element + "" + matches.apply(element)).toList().toString();
		}

		void run() throws InterruptedException {
			this.run++;
			List<Deque<Runnable>> steps = steps();
			expect();
			this.mill.start();
			while (steps.stream().anyMatch((of) -> !of.isEmpty())) {
				Deque<Runnable> next = steps.get(this.random.nextInt(steps.size()));
				// the master is over when everything else is there
				boolean isLastOfMaster = next == steps.get(0) && next.size() == 1;
				if (!next.isEmpty() && (!isLastOfMaster || isLast(steps))) {
					next.poll().run();
				}
				switch (this.random.nextInt(12)) {
					case 0 -> startAgain();
					case 1, 2 -> await().atMost(LONG)
						.pollInterval(Duration.ofMillis(1))
						.until(() -> isEnded() || AT_REST.contains(this.mill.liveness().activity()));
					default -> {
					}
				}
			}
			complete();
			assertThat(this.broker.<String>stream("out").partition(0).elements()).isEqualTo(this.expected);
			List<DeadLetter> written = this.broker.<DeadLetter>stream("letters").partition(0).elements();
			assertThat(written.stream().map((letter) -> new String(letter.element().value())))
				.containsExactlyInAnyOrderElementsOf(this.letters);
		}

		private static boolean isLast(List<Deque<Runnable>> steps) {
			return steps.stream().mapToInt(Deque::size).sum() == 1;
		}

		private boolean isEnded() {
			return this.mill.state() == MillState.FAILED || this.mill.state() == MillState.COMPLETED;
		}

		private void startAgain() throws InterruptedException {
			this.mill.stop();
			assertThat(this.mill.awaitEnd(LONG)).isTrue();
			this.log.append('|').append(this.mill.state());
			if (!isOver()) {
				this.mill = mill();
				this.mill.start();
			}
		}

		/**
		 * Whether this run is over, be it that the mill failed right behind the commit
		 * that says so.
		 */
		private boolean isOver() {
			return this.broker.committed(new LaneId("mill", 0))
				.filter((last) -> last.completed() && last.run() == this.run)
				.isPresent();
		}

		private void complete() throws InterruptedException {
			for (int i = 0; i < 1000; i++) {
				assertThat(this.mill.awaitEnd(LONG)).as("%s", this.mill.status()).isTrue();
				if (isOver()) {
					return;
				}
				assertThat(this.mill.state()).isEqualTo(MillState.FAILED);
				assertThat(this.mill.status().lastError().message()).contains("crash");
				this.mill = mill();
				this.mill.start();
			}
		}

		/**
		 * What is appended to each partition, in order; the last mark of the master comes
		 * when everything else is there.
		 */
		private List<Deque<Runnable>> steps() {
			List<Deque<Runnable>> steps = new ArrayList<>();
			this.elements.clear();
			this.partitions.forEach((stream, count) -> {
				this.elements.put(stream, new ArrayList<>());
				for (int i = 0; i < Math.max(count, 1); i++) {
					int partition = i;
					Deque<Runnable> of = new ArrayDeque<>();
					LongStream.concat(keys(stream), (partition == 0) ? LongStream.of(LAST) : LongStream.empty())
						.forEach((key) -> {
							Element element = new Element(key, partition,
									stream + partition + "." + this.run + "." + of.size() + "/" + key);
							this.elements.get(stream).add(element);
							addInvalid(of, stream, partition);
							of.add(() -> partition(stream, partition).append(element));
						});
					if (partition > 0) {
						addInvalid(of, stream, partition);
					}
					of.add(() -> partition(stream, partition).end());
					steps.add(of);
				}
				this.elements.get(stream)
					.sort(Comparator.comparingLong(Element::key).thenComparingInt(Element::partition));
			});
			this.log.append("\nrun ").append(this.run).append(' ').append(this.elements);
			return steps;
		}

		/**
		 * Add, now and then, what becomes a dead letter.
		 */
		private void addInvalid(Deque<Runnable> steps, String stream, int partition) {
			if (this.invalid && this.random.nextInt(4) == 0) {
				String name = "!" + stream + partition + "." + this.run + "." + steps.size();
				this.letters.add(name);
				steps.add(() -> partition(stream, partition)
					.appendInvalid(new InvalidElement("it is invalid", name.getBytes(), null)));
			}
		}

		/**
		 * Keys in the order in which they come.
		 */
		private LongStream keys(String stream) {
			long late = this.reordered.contains(stream) ? WITHIN : 1;
			return this.random.longs(1 + this.random.nextInt(5), 0, 10)
				.mapToObj((key) -> Map.entry(key + this.random.nextLong(late), key))
				.sorted(Map.Entry.comparingByKey())
				.mapToLong(Map.Entry::getValue);
		}

		private void expect() {
			List<Element> delivered = new ArrayList<>(this.elements.get("a"));
			delivered.removeIf((element) -> this.kinds.entrySet()
				.stream()
				.anyMatch((joined) -> joined.getValue().isRequired() && matches(element, joined.getKey()).isEmpty()));
			for (int i = 0; i < delivered.size();) {
				int end = i + 1;
				long window = delivered.get(i).key / WINDOW;
				while (this.windowed && end < delivered.size() && delivered.get(end).key / WINDOW == window) {
					end++;
				}
				this.expected.add(describe(delivered.subList(i, end),
						(element) -> this.kinds.keySet().stream().map((stream) -> matches(element, stream)).toList()));
				i = end;
			}
		}

		private List<Element> matches(Element element, String stream) {
			return this.kinds.get(stream).matches(element, this.elements.get(stream));
		}

		@Override
		public String toString() {
			return this.partitions + " " + this.kinds + " reordered " + this.reordered + " stepped " + this.stepped
					+ (this.windowed ? " in windows" : "") + (this.invalid ? " some invalid" : "")
					+ (this.crashes ? " with crashes" : "") + this.log;
		}

	}

}
