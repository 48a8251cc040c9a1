package dev.watermill.join.internal;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.InvalidElement;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReorderTests {

	private static final int SHUFFLES = Integer.getInteger("reorder.shuffles", 4000);

	private static final long SEED = Long.getLong("reorder.seed", 13);

	private static final Instant FUTURE = Instant.parse("9999-12-31T00:00:00Z");

	private static final BigDecimal LARGEST = new BigDecimal("1e17");

	private static final InvalidElement INVALID = new InvalidElement("not an item", null, null);

	private static final KeyFunction<Item> TIME = KeyFunction.ofLong("time", Item::time);

	/** An expression that does not decrease where time does not. */
	private static final KeyFunction<Item> TENTH = KeyFunction.ofLong("time / 10", (item) -> item.time() / 10);

	private static ArrivalPolicy reorder(KeyFunction<?> by, KeySpan within) {
		return reorder(by, within, 1000);
	}

	private static ArrivalPolicy reorder(KeyFunction<?> by, KeySpan within, int maxSize) {
		return new ArrivalPolicy(null, new ArrivalPolicy.Reorder(by, within, maxSize), 1);
	}

	private static List<Object> shuffled(Random random, int within, boolean strict) {
		List<Object> elements = new ArrayList<>();
		List<Item> items = new ArrayList<>();
		int size = random.nextInt(40);
		int time = 0;
		for (int i = 0; i < size; i++) {
			time += random.nextInt(4);
			items.add(new Item(time, i));
		}
		// whoever is delayed by less than that comes before all that are so much later
		int[] delays = random.ints(size, 0, Math.max(1, strict ? within : 2 * within + 2)).toArray();
		items.sort(Comparator.comparingInt((item) -> item.time() + delays[item.id()]));
		for (Item item : items) {
			if (random.nextInt(12) == 0) {
				elements.add(INVALID);
			}
			elements.add(item);
		}
		return elements;
	}

	/**
	 * What comes out by its definition: the places where the elements were read.
	 */
	private static Expected expected(List<Object> elements, int within) {
		List<String> out = new ArrayList<>();
		int most = 1;
		List<int[]> waiting = new ArrayList<>();
		int greatest = Integer.MIN_VALUE;
		int passed = Integer.MIN_VALUE;
		for (int i = 0; i < elements.size(); i++) {
			if (!(elements.get(i) instanceof Item item)) {
				out.add("s[" + i + "]");
				continue;
			}
			if (item.time() < passed) {
				out.add("s[" + i + "] late");
				continue;
			}
			waiting.add(new int[] { item.time(), i });
			waiting.sort(Comparator.comparingInt((of) -> of[0]));
			greatest = Math.max(greatest, item.time());
			while (!waiting.isEmpty() && greatest - waiting.get(0)[0] >= within) {
				passed = waiting.get(0)[0];
				out.add("s[" + waiting.remove(0)[1] + "]");
			}
			most = Math.max(most, waiting.size());
		}
		waiting.forEach((of) -> out.add("s[" + of[1] + "]"));
		return new Expected(out, most);
	}

	private static List<String> show(Arriving.Out out) {
		List<String> shown = new ArrayList<>();
		for (int i = 0; i < out.elements.size(); i++) {
			boolean late = out.elements.get(i) instanceof InvalidElement invalid
					&& invalid.kind() == InvalidElement.Kind.LATE;
			shown.add(out.origins.get(i) + (late ? " late" : ""));
		}
		return shown;
	}

	/**
	 * Each shuffle is read in batches of other sizes, taken up at a random place, and
	 * once more at a random place behind that. No more may wait than have to, so those
	 * that wait for long are noted down by themselves.
	 */
	@Test
	void bringsRandomShufflesIntoOrderWhereverItIsTakenUp() {
		for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
			Random random = new Random(SEED + shuffle);
			int within = random.nextInt(10);
			boolean strict = random.nextBoolean();
			List<Object> elements = shuffled(random, within, strict);
			KeyKind kind = KeyKind.values()[random.nextInt(KeyKind.values().length)];
			Expected found = expected(elements, within);
			List<String> expected = found.out;
			ArrivalPolicy policy = reorder(kind.key, kind.distance.apply(within), found.most);
			String which = "seed " + (SEED + shuffle) + ": " + elements + " within " + within + " by " + kind;
			if (strict) {
				assertThat(expected).as(which).noneMatch((line) -> line.endsWith("late"));
			}
			Arriving stream = new Arriving(elements, random, random.nextBoolean());
			Arriving.Out out = stream.read(policy, null, kind.key, TENTH);
			assertThat(show(out)).as(which).isEqualTo(expected);
			if (found.most > 1) {
				ArrivalPolicy tooFew = reorder(kind.key, kind.distance.apply(within), found.most - 1);
				assertThatExceptionOfType(BrokerException.class).as(which)
					.isThrownBy(() -> stream.read(tooFew, null, kind.key, TENTH));
			}
			knowsWhatIsBefore(out, random, which);
			int taken = 0;
			for (int time = 0; time < 3; time++) {
				Arriving.Out.End at = out.random(random);
				taken += at.taken();
				out = stream.read(policy, at.position(), kind.key, TENTH);
				assertThat(show(out)).as(which + " taken up at " + taken + ": " + at)
					.isEqualTo(expected.subList(taken, expected.size()));
			}
		}
	}

	private static void knowsWhatIsBefore(Arriving.Out out, Random random, String which) {
		for (int i = 0; i < Math.min(8, out.positions.size()); i++) {
			int element = random.nextInt(out.positions.size());
			int place = random.nextInt(out.positions.size());
			assertThat(out.batches.get(element).isBefore(out.indexes.get(element), out.positions.get(place)))
				.as(which + ": " + element + " before " + place + ", " + out.positions.get(place))
				.isEqualTo(element < place);
		}
	}

	@Test
	void whatIsHeldAtTheEndOfASilentStreamComesOnceTaken() {
		Random random = new Random(SEED);
		List<Object> elements = List.of(new Item(5, 0), new Item(3, 1), new Item(9, 2), new Item(8, 3));
		Arriving stream = new Arriving(elements, random, false);
		ArrivalPolicy policy = reorder(TIME, KeySpan.of(3));
		Arriving.Out out = stream.read(policy, null, TIME);
		assertThat(show(out)).containsExactly("s[1]", "s[0]", "s[3]", "s[2]");
		assertThat(show(stream.read(policy, out.end, TIME))).containsExactly("s[3]", "s[2]");
	}

	@Test
	void aMarkEndsTheOrder() {
		List<Object> elements = List.of(new Item(5, 0), new Item(3, 1), new Item(1, 2), new Item(2, 3), new Item(0, 4));
		for (int i = 0; i < 50; i++) {
			Arriving stream = new Arriving(elements, new Random(i), true, 2);
			ArrivalPolicy policy = reorder(TIME, KeySpan.of(10));
			Arriving.Out out = stream.read(policy, null, TIME);
			assertThat(show(out)).containsExactly("s[1]", "s[0]", "s[4]", "s[2]", "s[3]");
			for (int place = 0; place < 5; place++) {
				assertThat(show(stream.read(policy, out.positions.get(place), TIME))).as("taken up at %d", place)
					.isEqualTo(show(out).subList(place, 5));
			}
		}
	}

	@Test
	void namesWhatCameTooLateAndByHowMuch() {
		Arriving stream = new Arriving(List.of(new Item(5, 0), new Item(40, 1), new Item(4, 2)), new Random(SEED),
				true);
		Arriving.Out out = stream.read(reorder(TIME, KeySpan.of(30)), null, TIME);
		assertThat(((InvalidElement) out.elements.get(1)).problem()).isEqualTo("the key 'time' went back: 4 after 40, "
				+ "farther than 'reorder' waits for (within 30), so 5 has gone on before it");
		assertThat(stream.counters.lateElements().get()).isOne();
		assertThat(stream.counters.greatestLateness()).isEqualTo(36);
		assertThat(stream.counters.depth()).isZero();
	}

	@Test
	void holdsNoMoreThanItMay() {
		List<Object> elements = new ArrayList<>();
		for (int i = 0; i < 1002; i++) {
			elements.add(new Item(i, i));
		}
		Arriving stream = new Arriving(elements, new Random(SEED), true);
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> stream.read(reorder(TIME, KeySpan.of(2000)), null, TIME))
			.withMessage("at s[1000]: more than 1000 elements wait to be brought into the order of 'time', since none "
					+ "came that is at least 2000 ahead of 0, the key of the first of them. Raise max-reorder-size, or "
					+ "let 'reorder' wait for less.");
		assertThat(stream.read(reorder(TIME, KeySpan.of(1000)), null, TIME).elements).hasSize(1002);
	}

	@Test
	void refusesAPositionWithElementsHeldInAnotherOrder() {
		Arriving stream = new Arriving(List.of(new Item(5, 0), new Item(3, 1), new Item(9, 2)), new Random(SEED), true);
		Position held = stream.read(reorder(TIME, KeySpan.of(3)), null, TIME).positions.get(1);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> stream.read(ArrivalPolicy.NONE, held, TIME))
			.withMessageContaining("in the order of 'time'");
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> stream.read(reorder(TENTH, KeySpan.of(3)), held, TIME))
			.withMessageContaining("in the order of 'time / 10'");
	}

	@Test
	void countsWhatIsHeldWhileItIs() {
		Arriving stream = new Arriving(List.of(new Item(5, 0), new Item(3, 1)), new Random(SEED), false);
		stream.read(reorder(TIME, KeySpan.of(3)), null, TIME);
		assertThat(stream.counters.depth()).isZero();
		assertThat(stream.counters.greatestLateness()).isEqualTo(2);
		assertThat(stream.counters.lateElements().get()).isZero();
	}

	private record Item(int time, int id) {

	}

	/**
	 * What is to come out.
	 *
	 * @param out the places where the elements were read
	 * @param most how many wait at once, 1 if none does
	 */
	private record Expected(List<String> out, int most) {

	}

	private enum KeyKind {

		WHOLE(TIME, KeySpan::of),

		FLOATING(KeyFunction.<Item>ofDouble("time + 0.5", (item) -> item.time() + 0.5), KeySpan::of),

		OBJECT(KeyFunction.<Item>ofObject("at", Instant.class, (item) -> Instant.ofEpochSecond(item.time())),
				(within) -> KeySpan.of(Duration.ofSeconds(within))),

		DATE(KeyFunction.<Item>ofObject("day", LocalDate.class, (item) -> LocalDate.ofEpochDay(item.time())),
				(within) -> KeySpan.of(Duration.ofDays(within))),

		/** Times of which no two are told apart by nanoseconds of 64 bits. */
		FAR(KeyFunction.<Item>ofObject("far", Instant.class, (item) -> FUTURE.plusSeconds(item.time())),
				(within) -> KeySpan.of(Duration.ofSeconds(within))),

		/** Numbers of which most are the same in floating point. */
		LARGE(KeyFunction.<Item>ofObject("large", BigDecimal.class,
				(item) -> LARGEST.add(BigDecimal.valueOf(item.time()))), KeySpan::of),

		MIXED(KeyFunction.<Item>ofObject("mixed", Object.class,
				(item) -> (item.id() % 2 == 0) ? (Object) (long) item.time() : (Object) (double) item.time()),
				KeySpan::of);

		final KeyFunction<?> key;

		final Function<Integer, KeySpan> distance;

		KeyKind(KeyFunction<?> key, Function<Integer, KeySpan> distance) {
			this.key = key;
			this.distance = distance;
		}

	}

}
