package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.FuzzedFile.Element;
import dev.watermill.broker.file.TestFiles.Attempt;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A join of two fuzzed files, and whether it is right: what it delivers is what a join of
 * the elements gives that are read at once, it fails where it has to and says where, all
 * that is read is accounted for, and it goes on once bad elements are to be skipped.
 */
final class FuzzRun {

	private static final Map<List<Integer>, JsonFileBroker> BROKERS = new HashMap<>();

	private static final int WHOLE = 128 * 1024;

	private static final int[] CHUNK_SIZES = { 1, 5, 64, 1000, WHOLE, WHOLE };

	private final long seed;

	private final Path directory;

	private final FuzzedFile left;

	private final FuzzedFile right;

	private final JsonFileBroker files;

	private final InMemoryBroker memory = new InMemoryBroker();

	private final ErrorPolicy[] policies = new ErrorPolicy[4];

	private final int maxSize;

	private Consumer<MillState> accounting = (state) -> {
	};

	FuzzRun(long seed, Path directory) {
		this.seed = seed;
		this.directory = directory;
		Random random = new Random(seed);
		this.left = new FuzzedFile(random);
		this.right = new FuzzedFile(random);
		this.maxSize = (random.nextInt(5) == 0) ? 20 + random.nextInt(60) : 16 * 1024 * 1024;
		this.files = broker(CHUNK_SIZES[random.nextInt(CHUNK_SIZES.length)], this.maxSize);
		for (int i = 0; i < this.policies.length; i++) {
			this.policies[i] = ErrorPolicy.values()[random.nextInt(3)];
		}
	}

	private static JsonFileBroker broker(int chunkSize, int maxSize) {
		return BROKERS.computeIfAbsent(List.of(chunkSize, maxSize),
				(sizes) -> JsonFileBroker.builder(TestFiles.JSON).chunkSize(chunkSize).maxElementSize(maxSize).build());
	}

	void run() throws IOException {
		StreamDefinition<Element> a = this.left.definition(this.directory, "a");
		StreamDefinition<Element> b = this.right.definition(this.directory, "b");
		Content master = read(a, this.left);
		Content child = read(b, this.right);
		Mill mill = mill(a, b, this.policies);
		List<String> all = join(master.accepted(ErrorPolicy.SKIP, ErrorPolicy.SKIP),
				child.accepted(ErrorPolicy.SKIP, ErrorPolicy.SKIP));
		List<String> until = join(master.accepted(this.policies[0], this.policies[1]),
				child.accepted(this.policies[2], this.policies[3]));
		MillState state = mill.run();
		check(mill, state, until, master, child);
		assertThat(letters("a").size() + letters("b").size())
			.isEqualTo(deadLettered(mill, "a") + deadLettered(mill, "b"));
		boolean whole = master.failure == null && child.failure == null;
		if (state == MillState.FAILED) {
			// the repair: what is bad need not be good any more
			Arrays.setAll(this.policies,
					(i) -> (this.policies[i] == ErrorPolicy.FAIL) ? ErrorPolicy.SKIP : this.policies[i]);
			Mill next = mill(a, b, this.policies);
			state = next.run();
			check(next, state, all, master, child);
			assertThat(state == MillState.COMPLETED || !whole).as("%s", next.status().lastError()).isTrue();
		}
	}

	private void check(Mill mill, MillState state, List<String> expected, Content master, Content child) {
		this.accounting.accept(state);
		assertLetters("a", master.bad(this.policies[0], this.policies[1]), state, !isRagged(master, this.left));
		assertLetters("b", child.bad(this.policies[2], this.policies[3]), state, !isRagged(child, this.right));
		List<Object> results = this.memory.<Object>stream("out").elements();
		MillStatus.Problem problem = mill.status().lastError();
		boolean ragged = isRagged(master, this.left) || isRagged(child, this.right);
		int common = ragged ? Math.min(expected.size(), results.size())
				: (state == MillState.COMPLETED) ? expected.size() : results.size();
		assertThat(ragged ? results.subList(0, common) : results)
			.isEqualTo(expected.subList(0, Math.min(common, expected.size())));
		if (state != MillState.COMPLETED) {
			assertThat(state).isEqualTo(MillState.FAILED);
			assertThat(problem).isNotNull();
			boolean ofMaster = problem.message().contains("tream 'a'");
			assertThat(problem.message()).containsAnyOf("tream 'a'", "tream 'b'")
				.contains(this.directory.resolve(ofMaster ? "a." : "b.").toString())
				.doesNotContain("\n", "\u001e", "\0")
				.hasSizeLessThan(3000);
			assertThat(ofMaster ? master.isBad() : child.isBad()).as(problem.message()).isTrue();
		}
	}

	private List<DeadLetter> letters(String stream) {
		return this.memory.<DeadLetter>stream("letters-" + stream).elements();
	}

	private static long deadLettered(Mill mill, String stream) {
		MillCounters.Input counters = mill.counters().inputs().get(stream);
		return Arrays.stream(SkipReason.values()).mapToLong((reason) -> counters.deadLettered(reason).get()).sum();
	}

	/**
	 * See that the dead letters are the bad elements as they were, in their order, each
	 * once; of a stream that was not read to its end there are some behind.
	 */
	private void assertLetters(String stream, List<String> bad, MillState state, boolean exact) {
		List<String> letters = letters(stream).stream().map(FuzzRun::describe).toList();
		int common = exact ? letters.size() : Math.min(letters.size(), bad.size());
		assertThat(bad.size()).as("dead letters of '%s': %s, expected %s", stream, letters, bad)
			.isGreaterThanOrEqualTo(common);
		for (int i = 0; i < common; i++) {
			// what is too long need not be all there
			assertThat(letters.get(i)).as("dead letter %d of '%s'", i, stream).startsWith(bad.get(i));
		}
	}

	private static String describe(DeadLetter letter) {
		byte[] value = letter.element().value();
		return (letter.reason() == SkipReason.DISORDER) ? FuzzedFile.read(value).toString()
				: HexFormat.of().formatHex(value);
	}

	/**
	 * Whether it depends on how much is read at once how much comes out of a file: one
	 * whose compressed data is damaged.
	 */
	private static boolean isRagged(Content content, FuzzedFile file) {
		return content.failure != null && file.isCompressed();
	}

	private Mill mill(StreamDefinition<Element> a, StreamDefinition<Element> b, ErrorPolicy[] policies) {
		MillBuilder builder = Mill.builder("mill").to("out", String.class, this.memory);
		Input<Element> master = builder.from(a, this.files);
		JoinMany<Element, Element> child = builder.join(master, b, this.files)
			.onLong(Element::time, Element::time)
			.many();
		master.onInvalid(policies[0]);
		master.onDisorder(policies[1]);
		child.onInvalid(policies[2]);
		child.onDisorder(policies[3]);
		Set<Element> delivered = Collections.newSetFromMap(new IdentityHashMap<>());
		Set<Element> matched = Collections.newSetFromMap(new IdentityHashMap<>());
		builder.deadLetters("a", StreamDefinition.of("letters-a", DeadLetter.class), this.memory);
		builder.deadLetters("b", StreamDefinition.of("letters-b", DeadLetter.class), this.memory);
		builder.process((delivery) -> {
			Element element = delivery.get(master);
			List<Element> group = delivery.get(child).get(element);
			delivered.add(element);
			matched.addAll(group);
			return element + " " + group;
		});
		Mill mill = builder.build();
		this.accounting = (state) -> {
			assertAccounted(mill, "a", delivered.size(), state);
			assertAccounted(mill, "b", matched.size(), state);
		};
		return mill;
	}

	private static void assertAccounted(Mill mill, String stream, long delivered, MillState state) {
		MillCounters.Input counters = mill.counters().inputs().get(stream);
		long skipped = 0;
		for (SkipReason reason : SkipReason.values()) {
			skipped += counters.skipped(reason).get() + counters.deadLettered(reason).get();
		}
		long held = counters.read().get() - delivered - skipped;
		assertThat(held)
			.as("held of '%s' = %d read - %d delivered - %d skipped", stream, counters.read().get(), delivered, skipped)
			.isBetween(0L, (state == MillState.COMPLETED) ? 0L : Long.MAX_VALUE);
	}

	/**
	 * Read a file at once, and see that nothing is missing that anybody can see.
	 */
	private Content read(StreamDefinition<Element> definition, FuzzedFile file) {
		Attempt attempt = TestFiles.tryToRead(broker(WHOLE, this.maxSize).source(definition), null);
		Content content = new Content(attempt.content().elements(), attempt.failure());
		if (attempt.failure() == null) {
			List<Element> visible = file.plainLines(this.maxSize);
			int found = 0;
			for (Object element : content.elements) {
				found += (found < visible.size() && visible.get(found).equals(element)) ? 1 : 0;
			}
			assertThat(found).as("of the elements that are a line each: %s", visible).isEqualTo(visible.size());
		}
		return content;
	}

	private static List<String> join(List<Element> master, List<Element> child) {
		List<String> deliveries = new ArrayList<>();
		for (Element element : master) {
			List<Element> group = child.stream().filter((other) -> other.time() == element.time()).toList();
			if (!group.isEmpty()) {
				deliveries.add(element + " " + group);
			}
		}
		return deliveries;
	}

	@Override
	public String toString() {
		return "seed " + this.seed + ", policies " + List.of(this.policies) + ", elements of at most " + this.maxSize
				+ " bytes\na: " + this.left + "\nb: " + this.right;
	}

	/**
	 * What is in a file.
	 */
	private record Content(List<Object> elements, @Nullable Exception failure) {

		/**
		 * Return what goes into the join, up to where it fails.
		 */
		List<Element> accepted(ErrorPolicy onInvalid, ErrorPolicy onDisorder) {
			List<Element> accepted = new ArrayList<>();
			for (Object element : this.elements) {
				if (element instanceof InvalidElement) {
					if (onInvalid == ErrorPolicy.FAIL) {
						return accepted;
					}
				}
				else if (accepted.isEmpty() || ((Element) element).time() >= accepted.get(accepted.size() - 1).time()) {
					accepted.add((Element) element);
				}
				else if (onDisorder == ErrorPolicy.FAIL) {
					return accepted;
				}
			}
			return accepted;
		}

		/**
		 * Return what goes to the dead letters, up to where it fails.
		 */
		List<String> bad(ErrorPolicy onInvalid, ErrorPolicy onDisorder) {
			List<String> bad = new ArrayList<>();
			long last = Long.MIN_VALUE;
			for (Object element : this.elements) {
				if (element instanceof InvalidElement invalid) {
					if (onInvalid == ErrorPolicy.DEAD_LETTER) {
						String bytes = HexFormat.of().formatHex(invalid.bytes());
						// behind one that is too long its comma may be taken for its own
						boolean tooLong = invalid.problem().contains("of at most");
						bad.add((tooLong && bytes.endsWith("2c")) ? bytes.substring(0, bytes.length() - 2) : bytes);
					}
				}
				else if (((Element) element).time() < last) {
					if (onDisorder == ErrorPolicy.DEAD_LETTER) {
						bad.add(element.toString());
					}
				}
				else {
					last = ((Element) element).time();
				}
			}
			return bad;
		}

		boolean isBad() {
			List<Element> accepted = accepted(ErrorPolicy.SKIP, ErrorPolicy.SKIP);
			return this.failure != null || accepted.size() < this.elements.size();
		}

	}

}
