package dev.watermill.join.internal;

import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * One edge by itself, over streams of numbers that are their own keys.
 */
class EqualEdgeTests {

	private static final KeyFunction<Integer> KEY = KeyFunction.ofLong("x", (x) -> x);

	private final TestWaiting waiting = new TestWaiting(0);

	private EqualEdge edge(TestStream child, JoinNode.Take take) {
		Branch branch = new Branch("s", child.cursor(this.waiting), child.account);
		JoinNode node = new JoinNode("s", child, 0, KEY, KEY, take, ErrorPolicy.FAIL, ErrorPolicy.FAIL,
				ErrorPolicy.FAIL);
		return new EqualEdge(branch, node, 0, 0, true, false, 3);
	}

	private Cursor parent(Object... elements) {
		return new TestStream(100, elements).cursor(this.waiting);
	}

	private static Answer seekNext(EqualEdge edge, Cursor parent) {
		assertThat(parent.hasNext()).isTrue();
		Answer answer = edge.seek(parent.page, parent.index);
		parent.advance();
		return answer;
	}

	@Test
	void aKeyThatIsAskedForAgainHasTheSameGroupAndReadsNothing() {
		EqualEdge edge = edge(new TestStream(1, 1, 2, 2, 3), JoinNode.Take.ALL);
		Cursor parent = parent(2, 2);
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.MATCH);
		Group matches = edge.matches();
		assertThat(matches.asList()).containsExactly(2, 2);
		int pages = this.waiting.pages;
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.MATCH);
		assertThat(edge.matches()).isSameAs(matches);
		assertThat(this.waiting.pages).isEqualTo(pages);
	}

	@Test
	void aGroupIsCompleteWhenAGreaterKeyShowsOrTheStreamEnds() {
		TestStream child = new TestStream(1, 2, 2).goesOn();
		EqualEdge edge = edge(child, JoinNode.Take.ALL);
		Cursor parent = parent(2, 2);
		assertThatExceptionOfType(TestWaiting.Stopped.class).isThrownBy(() -> seekNext(edge, parent));
		EqualEdge other = edge(new TestStream(1, 2, 2), JoinNode.Take.ALL);
		assertThat(seekNext(other, parent)).isEqualTo(Answer.MATCH);
		assertThat(other.matches().asList()).containsExactly(2, 2);
	}

	@Test
	void theFirstMatchWaitsForNothingBehindIt() {
		EqualEdge edge = edge(new TestStream(1, 1, 2).goesOn(), JoinNode.Take.FIRST);
		Cursor parent = parent(2);
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.MATCH);
		assertThat(edge.matches().asList()).containsExactly(2);
		assertThat(this.waiting.idle).isZero();
	}

	@Test
	void isOverWithItsStreamButStillServesTheKeyOfItsGroup() {
		EqualEdge edge = edge(new TestStream(1, 2), JoinNode.Take.ALL);
		Cursor parent = parent(2, 2, 3);
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.MATCH);
		assertThat(edge.isKnownOver(parent.page, parent.index)).as("for 2 again").isFalse();
		assertThat(edge.isSeenOver(parent)).isFalse();
		parent.advance();
		assertThat(edge.isKnownOver(parent.page, parent.index)).as("for 3").isTrue();
		assertThat(edge.isSeenOver(parent)).isTrue();
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.OVER);
		assertThat(edge.matches().isEmpty()).isTrue();
	}

	@Test
	void isNotOverWhileItsStreamGoesOn() {
		EqualEdge edge = edge(new TestStream(1, 2).goesOn(), JoinNode.Take.FIRST);
		Cursor parent = parent(2, 3);
		seekNext(edge, parent);
		assertThat(edge.isKnownOver(parent.page, parent.index)).isFalse();
		assertThat(edge.isSeenOver(parent)).isFalse();
		assertThat(this.waiting.idle).isZero();
	}

	@Test
	void seesThatItIsOverByPassingWhatNobodyCanMatch() {
		TestStream child = new TestStream(1, 2, 2, 3, 4);
		EqualEdge edge = edge(child, JoinNode.Take.FIRST);
		Cursor parent = parent(2, 9);
		seekNext(edge, parent);
		assertThat(edge.isSeenOver(parent)).isTrue();
		assertThat(child.counters().skipped(SkipReason.SURPLUS).get()).isEqualTo(1);
		assertThat(child.counters().skipped(SkipReason.UNMATCHED).get()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void whatIsHeldStaysWhenTheEdgeGoesOn(JoinNode.Take take) {
		TestStream child = new TestStream(1, 1, 1, 2, 2);
		EqualEdge edge = edge(child, take);
		Cursor parent = parent(1, 2);
		seekNext(edge, parent);
		Group held = edge.matches();
		held.hold();
		seekNext(edge, parent);
		assertThat(edge.matches()).isNotSameAs(held);
		assertThat(held.asList()).allMatch((element) -> element.equals(1)).isNotEmpty();
		long before = child.counters().skipped(SkipReason.UNMATCHED).get();
		held.release(edge.child);
		assertThat(child.counters().skipped(SkipReason.UNMATCHED).get() - before).as("counted with the last release")
			.isEqualTo(held.size());
	}

	@Test
	void aGroupPastItsLimitStopsTheMerge() {
		EqualEdge edge = edge(new TestStream(1, 2, 2, 2, 2), JoinNode.Take.ALL);
		Cursor parent = parent(2);
		assertThatExceptionOfType(StreamException.class).isThrownBy(() -> seekNext(edge, parent))
			.withMessageContaining("more than 3 elements have the key 2")
			.withMessageContaining("s[3]");
	}

}
