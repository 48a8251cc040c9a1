package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.watermill.codec.InvalidElement;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AcceptanceTests {

	private static final KeyFunction<Integer> X = KeyFunction.ofLong("x", (x) -> x);

	private static Page accept(TestStream stream, KeyFunction<?>... keys) {
		Acceptance acceptance = stream.acceptance(keys);
		return acceptance.accept(stream.all(), acceptance.keys().ordered().none());
	}

	private static List<Object> accepted(Page page) {
		return Arrays.asList(page.elements).subList(0, page.size);
	}

	private static List<String> rejected(Page page) {
		List<String> origins = new ArrayList<>();
		for (int i = 0; i < page.rejectedCount(); i++) {
			origins.add(page.rejected(i).origin());
		}
		return origins;
	}

	@Test
	void keepsElementsWithTheirKeysBesideThem() {
		Page page = accept(new TestStream(10, 1, 2, 2), X, KeyFunction.<Integer>ofLong("x / 2", (x) -> x / 2));
		assertThat(accepted(page)).containsExactly(1, 2, 2);
		assertThat(page.keysAt(1)).containsExactly(2L, 1L);
		assertThat(page.keysBefore(0)).containsExactly(null, null);
		assertThat(page.keysBefore(3)).containsExactly(2L, 1L);
		assertThat(page.rejectedCount()).isZero();
		assertThat(page.position(2)).isEqualTo(Position.of("at", 2));
		assertThat(page.position(3)).isEqualTo(Position.of("at", 3));
	}

	@Test
	void usesTheColumnsOfAPageAgainOnceItIsGone() {
		TestStream stream = new TestStream(10, 1, 2, 3);
		Acceptance acceptance = stream.acceptance(X);
		Page gone = acceptance.accept(stream.all(), acceptance.keys().ordered().none());
		Page inUse = acceptance.accept(stream.all(), acceptance.keys().ordered().none());
		KeyColumn[] columns = gone.letGo();
		acceptance.keys().reuse(columns);
		assertThat(acceptance.accept(stream.all(), acceptance.keys().ordered().none()).keys).isSameAs(columns);
		assertThat(acceptance.accept(stream.all(), acceptance.keys().ordered().none()).keys).isNotSameAs(columns)
			.isNotSameAs(inUse.keys);
	}

	@Test
	void usesNoColumnsAgainThatAreTooSmall() {
		TestStream large = new TestStream(10, 1, 2, 3);
		Acceptance acceptance = large.acceptance(X);
		acceptance.keys()
			.reuse(acceptance.accept(new TestStream(10, 1).all(), acceptance.keys().ordered().none()).letGo());
		assertThat(acceptance.accept(large.all(), acceptance.keys().ordered().none()).keysAt(2)).containsExactly(3L);
	}

	@Test
	void keepsWhatIsRejectedInItsPlace() {
		Page page = accept(new TestStream(10, TestStream.BAD, 1, TestStream.BAD, TestStream.BAD, 2));
		assertThat(accepted(page)).containsExactly(1, 2);
		assertThat(rejected(page)).containsExactly("s[0]", "s[2]", "s[3]");
		assertThat(List.of(page.placeOfRejected(0), page.placeOfRejected(1), page.placeOfRejected(2)))
			.containsExactly(0, 1, 1);
		assertThat(page.placeOfRejected(3)).isGreaterThan(page.size);
		// as long as it was not passed, reading begins there
		assertThat(page.position(1, 1)).isEqualTo(Position.of("at", 2));
		assertThat(page.position(1, 2)).isEqualTo(Position.of("at", 3));
		assertThat(page.position(1, 3)).isEqualTo(Position.of("at", 4));
		assertThat(page.position(0, 1)).isEqualTo(Position.of("at", 1));
		assertThat(page.origin(1)).isEqualTo("s[4]");
	}

	@Test
	void knowsOfARejectedElementAllThatADeadLetterNeeds() {
		Rejected rejected = accept(new TestStream(10, 1, TestStream.BAD)).rejected(0);
		assertThat(rejected.reason()).isEqualTo(SkipReason.INVALID);
		assertThat(rejected.problem()).isEqualTo("found '}'");
		assertThat(rejected.original().value()).containsExactly('}');
		assertThat(rejected.cause()).isSameAs(TestStream.BAD.cause());
		assertThat(rejected.metadata().offset()).isEqualTo(1);
		assertThat(rejected.origin()).isEqualTo("s[1]");
	}

	@Test
	void tellsTombstonesFromInvalidElements() {
		Page page = accept(new TestStream(10, InvalidElement.tombstone("no value"), 1));
		assertThat(page.rejected(0).reason()).isEqualTo(SkipReason.TOMBSTONE);
		assertThat(page.rejected(0).original().value()).isNull();
	}

	@Test
	void rejectsWhatGoesBackAndGoesOnFromTheLastAcceptedKey() {
		Page page = accept(new TestStream(10, 5, 3, 4, 5, 6).onDisorder(ErrorPolicy.SKIP));
		assertThat(accepted(page)).containsExactly(5, 5, 6);
		assertThat(rejected(page)).containsExactly("s[1]", "s[2]");
		assertThat(page.rejected(1).problem()).contains("'x' went back", "4 after 5");
		assertThat(page.rejected(1).reason()).isEqualTo(SkipReason.DISORDER);
	}

	@Test
	void goesOnFromTheKeysBefore() {
		TestStream stream = new TestStream(10, 3, 5).onDisorder(ErrorPolicy.SKIP);
		Page page = stream.acceptance(X).accept(stream.all(), new @Nullable Object[] { 4L });
		assertThat(accepted(page)).containsExactly(5);
		assertThat(rejected(page)).containsExactly("s[0]");
		assertThat(page.keysBefore(0)).containsExactly(4L);
	}

	@Test
	void endsBeforeTheFirstElementThatStopsTheMill() {
		Page page = accept(
				new TestStream(10, 1, InvalidElement.tombstone("no value"), 2, 1, 3).onBad(ErrorPolicy.SKIP));
		assertThat(accepted(page)).containsExactly(1, 2);
		assertThat(rejected(page)).containsExactly("s[1]");
		assertThat(page.behind()).isEqualTo(Behind.FAILURE);
		assertThat(page.failure()).hasMessageContaining("s[3]").hasMessageContaining("1 after 2");
		assertThat(page.disorder).isSameAs(page.failure);
		assertThat(page.position(2)).isEqualTo(Position.of("at", 3));
	}

	@Test
	void seesDisorderBehindAnElementThatStopsTheMill() {
		Page page = accept(new TestStream(10, 9, TestStream.BAD, 2).onBad(ErrorPolicy.FAIL));
		assertThat(accepted(page)).containsExactly(9);
		assertThat(page.failure()).hasMessageContaining("s[1]");
		assertThat(page.disorder).hasMessageContaining("s[2]").hasMessageContaining("2 after 9");
	}

	@Test
	void looksAtEveryExpression() {
		Page page = accept(new TestStream(10, 1, 2, 0, 3), X, KeyFunction.<Integer>ofLong("6 / x", (x) -> -6 / x));
		assertThat(accepted(page)).containsExactly(1, 2, 3);
		assertThat(page.rejected(0).problem()).contains("'6 / x'", "/ by zero");
		assertThat(page.rejected(0).cause()).isInstanceOf(ArithmeticException.class);
	}

	@Test
	void aKeyOfAnotherKindIsInvalid() {
		Page page = accept(new TestStream(10, 1, 2, 3),
				KeyFunction.<Integer>ofObject("mixed", Object.class, (x) -> (x == 2) ? "two" : (Object) x));
		assertThat(accepted(page)).containsExactly(1, 3);
		assertThat(page.rejected(0).reason()).isEqualTo(SkipReason.INVALID);
		assertThat(page.rejected(0).problem()).contains("'mixed' changed its kind");
	}

	@Test
	void theFirstRunOfTheLastKeyIsTheShortestOfAllExpressions() {
		assertThat(accept(new TestStream(10, 1, 2, 3, 3)).lastRun()).isEqualTo(2);
		assertThat(
				accept(new TestStream(10, 1, 2, 3, 3), X, KeyFunction.<Integer>ofLong("x / 2", (x) -> x / 2)).lastRun())
			.isOne();
		assertThat(accept(new TestStream(10, 3, 3)).lastRun()).isZero();
		TestStream stream = new TestStream(10, 3, 3);
		assertThat(stream.acceptance(X).accept(stream.all(), new @Nullable Object[] { 3L }).lastRun()).isEqualTo(-1);
	}

	@Test
	void acceptsTheSameHoweverAStreamIsCutIntoBatches() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int run = 0; run < 200; run++) {
			Object[] elements = new Object[1 + random.nextInt(12)];
			Arrays.setAll(elements, (i) -> (random.nextInt(4) == 0) ? TestStream.BAD : (Object) random.nextInt(6));
			Page whole = accept(new TestStream(100, elements).onDisorder(ErrorPolicy.SKIP));
			TestStream stream = new TestStream(1 + random.nextInt(4), elements).onDisorder(ErrorPolicy.SKIP);
			PageReader reader = stream.reader(new TestWaiting(0));
			List<Object> accepted = new ArrayList<>();
			List<String> rejected = new ArrayList<>();
			while (reader.last().isOpen()) {
				Page page = reader.read();
				accepted.addAll(accepted(page));
				rejected.addAll(rejected(page));
			}
			assertThat(accepted).as("seed %d, %s", seed, Arrays.toString(elements)).isEqualTo(accepted(whole));
			assertThat(rejected).as("seed %d, %s", seed, Arrays.toString(elements)).isEqualTo(rejected(whole));
			assertThat(stream.counters().read().get()).isZero();
		}
	}

}
