package dev.watermill.engine.internal;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The order of a stream is checked across a restart, for each expression by its own last
 * key.
 */
class LastKeysTests {

	private static final KeyFunction<Integer> ID = KeyFunction.ofLong("id", (id) -> id);

	private static final KeyFunction<Integer> TENFOLD = KeyFunction.ofLong("id * 10", (id) -> id * 10L);

	private static final KeyFunction<Integer> TENTH = KeyFunction.ofLong("id / 10", (id) -> id / 10L);

	private final InMemoryBroker broker = new InMemoryBroker(2);

	@BeforeEach
	void fill() {
		put("a", 10, 20, 30, "not a number");
		put("b", 10, 20, 30, 40, 50);
		put("c", 100, 200, 300, 400, 500);
	}

	private void put(String stream, Object... elements) {
		this.broker.stream(stream).complete(List.of(elements));
	}

	private MillBuilder builder() {
		return Mill.builder("mill").to("out", Integer.class, this.broker);
	}

	private Input<Integer> a(MillBuilder builder) {
		return builder.from("a", Integer.class, this.broker);
	}

	private void join(MillBuilder builder, Input<Integer> a, String stream, KeyFunction<Integer> left,
			KeyFunction<Integer> right) {
		builder.join(a, stream, Integer.class, this.broker).on(left, right).many();
	}

	private Mill mill(MillBuilder builder, Input<Integer> a) {
		builder.process((delivery) -> delivery.get(a));
		return builder.build();
	}

	/** Joins b by one key of a, and c by another. */
	private Mill mill(KeyFunction<Integer> forB, KeyFunction<Integer> forC) {
		MillBuilder builder = builder();
		Input<Integer> a = a(builder);
		join(builder, a, "b", forB, ID);
		join(builder, a, "c", forC, ID);
		return mill(builder, a);
	}

	private List<Object> out() {
		return this.broker.stream("out").elements();
	}

	private void runUntilTheThirdElement() {
		assertThat(mill(ID, TENFOLD).run()).isEqualTo(MillState.FAILED);
		assertThat(out()).containsExactly(10, 20, 30);
		Checkpoint checkpoint = this.broker.committed(new LaneId("mill", 0)).orElseThrow();
		assertThat(checkpoint.inputs().get("a").lastKeys()).containsExactly(Map.entry("id", "l30"),
				Map.entry("id * 10", "l300"));
		// the groups that a's last element may match are read again
		assertThat(checkpoint.inputs().get("b").lastKeys()).containsExactly(Map.entry("id", "l20"));
		assertThat(checkpoint.inputs().get("c").lastKeys()).containsExactly(Map.entry("id", "l200"));
	}

	@Test
	void aChangedExpressionBeginsAnew() {
		runUntilTheThirdElement();
		put("a", 10, 20, 30, 250);
		put("b", 10, 20, 25, 26);
		put("c", 100, 200, 2500);
		// 25 is less than 30, the last key of the former expression
		assertThat(mill(TENTH, TENFOLD).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(10, 20, 30, 250);
	}

	@Test
	void aChangedExpressionOfASecondaryBeginsAnew() {
		runUntilTheThirdElement();
		put("a", 10, 20, 30, 31);
		put("b", 10, 20, 310);
		put("c", 100, 200, 3100);
		MillBuilder builder = builder();
		Input<Integer> a = a(builder);
		join(builder, a, "b", ID, TENTH);
		join(builder, a, "c", TENFOLD, TENTH);
		Mill mill = mill(builder, a);
		assertThat(mill.run()).as("%s", mill.status().lastError()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(10, 20, 30, 31);
	}

	@Test
	void expressionsThatChangedTheirPlacesKeepTheirKeys() {
		runUntilTheThirdElement();
		put("a", 10, 20, 30, 40, 41);
		put("b", 10, 20, 400, 410);
		put("c", 100, 200, 400, 410);
		MillBuilder builder = builder();
		Input<Integer> a = a(builder);
		join(builder, a, "b", TENFOLD, ID);
		join(builder, a, "c", ID, TENTH);
		assertThat(mill(builder, a).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(10, 20, 30, 40, 41);
	}

	@Test
	void joinsThatChangedTheirPlacesKeepTheirKeys() {
		runUntilTheThirdElement();
		put("a", 10, 20, 30, 40, 41);
		put("b", 10, 20, 40, 41);
		put("c", 100, 200, 400, 410);
		MillBuilder builder = builder();
		Input<Integer> a = a(builder);
		join(builder, a, "c", TENFOLD, ID);
		join(builder, a, "b", ID, ID);
		assertThat(mill(builder, a).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(10, 20, 30, 40, 41);
	}

	@Test
	void aJoinThatIsTakenAwayLeavesTheOthersTheirKeys() {
		runUntilTheThirdElement();
		put("a", 10, 20, 30, 29);
		MillBuilder builder = builder();
		Input<Integer> a = a(builder);
		join(builder, a, "c", TENFOLD, ID);
		Mill mill = mill(builder, a);
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("a[3]", "'id * 10'", "290 after 300");
	}

	@Test
	void anExpressionThatStayedGoesOnAlthoughAnotherOneChanged() {
		runUntilTheThirdElement();
		put("a", 10, 20, 30, 29);
		Mill mill = mill(TENTH, TENFOLD);
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("a[3]", "'id * 10'", "290 after 300");
	}

	@Test
	void anExpressionWhoseKeysChangedTheirKindBeginsAnew() {
		runUntilTheThirdElement();
		put("a", 10, 20, 30, 31);
		put("b", "", "", "31", "32");
		MillBuilder builder = builder();
		Input<Integer> a = a(builder);
		builder.join(a, "b", String.class, this.broker)
			.on(KeyFunction.ofObject("id", String.class, String::valueOf),
					KeyFunction.ofObject("text", String.class, (text) -> text))
			.many();
		assertThat(mill(builder, a).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(10, 20, 30, 31);
	}

	@Test
	void aWholeNumberThatBecameFloatingPointBeginsAnew() {
		runUntilTheThirdElement();
		put("a", 10, 20, 30, 31);
		put("b", 10, 20, 31, 32);
		MillBuilder builder = builder();
		Input<Integer> a = a(builder);
		builder.join(a, "b", Integer.class, this.broker)
			.on(KeyFunction.<Integer>ofDouble("id", (id) -> id), KeyFunction.<Integer>ofDouble("id", (id) -> id))
			.many();
		assertThat(mill(builder, a).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(10, 20, 30, 31);
	}

	@Test
	void lambdasAreToldFromEachOtherByTheirJoins() {
		assertThat(withLambdas("b", (id) -> id, "c", (id) -> id * 10L).run()).isEqualTo(MillState.FAILED);
		put("a", 10, 20, 30, 40, 41);
		put("b", 10, 20, 40, 41);
		put("c", 100, 200, 400, 410);
		assertThat(withLambdas("c", (id) -> id * 10L, "b", (id) -> id).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(10, 20, 30, 40, 41);
	}

	private Mill withLambdas(String first, ToLongFunction<Integer> firstKey, String second,
			ToLongFunction<Integer> secondKey) {
		MillBuilder builder = builder();
		Input<Integer> a = a(builder);
		builder.join(a, first, Integer.class, this.broker).onLong(firstKey, (right) -> right).many();
		builder.join(a, second, Integer.class, this.broker).onLong(secondKey, (right) -> right).many();
		return mill(builder, a);
	}

}
