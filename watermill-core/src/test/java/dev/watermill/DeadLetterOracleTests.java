package dev.watermill;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dead letters of random trees whose streams are bad: at any commit, those of a
 * stream are its bad elements up to where they have been written, each once, wherever the
 * mill crashed before. A failure prints the seed and the tree; {@code -Doracle.seed=...}
 * repeats one tree, {@code -Doracle.letters=...} takes more of them.
 */
class DeadLetterOracleTests {

	private static final int TREES = Integer.getInteger("oracle.letters", 1_500);

	private static final @Nullable Long ONLY_SEED = Long.getLong("oracle.seed");

	private static final LaneId LANE = new LaneId("random", 0);

	private static final Predicate<Shown> FAILING = (shown) -> shown.toString().hashCode() % 3 == 0;

	private int letters;

	/** How many commits said that letters were written behind the position. */
	private int behind;

	private int crashes;

	private int failed;

	@Test
	void areWrittenOnceWhereverTheMillCrashes() {
		if (ONLY_SEED != null) {
			check(new RandomTree(ONLY_SEED));
			return;
		}
		for (long seed = 1; seed <= TREES; seed++) {
			check(new RandomTree(seed));
		}
		requireMany();
	}

	@Test
	void ofPartitionsThatAreMergedAreWrittenOnce() {
		if (ONLY_SEED != null) {
			check(RandomTree.merged(ONLY_SEED));
			return;
		}
		for (long seed = 1; seed <= TREES / 3; seed++) {
			check(RandomTree.merged(seed));
		}
		requireMany();
	}

	/**
	 * What comes too late is a dead letter where it came, between elements that wait.
	 */
	@Test
	void ofStreamsThatAreBroughtIntoOrderAreWrittenOnce() {
		int late = 0;
		for (long seed = 1; seed <= TREES / 3; seed++) {
			RandomTree tree = RandomTree.late((ONLY_SEED != null) ? ONLY_SEED : seed);
			InMemoryBroker undisturbed = new InMemoryBroker();
			Mill mill = mill(tree, inputs(tree), undisturbed, new MillListener() {
			});
			assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
			for (RandomTree.Node node : tree.nodes) {
				late += (int) mill.counters().inputs().get(node.name).deadLettered(SkipReason.DISORDER).get();
			}
			try {
				checkWithCrashes(tree, undisturbed, new Random(seed), (broker) -> assertAlike(undisturbed, broker));
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed for the tree " + tree + ex.getMessage(), ex);
			}
		}
		assertThat(List.of(late, this.crashes)).allMatch((count) -> count > 50);
	}

	/**
	 * Each run is of another version of the application, which refuses other elements.
	 */
	@Test
	void ofVersionsThatRefuseOtherElementsAreWrittenOnce() {
		for (long seed = 1; seed <= TREES / 4; seed++) {
			long of = (ONLY_SEED != null) ? ONLY_SEED : seed;
			RandomTree tree = (of % 3 == 0) ? RandomTree.merged(of) : new RandomTree(of);
			try {
				new Versions(tree).check();
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed for the tree " + tree + ex.getMessage(), ex);
			}
		}
		assertThat(List.of(this.letters, this.behind, this.crashes))
			.as("letters where they were behind the position, newly refused ones there, crashes")
			.allMatch((count) -> count > 50);
	}

	/**
	 * Assert that of each stream the same is written, as far as both mills came.
	 */
	private static void assertAlike(InMemoryBroker undisturbed, InMemoryBroker broker) {
		Map<Object, List<Object>> expected = bySource(undisturbed);
		bySource(broker).forEach((stream, written) -> {
			List<Object> all = expected.getOrDefault(stream, List.of());
			int both = Math.min(all.size(), written.size());
			assertThat(written.subList(0, both)).as("dead letters of '%s'", stream).isEqualTo(all.subList(0, both));
			assertThat(written).as("dead letters of '%s'", stream).doesNotHaveDuplicates();
		});
	}

	private static Map<Object, List<Object>> bySource(InMemoryBroker broker) {
		Map<Object, List<Object>> letters = new LinkedHashMap<>();
		letters(broker).stream()
			.filter((letter) -> letter.reason() != SkipReason.FAILED)
			.forEach((letter) -> letters
				.computeIfAbsent(letter.element().origin().get("stream"), (stream) -> new ArrayList<>())
				.add(letter.element().origin().get("index") + " " + letter.reason()));
		return letters;
	}

	/** So that the trees are worth the name. */
	private void requireMany() {
		assertThat(List.of(this.letters, this.behind, this.crashes, this.failed))
			.as("letters, commits with some behind the position, crashes, failed deliveries")
			.allMatch((count) -> count > 50);
	}

	private void check(RandomTree tree) {
		Map<String, Map<Integer, SkipReason>> bad = bad(tree);
		if (bad.values().stream().allMatch(Map::isEmpty)) {
			return;
		}
		try {
			checkUndisturbed(tree, bad);
			checkWithCrashes(tree, bad, new Random(tree.seed));
		}
		catch (AssertionError | RuntimeException ex) {
			throw new AssertionError("failed for the tree " + tree + ex.getMessage(), ex);
		}
	}

	/**
	 * The bad elements of each stream, or partition of one that is merged, as nested
	 * loops would skip them.
	 */
	private static Map<String, Map<Integer, SkipReason>> bad(RandomTree tree) {
		Map<String, Map<Integer, SkipReason>> bad = new LinkedHashMap<>();
		tree.streams().forEach((stream, elements) -> {
			Map<Integer, SkipReason> found = new LinkedHashMap<>();
			Item last = null;
			for (int i = 0; i < elements.size(); i++) {
				if (!(elements.get(i) instanceof Item item)) {
					found.put(i, SkipReason.INVALID);
				}
				else if (last != null && goesBack(tree, last, item)) {
					found.put(i, SkipReason.DISORDER);
				}
				else {
					last = item;
				}
			}
			bad.put(stream, found);
		});
		return bad;
	}

	private static boolean goesBack(RandomTree tree, Item before, Item item) {
		if (tree.merged) {
			return tree.order(item) < tree.order(before);
		}
		for (int i = 0; i < item.ranks().size() && tree.nodes.size() > 1; i++) {
			if (item.rank(i) < before.rank(i)) {
				return true;
			}
		}
		return false;
	}

	private static Mill mill(RandomTree tree, TrickleBroker inputs, InMemoryBroker broker, MillListener listener) {
		AtomicLong ticks = new AtomicLong();
		MillBuilder builder = tree.builder(tree.over(inputs), broker, FAILING)
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.onError(ErrorPolicy.DEAD_LETTER)
			.deadLetters(StreamDefinition.of("letters", DeadLetter.class), broker)
			.commitInterval(Duration.ofNanos(1))
			.clock(Clock.systemUTC(), ticks::incrementAndGet)
			.listener(listener);
		for (RandomTree.Node node : tree.nodes) {
			Input<?> input = builder.input(node.name);
			input.onInvalid(ErrorPolicy.DEAD_LETTER);
			input.onDisorder(ErrorPolicy.DEAD_LETTER);
		}
		return builder.build();
	}

	private void checkUndisturbed(RandomTree tree, Map<String, Map<Integer, SkipReason>> bad) {
		InMemoryBroker broker = new InMemoryBroker();
		Mill mill = mill(tree, inputs(tree), broker, new MillListener() {
		});
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertWritten(tree, broker, bad);
		NaiveJoin naive = new NaiveJoin(tree, FAILING);
		assertThat(results(broker)).isEqualTo(naive.deliveries());
		long counted = 0;
		for (int i = 0; i < tree.nodes.size(); i++) {
			String stream = tree.nodes.get(i).name;
			Accounting.assertAccounted(mill, stream, naive.delivered(i), 0);
			MillCounters.Input counters = mill.counters().inputs().get(stream);
			for (SkipReason reason : SkipReason.values()) {
				counted += counters.deadLettered(reason).get();
			}
		}
		int failures = (int) letters(broker).stream().filter((letter) -> letter.reason() == SkipReason.FAILED).count();
		this.failed += failures;
		this.letters += letters(broker).size();
		assertThat(counted).as("dead-lettered").isEqualTo(letters(broker).size());
	}

	private void checkWithCrashes(RandomTree tree, Map<String, Map<Integer, SkipReason>> bad, Random random) {
		InMemoryBroker undisturbed = new InMemoryBroker();
		assertThat(mill(tree, inputs(tree), undisturbed, new MillListener() {
		}).run()).isEqualTo(MillState.COMPLETED);
		checkWithCrashes(tree, undisturbed, random, (broker) -> assertWritten(tree, broker, bad));
	}

	private void checkWithCrashes(RandomTree tree, InMemoryBroker undisturbed, Random random,
			Consumer<InMemoryBroker> check) {
		InMemoryBroker broker = new InMemoryBroker();
		TrickleBroker inputs = inputs(tree);
		for (int run = 0; !broker.stream("out").isEnded(); run++) {
			int last = (run < 5) ? 1 + random.nextInt(8) : Integer.MAX_VALUE;
			boolean atCommit = random.nextBoolean();
			Mill mill = mill(tree, inputs, broker, crashing(last, atCommit));
			mill.run();
			assertThat(run).as("runs until it completes: %s", mill.status()).isLessThan(10);
			check.accept(broker);
		}
		assertThat(results(broker)).isEqualTo(results(undisturbed));
		assertThat(failedElements(broker)).as("elements of deliveries that failed")
			.isEqualTo(failedElements(undisturbed));
	}

	private MillListener crashing(int last, boolean atCommit) {
		return new MillListener() {

			private int count;

			@Override
			public void committed(long nanos) {
				crash(atCommit);
			}

			@Override
			public void delivered(long nanos) {
				crash(!atCommit);
			}

			private void crash(boolean counts) {
				if (counts && ++this.count == last) {
					DeadLetterOracleTests.this.crashes++;
					throw new Crash();
				}
			}

		};
	}

	private static TrickleBroker inputs(RandomTree tree) {
		TrickleBroker inputs = new TrickleBroker(new Random(tree.seed));
		tree.streams().forEach(inputs::put);
		return inputs;
	}

	private static List<Shown> results(InMemoryBroker broker) {
		InMemoryStream<Shown> out = broker.stream("out");
		return out.elements();
	}

	private static List<DeadLetter> letters(InMemoryBroker broker) {
		InMemoryStream<DeadLetter> letters = broker.stream("letters");
		return letters.elements();
	}

	private static List<Object> failedElements(InMemoryBroker broker) {
		return letters(broker).stream()
			.filter((letter) -> letter.reason() == SkipReason.FAILED)
			.<Object>map((letter) -> letter.element().origin())
			.toList();
	}

	/**
	 * Assert that, as of the last commit, the dead letters of each stream are its bad
	 * elements up to where the commit says.
	 */
	private void assertWritten(RandomTree tree, InMemoryBroker broker, Map<String, Map<Integer, SkipReason>> bad) {
		Checkpoint checkpoint = broker.committed(LANE).orElse(null);
		for (RandomTree.Node node : tree.nodes) {
			Checkpoint.Input input = (checkpoint != null) ? checkpoint.inputs().get(node.name) : null;
			this.behind += (input != null && input.letters() != null) ? 1 : 0;
			Position upTo = upTo(input);
			if (!tree.merged) {
				assertWritten(node.name, upTo, broker, bad);
				continue;
			}
			MergedSource.Parts parts = MergedSource.Parts.of(upTo);
			for (int i = 0; i < node.partitions.size(); i++) {
				assertWritten(MergingBroker.partition(node.name, i),
						(i < parts.size()) ? parts.position(i) : Position.empty(), broker, bad);
			}
		}
	}

	private static Position upTo(Checkpoint.@Nullable Input input) {
		if (input == null) {
			return Position.empty();
		}
		return (input.letters() != null) ? input.letters() : input.position();
	}

	private static void assertWritten(String stream, Position upTo, InMemoryBroker broker,
			Map<String, Map<Integer, SkipReason>> bad) {
		long end = upTo.has("at") ? upTo.number("at") : 0;
		List<String> expected = new ArrayList<>();
		bad.get(stream).forEach((index, reason) -> {
			if (index < end) {
				expected.add(index + " " + reason);
			}
		});
		List<String> written = letters(broker).stream()
			.filter((letter) -> letter.reason() != SkipReason.FAILED
					&& stream.equals(letter.element().origin().get("stream")))
			.map((letter) -> letter.element().origin().get("index") + " " + letter.reason())
			.toList();
		assertThat(written).as("dead letters of '%s' up to %d", stream, end).isEqualTo(expected);
	}

	/**
	 * Runs that refuse elements at random.
	 */
	private final class Versions {

		private final RandomTree tree;

		private final Random random;

		private final Map<String, List<Object>> streams;

		private final InMemoryBroker broker = new InMemoryBroker();

		Versions(RandomTree tree) {
			this.tree = tree;
			this.random = new Random(tree.seed);
			this.streams = tree.streams();
		}

		void check() {
			for (int run = 0; !this.broker.stream("out").isEnded(); run++) {
				Map<String, List<Object>> version = version();
				TrickleBroker inputs = new TrickleBroker(this.random);
				version.forEach(inputs::put);
				Checkpoint from = this.broker.committed(LANE).orElse(null);
				List<Object> dead = elementsOfLetters();
				int results = results(this.broker).size();
				mill(this.tree, inputs, this.broker,
						crashing((run < 5) ? 1 + this.random.nextInt(8) : Integer.MAX_VALUE, this.random.nextBoolean()))
					.run();
				this.tree.nodes.forEach((node) -> checkWritten(node, from, version));
				assertThat(results(this.broker).subList(results, results(this.broker).size()))
					.as("results of elements that are dead letters")
					.noneMatch((shown) -> isOf(shown, dead));
			}
		}

		private Map<String, List<Object>> version() {
			Map<String, List<Object>> version = new LinkedHashMap<>();
			this.streams.forEach((stream, elements) -> version.put(stream,
					elements.stream()
						.map((element) -> (this.random.nextInt(6) > 0) ? element : RandomTree.INVALID)
						.toList()));
			return version;
		}

		private List<Object> elementsOfLetters() {
			return letters(this.broker).stream()
				.filter((letter) -> letter.reason() != SkipReason.FAILED)
				.map((letter) -> {
					List<Object> elements = this.streams.get(String.valueOf(letter.element().origin().get("stream")));
					return elements.get(((Long) letter.element().origin().get("index")).intValue());
				})
				.filter((element) -> this.streams.values()
					.stream()
					.mapToInt((all) -> Collections.frequency(all, element))
					.sum() == 1)
				.toList();
		}

		private boolean isOf(Shown shown, List<Object> elements) {
			return shown.master().stream().anyMatch(elements::contains) || shown.joins()
				.stream()
				.flatMap(List::stream)
				.anyMatch((pair) -> pair.matches().stream().anyMatch(elements::contains));
		}

		/**
		 * Assert that what a run refused was written, wherever it began, once.
		 */
		private void checkWritten(RandomTree.Node node, @Nullable Checkpoint from, Map<String, List<Object>> version) {
			Checkpoint now = this.broker.committed(LANE).orElse(null);
			Checkpoint.Input before = (from != null) ? from.inputs().get(node.name) : null;
			Checkpoint.Input after = (now != null) ? now.inputs().get(node.name) : null;
			Position begun = (before != null) ? before.position() : Position.empty();
			boolean isReadAgain = before != null && after != null && before.letters() != null
					&& before.letters().equals(after.letters());
			Position upTo = (isReadAgain && after != null) ? after.position() : upTo(after);
			if (now != null && now.completed() && before != null && before.read() != null) {
				// of what a version before this one had read nothing need be read again
				upTo = begun;
			}
			for (int i = 0; i < (this.tree.merged ? node.partitions.size() : 1); i++) {
				String stream = this.tree.merged ? MergingBroker.partition(node.name, i) : node.name;
				checkWritten(stream, place(begun, i), place(upTo, i), version.get(stream));
				DeadLetterOracleTests.this.behind += (before != null && before.letters() != null
						&& place(before.letters(), i) > place(begun, i)) ? 1 : 0;
			}
		}

		private long place(Position position, int partition) {
			Position place = position;
			if (this.tree.merged) {
				MergedSource.Parts parts = MergedSource.Parts.of(position);
				place = (partition < parts.size()) ? parts.position(partition) : Position.empty();
			}
			return place.has("at") ? place.number("at") : 0;
		}

		private void checkWritten(String stream, long begin, long end, List<Object> version) {
			List<Long> written = letters(this.broker).stream()
				.filter((letter) -> letter.reason() != SkipReason.FAILED
						&& stream.equals(letter.element().origin().get("stream")))
				.map((letter) -> (Long) letter.element().origin().get("index"))
				.toList();
			assertThat(written).as("dead letters of '%s'", stream).doesNotHaveDuplicates();
			for (long index = begin; index < end; index++) {
				if (!(version.get((int) index) instanceof Item)) {
					assertThat(written).as("dead letters of '%s' from %d up to %d", stream, begin, end).contains(index);
					DeadLetterOracleTests.this.letters++;
				}
			}
		}

	}

}
