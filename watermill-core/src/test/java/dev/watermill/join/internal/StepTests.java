package dev.watermill.join.internal;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.InvalidElement;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StepTests {

	private static final InvalidElement INVALID = new InvalidElement("not a number", null, null);

	private static final KeyFunction<Integer> KEY = KeyFunction.ofLong("x", (x) -> x);

	private static final KeyFunction<Integer> DATE = KeyFunction.ofObject("date", LocalDate.class,
			(x) -> LocalDate.ofEpochDay(x));

	private static ArrivalPolicy maxStep(int step) {
		return new ArrivalPolicy(new ArrivalPolicy.MaxStep(KEY, KeySpan.of(step)), null, 1);
	}

	private static List<Object> read(int step, Object... elements) {
		return show(new Arriving(List.of(elements), new Random(elements.length), true).read(maxStep(step), null, KEY));
	}

	private static List<Object> show(Arriving.Out out) {
		return out.elements.stream()
			.<Object>map((element) -> (element instanceof InvalidElement invalid) ? (invalid == INVALID) ? "-" : "spike"
					: element)
			.toList();
	}

	/**
	 * What comes out by its definition.
	 */
	private static List<Object> expected(List<Object> elements, int step) {
		List<Object> out = new ArrayList<>();
		int greatest = -1;
		for (int i = 0; i < elements.size(); i++) {
			if (!(elements.get(i) instanceof Integer key)) {
				out.add("-");
				continue;
			}
			Integer next = null;
			for (int j = i + 1; j < elements.size() && next == null; j++) {
				next = (elements.get(j) instanceof Integer valid) ? valid : null;
			}
			boolean far = greatest >= 0 && key > greatest + step;
			if (far && next != null && next < key) {
				out.add("spike");
			}
			else {
				out.add(key);
				greatest = Math.max(greatest, key);
			}
		}
		return out;
	}

	@Test
	void tellsSpikesFromGaps() {
		assertThat(read(10, 1, 5, 1000, 6)).containsExactly(1, 5, "spike", 6);
		assertThat(read(10, 1, 5, 1000, 1001)).containsExactly(1, 5, 1000, 1001);
		assertThat(read(10, 1, 5, 1000, 1000)).containsExactly(1, 5, 1000, 1000);
		assertThat(read(10, 1, 5, 1000)).containsExactly(1, 5, 1000);
		assertThat(read(10, 1, 11, 12)).containsExactly(1, 11, 12);
		assertThat(read(10, 1000, 5, 6)).containsExactly(1000, 5, 6);
	}

	@Test
	void waitsForAValidElement() {
		assertThat(read(10, 1, 1000, INVALID, INVALID, 2)).containsExactly(1, "spike", "-", "-", 2);
		assertThat(read(10, 1, 1000, INVALID, INVALID, 2000, 3)).containsExactly(1, 1000, "-", "-", "spike", 3);
		assertThat(read(10, 1, 2000, 1000, 3)).containsExactly(1, "spike", "spike", 3);
	}

	@Test
	void judgesByTheGreatestKeyWhateverIsOutOfOrder() {
		assertThat(read(10, 1, 9, 2, 18, 3)).containsExactly(1, 9, 2, 18, 3);
		assertThat(read(10, 1, 100, 2, 11)).containsExactly(1, "spike", 2, 11);
	}

	@Test
	void isTheSameWhereverItIsTakenUp() {
		for (int seed = 0; seed < 3000; seed++) {
			Random random = new Random(seed);
			List<Object> elements = new ArrayList<>();
			int key = 0;
			for (int i = random.nextInt(30); i > 0; i--) {
				key = Math.max(0, key + random.nextInt(6) - 1);
				boolean spike = random.nextInt(5) == 0;
				elements.add((random.nextInt(6) == 0) ? INVALID : spike ? (Object) (key + random.nextInt(60)) : key);
				key = (spike && random.nextInt(3) == 0) ? key + 50 : key;
			}
			int step = 1 + random.nextInt(12);
			String which = "seed " + seed + ": " + elements + " step " + step;
			List<Object> expected = expected(elements, step);
			Arriving stream = new Arriving(elements, random, random.nextBoolean());
			Arriving.Out out = stream.read(maxStep(step), null, KEY);
			assertThat(show(out)).as(which).isEqualTo(expected);
			int taken = 0;
			for (int time = 0; time < 3; time++) {
				Arriving.Out.End at = out.random(random);
				taken += at.taken();
				out = stream.read(maxStep(step), at.position(), KEY);
				assertThat(show(out)).as(which + " taken up at " + taken + ": " + at)
					.isEqualTo(expected.subList(taken, expected.size()));
			}
		}
	}

	/**
	 * Leaps are judged as they arrive, before the rest is brought into order.
	 */
	@Test
	void goesBeforeReordering() {
		for (int seed = 0; seed < 1000; seed++) {
			Random random = new Random(seed);
			List<Object> elements = new ArrayList<>();
			for (int i = 0; i < 30; i++) {
				elements.add(2 * i + random.nextInt(5) + ((i > 0 && i % 2 == 0 && random.nextInt(4) == 0) ? 1000 : 0));
			}
			ArrivalPolicy both = new ArrivalPolicy(maxStep(20).maxStep(),
					new ArrivalPolicy.Reorder(KEY, KeySpan.of(5), 100), 1);
			Arriving stream = new Arriving(elements, random, random.nextBoolean());
			Arriving.Out out = stream.read(both, null, KEY);
			String which = "seed " + seed + ": " + elements;
			List<Object> all = show(out);
			List<Object> kept = new ArrayList<>(expected(elements, 20));
			assertThat(Collections.frequency(all, "spike")).as(which).isEqualTo(Collections.frequency(kept, "spike"));
			kept.removeIf("spike"::equals);
			List<Object> sorted = new ArrayList<>(all);
			sorted.removeIf("spike"::equals);
			kept.sort(null);
			assertThat(sorted).as(which).isEqualTo(kept);
			for (int time = 0; time < 4; time++) {
				Arriving.Out.End at = out.random(random);
				assertThat(show(stream.read(both, at.position(), KEY))).as(which + " taken up at " + at)
					.isEqualTo(all.subList(at.taken(), all.size()));
			}
		}
	}

	@Test
	void namesALeap() {
		Arriving stream = new Arriving(List.of(1, 20_000, 2), new Random(1), true);
		ArrivalPolicy days = new ArrivalPolicy(new ArrivalPolicy.MaxStep(DATE, KeySpan.of(Duration.ofDays(365))), null,
				1);
		assertThat(((InvalidElement) stream.read(days, null, DATE).elements.get(1)).problem())
			.isEqualTo("the key 'date' leaps to 2024-10-04 from 1970-01-02, farther than max-step (PT8760H), and the "
					+ "next element is back at 1970-01-03");
	}

	@Test
	void holdsABoundedNumberOfElements() {
		List<Object> elements = new ArrayList<>(List.of(1, 1000));
		elements.addAll(Collections.nCopies(StepReader.MOST_HELD + 10, INVALID));
		elements.add(2);
		Arriving stream = new Arriving(elements, new Random(1), true);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> stream.read(maxStep(10), null, KEY))
			.withMessageStartingWith(
					"at s[1]: the key 'x' leaps to 1000, farther than max-step (10), and nothing shows "
							+ "whether it is right");
	}

}
