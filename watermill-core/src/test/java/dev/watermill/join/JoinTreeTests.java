package dev.watermill.join;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;

import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JoinTreeTests {

	private static final KeyFunction<Object> NUMBER = KeyFunction.ofLong("number", (element) -> 1);

	private static final KeyFunction<Object> TEXT = KeyFunction.ofObject("text", String.class, (element) -> "");

	private static final KeyFunction<Object> THREAD = KeyFunction.ofObject("thread", Thread.class,
			(element) -> element);

	private static JoinNode node(String stream, int parent, @Nullable KeyFunction<?> left,
			@Nullable KeyFunction<?> right) {
		StreamSource<Object> source = new InMemoryBroker().source(StreamDefinition.of(stream, Object.class));
		return new JoinNode(stream, source, parent, left, right, JoinNode.Take.ALL, ErrorPolicy.FAIL, ErrorPolicy.FAIL,
				ErrorPolicy.FAIL);
	}

	private static JoinTree tree(JoinNode... nodes) {
		return new JoinTree(Arrays.asList(nodes), null, false, 10);
	}

	@Test
	void knowsTheChildrenOfANodeInOrder() {
		JoinTree tree = tree(node("a", -1, null, null), node("b", 0, NUMBER, NUMBER), node("c", 1, TEXT, TEXT),
				node("d", 0, NUMBER, NUMBER));
		assertThat(tree.children(0)).isEqualTo(List.of(1, 3));
		assertThat(tree.children(1)).isEqualTo(List.of(2));
		assertThat(tree.children(3)).isEmpty();
	}

	@Test
	void aStreamIsThereOnceOnly() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tree(node("a", -1, null, null), node("a", 0, NUMBER, NUMBER)))
			.withMessageContainingAll("'a'", "twice", "a stream name of its own");
	}

	@Test
	void everyNodeButTheMasterHasAParentBeforeIt() {
		assertThatIllegalArgumentException().isThrownBy(() -> tree(node("a", 0, NUMBER, NUMBER)))
			.withMessageContaining("'a'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tree(node("a", -1, null, null), node("b", 1, NUMBER, NUMBER)))
			.withMessageContaining("'b'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tree(node("a", -1, null, null), node("b", -1, NUMBER, NUMBER)))
			.withMessageContaining("'b'");
	}

	@Test
	void everyEdgeHasAJoinCondition() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tree(node("a", -1, null, null), node("b", 0, NUMBER, null)))
			.withMessageContainingAll("no join condition", "'a'", "'b'");
	}

	@Test
	void keysOfBothSidesCompare() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tree(node("a", -1, null, null), node("b", 0, NUMBER, TEXT)))
			.withMessageContainingAll("'a'", "'b'", "'number' is a number", "'text' is a text", "one kind");
	}

	private static void refuses(JoinNode.Take take, KeyFunction<?> left, KeyFunction<?> right, JoinKind kind,
			String... words) {
		JoinNode node = new JoinNode("b", node("b", -1, null, null).source(), 0, left, right, take, ErrorPolicy.FAIL,
				ErrorPolicy.FAIL, ErrorPolicy.FAIL)
			.joinedAs(kind, false);
		assertThatIllegalArgumentException().isThrownBy(() -> tree(node("a", -1, null, null), node))
			.withMessageContainingAll(words);
	}

	private static JoinKind asOf(JoinKind.Direction direction, @Nullable KeySpan tolerance, JoinKind.@Nullable By by) {
		return new JoinKind.AsOf(direction, true, tolerance, by);
	}

	@Test
	void keysOfAsOfAndWithinHaveDistances() {
		KeyFunction<Object> time = KeyFunction.ofObject("at", LocalTime.class, (element) -> LocalTime.NOON);
		refuses(JoinNode.Take.FIRST, TEXT, TEXT, asOf(JoinKind.Direction.BACKWARD, null, null), "'text' is a text",
				"how far");
		refuses(JoinNode.Take.ALL, time, time, new JoinKind.Within(KeySpan.ZERO, KeySpan.ZERO, null),
				"'at' is a LocalTime", "how far");
	}

	@Test
	void distancesAreOfTheKindOfTheKeys() {
		KeyFunction<Object> instant = KeyFunction.ofObject("at", Instant.class, (element) -> Instant.EPOCH);
		KeyFunction<Object> date = KeyFunction.ofObject("day", LocalDate.class, (element) -> LocalDate.EPOCH);
		KeySpan seconds = KeySpan.of(Duration.ofSeconds(5));
		refuses(JoinNode.Take.FIRST, NUMBER, NUMBER, asOf(JoinKind.Direction.BACKWARD, seconds, null),
				"tolerance is a duration, PT5S", "'number' is a number");
		refuses(JoinNode.Take.FIRST, instant, instant, asOf(JoinKind.Direction.BACKWARD, KeySpan.of(5), null),
				"tolerance is a number, 5", "'at' is a time", "such as 5s");
		refuses(JoinNode.Take.ALL, date, date, new JoinKind.Within(KeySpan.ZERO, seconds, null),
				"distance after is PT5S", "'day' is a date", "whole days");
		KeyFunction<Object> any = KeyFunction.ofObject("any", Object.class, (element) -> element);
		refuses(JoinNode.Take.ALL, any, any, new JoinKind.Within(KeySpan.of(5), seconds, null), "one is a number",
				"one a duration");
	}

	@Test
	void whatHasToBeEqualIsOfOneKindAndLooksForwardSomeWayOnly() {
		refuses(JoinNode.Take.FIRST, NUMBER, NUMBER,
				asOf(JoinKind.Direction.BACKWARD, null, new JoinKind.By(NUMBER, TEXT)), "'number' and 'text'",
				"a number and a text");
		refuses(JoinNode.Take.FIRST, NUMBER, NUMBER,
				asOf(JoinKind.Direction.NEAREST, null, new JoinKind.By(TEXT, TEXT)), "without a tolerance");
		refuses(JoinNode.Take.ALL, NUMBER, NUMBER, asOf(JoinKind.Direction.FORWARD, null, null), "one match");
		refuses(JoinNode.Take.FIRST, NUMBER, NUMBER, new JoinKind.Within(KeySpan.ZERO, KeySpan.ZERO, null),
				"all matches");
	}

	@Test
	void keysHaveAnOrder() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tree(node("a", -1, null, null), node("b", 0, THREAD, THREAD)))
			.withMessageContainingAll("'a'", "'thread'", "Thread", "Comparable");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new JoinTree(List.of(node("a", -1, null, null)), THREAD, false, 10))
			.withMessageContainingAll("'a'", "'thread'");
	}

}
