package dev.watermill.join;

import java.util.Arrays;
import java.util.List;

import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.key.KeyFunction;
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
		return new JoinTree(Arrays.asList(nodes), null, 10);
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

	@Test
	void keysHaveAnOrder() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tree(node("a", -1, null, null), node("b", 0, THREAD, THREAD)))
			.withMessageContainingAll("'a'", "'thread'", "Thread", "Comparable");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new JoinTree(List.of(node("a", -1, null, null)), THREAD, 10))
			.withMessageContainingAll("'a'", "'thread'");
	}

}
