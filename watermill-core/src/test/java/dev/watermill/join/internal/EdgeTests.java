package dev.watermill.join.internal;

import java.util.List;
import java.util.stream.Stream;

import dev.watermill.broker.LaneId;
import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Edges of all kinds by themselves, over streams of numbers that are their own keys: what
 * they wait for, and when they are over.
 */
class EdgeTests {

	private static final KeyFunction<Integer> KEY = KeyFunction.ofLong("x", (x) -> x);

	private static final KeyFunction<Integer> ODD = KeyFunction.ofLong("x % 2", (x) -> x % 2);

	private final TestWaiting waiting = new TestWaiting(0);

	private static JoinKind asOf(JoinKind.Direction direction, @Nullable Integer tolerance, boolean by) {
		return new JoinKind.AsOf(direction, true, (tolerance != null) ? KeySpan.of(tolerance) : null,
				by ? new JoinKind.By(ODD, ODD) : null);
	}

	private static JoinKind within(int before, int after) {
		return new JoinKind.Within(KeySpan.of(before), KeySpan.of(after), null);
	}

	static Stream<JoinKind> kinds() {
		return Stream.of(JoinKind.EQUAL, asOf(JoinKind.Direction.BACKWARD, 0, false),
				asOf(JoinKind.Direction.FORWARD, null, false), asOf(JoinKind.Direction.NEAREST, 0, false),
				asOf(JoinKind.Direction.BACKWARD, 0, true), asOf(JoinKind.Direction.FORWARD, 1, true),
				asOf(JoinKind.Direction.NEAREST, 1, true), within(0, 0));
	}

	private JoinTree tree(TestStream child, JoinKind kind, boolean optional) {
		JoinNode master = new JoinNode("m", new TestStream(1), -1, null, null, JoinNode.Take.ALL, ErrorPolicy.FAIL,
				ErrorPolicy.FAIL, ErrorPolicy.FAIL);
		JoinNode node = new JoinNode("s", child, 0, KEY, KEY,
				(kind instanceof JoinKind.AsOf) ? JoinNode.Take.FIRST : JoinNode.Take.ALL, ErrorPolicy.FAIL,
				ErrorPolicy.FAIL, ErrorPolicy.FAIL)
			.joinedAs(kind, optional);
		return new JoinTree(List.of(master, node), null, false, 3);
	}

	private Edge edge(TestStream child, JoinKind kind, boolean optional) {
		JoinTree tree = tree(child, kind, optional);
		JoinColumns columns = new JoinColumns(tree);
		return Edge.of(new Branch("s", cursor(child, tree, columns, 1), child.account), tree, columns, 1, false);
	}

	private Cursor cursor(TestStream stream, JoinTree tree, JoinColumns columns, int node) {
		JoinNode definition = tree.nodes().get(node);
		return new Cursor(definition, new LaneId("mill", 0),
				new Acceptance(definition, columns.ordered(node), columns.equal(node), null), stream.account,
				this.waiting, null);
	}

	private Cursor parent(JoinKind kind, Object... elements) {
		TestStream stream = new TestStream(100, elements);
		JoinTree tree = tree(stream, kind, false);
		JoinColumns columns = new JoinColumns(tree);
		JoinNode master = new JoinNode("m", stream, -1, null, null, JoinNode.Take.ALL, ErrorPolicy.FAIL,
				ErrorPolicy.FAIL, ErrorPolicy.FAIL);
		return new Cursor(master, new LaneId("mill", 0),
				new Acceptance(master, columns.ordered(0), columns.equal(0), null), stream.account, this.waiting, null);
	}

	private static Answer seekNext(Edge edge, Cursor parent) {
		assertThat(parent.hasNext()).isTrue();
		Answer answer = edge.seek(parent.page, parent.index);
		parent.advance();
		return answer;
	}

	private List<Object> matches(JoinKind kind, TestStream child, int left) {
		Edge edge = edge(child, kind, true);
		seekNext(edge, parent(kind, left));
		return edge.matches().asList();
	}

	private void waits(JoinKind kind, TestStream child, int left) {
		assertThatExceptionOfType(TestWaiting.Stopped.class).isThrownBy(() -> matches(kind, child.goesOn(), left));
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void anOptionalStreamEndsNothing(JoinKind kind) {
		Edge edge = edge(new TestStream(1, 2), kind, true);
		Cursor parent = parent(kind, 2, 4, 6);
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.MATCH);
		assertThat(edge.matches().asList()).containsExactly(2);
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.MATCH);
		assertThat(edge.matches().isEmpty()).isTrue();
		assertThat(edge.isKnownOver(parent.page, parent.index)).isFalse();
		assertThat(edge.isSeenOver(parent)).isFalse();
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void aRequiredStreamIsOverOnceNothingCanMatch(JoinKind kind) {
		Edge edge = edge(new TestStream(1, 2), kind, false);
		Cursor parent = parent(kind, 2, 2, 4, 6);
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.MATCH);
		assertThat(edge.isKnownOver(parent.page, parent.index)).as("for 2 again").isFalse();
		assertThat(edge.isSeenOver(parent)).isFalse();
		parent.advance();
		assertThat(edge.isSeenOver(parent)).as("for 4").isTrue();
		assertThat(seekNext(edge, parent)).isEqualTo(Answer.OVER);
		assertThat(edge.isKnownOver(parent.page, parent.index)).isTrue();
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void whatIsHeldAboveStaysUntilItIsLetGo(JoinKind kind) {
		TestStream child = new TestStream(1, 2, 4);
		Edge edge = edge(child, kind, true);
		Cursor parent = parent(kind, 2, 4, 6);
		seekNext(edge, parent);
		HeldMatches held = edge.matches();
		held.hold();
		seekNext(edge, parent);
		seekNext(edge, parent);
		assertThat(held.asList()).containsExactly(2);
		assertThat(held.frozen().asList()).containsExactly(2);
		long before = child.counters().skipped(SkipReason.UNMATCHED).get();
		held.release(edge.child);
		assertThat(child.counters().skipped(SkipReason.UNMATCHED).get() - before).isEqualTo(1);
		edge.release();
		assertThat(child.counters().skipped(SkipReason.UNMATCHED).get()).isEqualTo(2);
	}

	@Test
	void backwardWaitsForAGreaterKey() {
		JoinKind kind = asOf(JoinKind.Direction.BACKWARD, null, false);
		assertThat(matches(kind, new TestStream(1, 1, 3, 6).goesOn(), 5)).containsExactly(3);
		waits(kind, new TestStream(1, 1, 3, 5), 5);
	}

	@Test
	void forwardWaitsForTheFirstThatIsNotBeforeAndForNothingBehindIt() {
		assertThat(matches(asOf(JoinKind.Direction.FORWARD, null, false), new TestStream(1, 1, 5).goesOn(), 5))
			.containsExactly(5);
		assertThat(matches(asOf(JoinKind.Direction.FORWARD, 1, false), new TestStream(1, 1, 7).goesOn(), 5)).isEmpty();
		waits(asOf(JoinKind.Direction.FORWARD, 1, false), new TestStream(1, 1, 4), 5);
		assertThat(matches(asOf(JoinKind.Direction.FORWARD, 3, true), new TestStream(1, 6, 7).goesOn(), 5))
			.as("of its value")
			.containsExactly(7);
		waits(asOf(JoinKind.Direction.FORWARD, 3, true), new TestStream(1, 6, 8), 5);
	}

	@Test
	void nearestWaitsForAKeyBehindThatIsAsFar() {
		JoinKind kind = asOf(JoinKind.Direction.NEAREST, null, false);
		assertThat(matches(kind, new TestStream(1, 3, 7).goesOn(), 5)).as("a tie").containsExactly(3);
		assertThat(matches(kind, new TestStream(1, 3, 6).goesOn(), 5)).containsExactly(6);
		waits(kind, new TestStream(1, 3, 5), 5);
		assertThat(matches(asOf(JoinKind.Direction.NEAREST, 2, true), new TestStream(1, 4, 6, 8).goesOn(), 5))
			.as("none of its value")
			.isEmpty();
		waits(asOf(JoinKind.Direction.NEAREST, 2, true), new TestStream(1, 4, 6), 5);
	}

	@Test
	void withinWaitsForAKeyThatIsFartherBehind() {
		assertThat(matches(within(1, 2), new TestStream(1, 3, 4, 7, 8).goesOn(), 5)).containsExactly(4, 7);
		waits(within(1, 2), new TestStream(1, 4, 7), 5);
	}

	@Test
	void whatIsHeldIsBounded() {
		assertThatExceptionOfType(StreamException.class)
			.isThrownBy(() -> matches(within(5, 5), new TestStream(1, 1, 2, 3, 4), 5))
			.withMessageContaining("more than 3 elements are held")
			.withMessageContaining("s[3]")
			.withMessageContaining("max-group-size");
	}

	@Test
	void whatGoesIntoThePlaceOfAnotherElementIsNotOneTooMany() {
		KeyFunction<Integer> third = KeyFunction.ofLong("x % 3", (x) -> x % 3);
		JoinKind lastOfEach = new JoinKind.AsOf(JoinKind.Direction.BACKWARD, true, null, new JoinKind.By(third, third));
		Edge edge = edge(new TestStream(2, 0, 1, 2, 3, 4, 4, 5, 8), lastOfEach, true);
		Cursor parent = parent(lastOfEach, 0, 1, 2, 3, 4, 5, 6, 7, 8);
		List.of(0, 1, 2, 3, 4, 5, 3, 4, 8).forEach((match) -> {
			seekNext(edge, parent);
			assertThat(edge.matches().asList()).containsExactly(match);
		});
	}

}
