package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CursorTests {

	private static final Object[] MIXED = { TestStream.BAD, 1, TestStream.BAD, TestStream.BAD, 2, 2, 1, TestStream.BAD,
			3, 9, 4, TestStream.BAD, TestStream.BAD };

	private static final List<Integer> ACCEPTED = List.of(1, 2, 2, 3, 9);

	private static final List<String> REJECTED = List.of("s[0]", "s[2]", "s[3]", "s[6]", "s[7]", "s[10]", "s[11]",
			"s[12]");

	private final TestWaiting waiting = new TestWaiting(0);

	private static TestStream mixed(int batchSize) {
		return new TestStream(batchSize, MIXED).onDisorder(ErrorPolicy.SKIP);
	}

	private static List<Object> rest(Cursor cursor) {
		List<Object> elements = new ArrayList<>();
		while (cursor.hasNext()) {
			elements.add(cursor.element());
			cursor.advance();
		}
		return elements;
	}

	private static long offset(Checkpoint.Input input) {
		return input.position().equals(Position.empty()) ? 0 : input.position().number("at");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void standsBeforeOneElementAfterAnother(int batchSize) {
		TestStream stream = new TestStream(batchSize, 1, 2, 2, 5);
		Cursor cursor = stream.cursor(this.waiting);
		assertThat(rest(cursor)).containsExactly(1, 2, 2, 5);
		assertThat(cursor.isKnownOver()).isTrue();
		assertThat(cursor.place().hasShownMark()).isTrue();
		cursor.count();
		assertThat(stream.counters().read().get()).isEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 100 })
	void passesWhatWasRejectedOneByOne(int batchSize) {
		TestStream stream = mixed(batchSize);
		Cursor cursor = stream.cursor(this.waiting);
		assertThat(this.waiting.rejected).isEmpty();
		for (int i = 0; i < MIXED.length - 3; i++) {
			if (!ACCEPTED.contains(MIXED[i]) || i == 6) {
				continue;
			}
			assertThat(cursor.hasNext()).isTrue();
			assertThat(cursor.element()).isEqualTo(MIXED[i]);
			String place = "s[" + i + "]";
			assertThat(this.waiting.rejected).isEqualTo(REJECTED.stream().filter((at) -> isBefore(at, place)).toList());
			cursor.advance();
		}
		assertThat(this.waiting.rejected).hasSize(5);
		assertThat(cursor.place().hasShownMark()).isFalse();
		assertThat(cursor.hasNext()).isFalse();
		assertThat(this.waiting.rejected).isEqualTo(REJECTED);
		assertThat(cursor.place().hasShownMark()).isTrue();
		assertThat(cursor.hasNext()).isFalse();
		assertThat(this.waiting.rejected).isEqualTo(REJECTED);
		assertThat(stream.counters().skipped(SkipReason.INVALID).get()).isEqualTo(6);
		assertThat(stream.counters().skipped(SkipReason.DISORDER).get()).isEqualTo(2);
	}

	private static boolean isBefore(String origin, String other) {
		return Integer.compare(origin.length(), other.length()) * 100 + origin.compareTo(other) < 0;
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 100 })
	void hasCountedWhatStandsBeforeItsPositionAndNothingElse(int batchSize) {
		TestStream stream = mixed(batchSize);
		Cursor cursor = stream.cursor(this.waiting);
		boolean goesOn = true;
		while (goesOn) {
			assertThat(counted(stream, cursor)).isEqualTo(offset(cursor.place().checkpoint()));
			goesOn = cursor.hasNext();
			assertThat(counted(stream, cursor)).isEqualTo(offset(cursor.place().checkpoint()));
			if (goesOn) {
				cursor.advance();
			}
		}
		assertThat(counted(stream, cursor)).isEqualTo(MIXED.length);
	}

	private static long counted(TestStream stream, Cursor cursor) {
		cursor.count();
		return stream.counters().read().get();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 100 })
	void findsTheSameRestFromAnyPosition(int batchSize) {
		for (int steps = 0; steps <= ACCEPTED.size(); steps++) {
			for (boolean arrived : new boolean[] { false, true }) {
				TestWaiting before = new TestWaiting(0);
				Cursor first = mixed(batchSize).cursor(before);
				for (int i = 0; i < steps; i++) {
					first.hasNext();
					first.advance();
				}
				if (arrived) {
					first.hasNext();
				}
				TestWaiting after = new TestWaiting(0);
				Cursor second = mixed(3).cursor(after, first.place().checkpoint());
				assertThat(rest(second)).isEqualTo(ACCEPTED.subList(steps, ACCEPTED.size()));
				assertThat(concat(before.rejected, after.rejected)).isEqualTo(REJECTED);
			}
		}
	}

	private static List<String> concat(List<String> first, List<String> second) {
		List<String> all = new ArrayList<>(first);
		all.addAll(second);
		return all;
	}

	@Test
	void theLimitIsBeforeTheNextPlaceWhereSomethingHasToBeDone() {
		Cursor cursor = new TestStream(100, 1, 2, TestStream.BAD, 3, 4, 5, 5).cursor(this.waiting);
		assertThat(cursor.hasNext()).isTrue();
		assertThat(cursor.limit).isEqualTo(2);
		cursor.index = 2;
		assertThat(this.waiting.rejected).isEmpty();
		assertThat(cursor.hasNext()).isTrue();
		assertThat(this.waiting.rejected).containsExactly("s[2]");
		// the order is checked beyond the page before the run of its last key
		assertThat(cursor.limit).isEqualTo(4);
		cursor.index = 4;
		assertThat(cursor.hasNext()).isTrue();
		assertThat(cursor.limit).isEqualTo(6);
	}

	@Test
	void passesWhatWasRejectedAtTheStartOfAPageThatSomebodyElseReadOn() {
		Cursor cursor = new TestStream(4, 1, 2, 3, 4, TestStream.BAD, 5, 6, 7).cursor(this.waiting);
		for (int i = 0; i < 4; i++) {
			cursor.hasNext();
			cursor.advance();
		}
		assertThat(cursor.isOver()).isFalse();
		assertThat(cursor.hasNext()).isTrue();
		assertThat(cursor.element()).isEqualTo(5);
		assertThat(this.waiting.rejected).containsExactly("s[4]");
	}

	@Test
	void rejectedElementsMoveThePositionThoughNoElementFollows() {
		TestStream stream = new TestStream(100, 1, TestStream.BAD).goesOn();
		Cursor cursor = stream.cursor(this.waiting);
		cursor.hasNext();
		cursor.advance();
		cursor.place().committed(cursor.place().checkpoint());
		assertThat(cursor.place().hasPassed()).isFalse();
		assertThat(cursor.isOver()).isFalse();
		assertThat(cursor.place().hasPassed()).isTrue();
		assertThat(offset(cursor.place().checkpoint())).isEqualTo(2);
	}

	@Test
	void lagCountsWhatWasRejectedUntilItIsPassed() {
		Cursor cursor = new TestStream(3, TestStream.BAD, 1, TestStream.BAD, 2).cursor(this.waiting);
		cursor.hasNext();
		assertThat(cursor.progress().remaining()).isEqualTo(3);
		cursor.advance();
		assertThat(cursor.progress().remaining()).isEqualTo(2);
		cursor.hasNext();
		assertThat(cursor.progress().remaining()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsBehindWhatComesBeforeAnElementThatStopsTheMill(int batchSize) {
		TestStream stream = new TestStream(batchSize, 1, 2, TestStream.BAD, 3).onBad(ErrorPolicy.FAIL);
		Cursor cursor = stream.cursor(this.waiting);
		for (int i = 0; i < 2; i++) {
			assertThat(cursor.hasNext()).isTrue();
			cursor.advance();
		}
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(StreamException.class).isThrownBy(cursor::hasNext)
				.withMessageContainingAll("s[2]", "found '}'");
			assertThat(offset(cursor.place().checkpoint())).isEqualTo(2);
			assertThat(cursor.isKnownOver()).isFalse();
			assertThat(cursor.isOver()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 100 })
	void failsAtTheLastKeyBeforeOneThatGoesBack(int batchSize) {
		Cursor cursor = new TestStream(batchSize, 1, 5, 5, 4).cursor(this.waiting);
		assertThat(cursor.hasNext()).isTrue();
		cursor.advance();
		assertThatExceptionOfType(StreamException.class).isThrownBy(() -> rest(cursor))
			.withMessageContainingAll("s[3]", "4 after 5");
		assertThat(cursor.progress().key()).isEqualTo(5L);
	}

	@Test
	void doesNotFailForWhatGoesBackFarBehindThePlaceAtOnce() {
		Cursor cursor = new TestStream(3, 1, 2, 3, 4, 9, 8).cursor(this.waiting);
		for (int i = 0; i < 4; i++) {
			assertThat(cursor.hasNext()).isTrue();
			cursor.advance();
		}
		assertThatExceptionOfType(StreamException.class).isThrownBy(cursor::hasNext)
			.withMessageContainingAll("s[5]", "8 after 9");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsForOrderBeyondWhereItStaysWhenAsked(int batchSize) {
		Cursor cursor = new TestStream(batchSize, 5, 4).cursor(this.waiting);
		assertThatExceptionOfType(StreamException.class).isThrownBy(() -> {
			cursor.hasNext();
			cursor.checkOrder();
		}).withMessageContainingAll("s[1]", "4 after 5");
	}

	@Test
	void checkingTheOrderBeyondPassesNothing() {
		TestStream stream = new TestStream(1, 1, TestStream.BAD, 2);
		Cursor cursor = stream.cursor(this.waiting);
		assertThat(cursor.hasNext()).isTrue();
		cursor.checkOrder();
		assertThat(this.waiting.rejected).isEmpty();
		assertThat(offset(cursor.place().checkpoint())).isZero();
		assertThat(counted(stream, cursor)).isZero();
	}

	@Test
	void whatKeepsTheStreamFromBeingReadIsRaisedWhereTheMergeGetsThere() {
		TestStream stream = new TestStream(1, 1, 2);
		Cursor cursor = stream.cursor(this.waiting);
		cursor.open();
		assertThat(cursor.isOver()).isFalse();
		stream.failures.add(new BrokerException("the file is damaged"));
		assertThat(cursor.hasNext()).isTrue();
		cursor.advance();
		assertThatExceptionOfType(StreamException.class).isThrownBy(cursor::hasNext)
			.withMessageContaining("the file is damaged");
		assertThat(offset(cursor.place().checkpoint())).isEqualTo(1);
	}

	@Test
	void asksBeforeItWaitsWhetherThereIsAnythingToWaitFor() {
		TestStream stream = new TestStream(10, 1).goesOn().arrives(2);
		Cursor cursor = stream.cursor(new TestWaiting(5));
		List<Boolean> asked = new ArrayList<>();
		cursor.beforeWaiting(() -> asked.add(cursor.isOver()));
		cursor.hasNext();
		cursor.advance();
		assertThat(asked).isEmpty();
		assertThat(cursor.hasNext()).isTrue();
		assertThat(cursor.element()).isEqualTo(2);
		assertThat(asked).containsExactly(false);
		assertThat(stream.waits).containsExactly(TestWaiting.WAIT);
	}

	@Test
	void saysWhetherWhatItWaitsForIsKnownToBeThere() {
		TestStream stream = new TestStream(10, 1, TestStream.GAP, TestStream.GAP, 2).goesOn().arrives().arrives(3);
		TestWaiting waits = new TestWaiting(5);
		Cursor cursor = stream.cursor(waits);
		for (int element = 1; element <= 3; element++) {
			assertThat(cursor.hasNext()).isTrue();
			assertThat(cursor.element()).isEqualTo(element);
			cursor.advance();
		}
		assertThat(waits.awaited).containsExactly(Waiting.Awaited.ON_ITS_WAY, Waiting.Awaited.NOTHING);
	}

	@Test
	void doesNotWaitForWhatWasReadWhileItAsked() {
		TestStream stream = new TestStream(10, 1).goesOn();
		Cursor cursor = stream.cursor(this.waiting);
		cursor.hasNext();
		cursor.advance();
		cursor.beforeWaiting(() -> {
			stream.add(2);
			assertThat(cursor.isOver()).isFalse();
		});
		assertThat(cursor.hasNext()).isTrue();
		assertThat(cursor.element()).isEqualTo(2);
		assertThat(stream.waits).isEmpty();
		assertThat(this.waiting.idle).isZero();
	}

	@Test
	void seesTheEndThatIsFoundWhileItAsked() {
		TestStream stream = new TestStream(10, 1).goesOn();
		Cursor cursor = stream.cursor(this.waiting);
		cursor.hasNext();
		cursor.advance();
		cursor.beforeWaiting(() -> {
			stream.end();
			assertThat(cursor.isOver()).isTrue();
		});
		assertThat(cursor.hasNext()).isFalse();
		assertThat(this.waiting.idle).isZero();
	}

	@Test
	void aStreamThatHasShownItsMarkIsTakenUpBehindIt() {
		Cursor cursor = new TestStream(10, 1, 2).cursor(this.waiting);
		rest(cursor);
		Checkpoint.Input input = cursor.completion().behind(TestStream.at(0, null));
		assertThat(input.lastKeys()).isEmpty();
		assertThat(input.position()).isEqualTo(Position.of("at", 2).with("over", 1));
	}

	@Test
	void aStreamThatHasNotShownItsMarkIsTakenUpWhereItIsNeeded() {
		Cursor cursor = new TestStream(10, 1, 2).cursor(this.waiting);
		cursor.hasNext();
		cursor.advance();
		Checkpoint.Input input = cursor.completion().behind(cursor.place().checkpoint());
		assertThat(input.position()).isEqualTo(Position.of("at", 1).with("over", 0));
		assertThat(input.lastKeys()).containsOnlyKeys("x");
	}

	@Test
	void rangesOverTheKeysThatWereRead() {
		Cursor cursor = new TestStream(2, 1, 2, 7).cursor(this.waiting);
		assertThat(cursor.progress().range(0)).isNull();
		rest(cursor);
		assertThat(Objects.toString(cursor.progress().range(0))).isEqualTo("1 to 7");
	}

	@Test
	void allElementsAreAccountedForWhateverIsBad() {
		for (int bad = 0; bad < 1 << 5; bad++) {
			Object[] elements = new Object[5];
			for (int i = 0; i < elements.length; i++) {
				elements[i] = ((bad >> i & 1) == 1) ? TestStream.BAD : (Object) i;
			}
			TestStream stream = new TestStream(2, elements);
			TestWaiting passed = new TestWaiting(0);
			assertThat(rest(stream.cursor(passed))).as(Arrays.toString(elements))
				.hasSize(elements.length - Integer.bitCount(bad));
			assertThat(passed.rejected).hasSize(Integer.bitCount(bad));
		}
	}

}
