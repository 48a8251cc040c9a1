package dev.watermill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.delivery.MillContext;
import dev.watermill.engine.MillState;
import dev.watermill.join.JoinKind;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class DeliveryTests {

	private final InMemoryBroker broker = new InMemoryBroker(2);

	private final MillBuilder builder = Mill.builder("mill");

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private JoinMany<Integer, Integer> many(Input<Integer> parent, String name) {
		return this.builder.join(parent, name, Integer.class, this.broker)
			.onLong((left) -> left / 10, (right) -> right / 10)
			.many();
	}

	private void put(String stream, Integer... elements) {
		this.broker.stream(stream).complete(List.of(elements));
	}

	private void run() {
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatIsGivenOutStaysAsItIs(boolean windowed) {
		put("a", 10, 20, 21, 30, 40);
		put("b", 10, 20, 21, 30, 31, 32, 40);
		put("c", 10, 20, 21, 30, 40, 41);
		JoinMany<Integer, Integer> b = many(this.master, "b");
		JoinMany<Integer, Integer> c = many(b, "c");
		if (windowed) {
			this.builder.windowBy(KeyFunction.<Integer>ofLong("key", (element) -> element / 20));
		}
		List<Object> kept = new ArrayList<>();
		List<String> shown = new ArrayList<>();
		this.builder.forEach((delivery) -> {
			for (Object given : List.of(delivery.window(this.master), delivery.get(b), delivery.get(c))) {
				kept.add(given);
				shown.add(given.toString());
			}
		});
		run();
		assertThat(kept.stream().map(Object::toString)).isEqualTo(shown);
		assertThat(shown).contains(windowed ? "{20=[20, 21], 21=[20, 21], 30=[30, 31, 32]}" : "{21=[20, 21]}");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void theContextStaysThatOfItsDelivery(boolean windowed) {
		put("a", 10, 15, 20, 21, 30, 40);
		put("b", 9, 10, 20, 21, 30, 31, 32, 40);
		put("c", 10, 20, 21, 30, 40, 41);
		JoinMany<Integer, Integer> b = many(this.master, "b");
		JoinMany<Integer, Integer> c = many(b, "c");
		if (windowed) {
			this.builder.windowBy(KeyFunction.<Integer>ofLong("key", (element) -> element / 20));
		}
		List<MillContext> kept = new ArrayList<>();
		this.builder.forEach((delivery) -> {
			assertThat(delivery.get(c)).isNotEmpty();
			assertThat(delivery.context()).isSameAs(delivery.context());
			kept.add(delivery.context());
		});
		run();
		assertThat(kept.stream().map((context) -> context.key() + "" + context.positions())).containsExactly(windowed
				? new String[] { "0{a=a[0], b=b[1], c=c[0]}", "1{a=a[2], b=b[2], c=c[1]}", "2{a=a[5], b=b[7], c=c[4]}" }
				: new String[] { "1{a=a[0], b=b[1], c=c[0]}", "1{a=a[1], b=b[1], c=c[0]}", "2{a=a[2], b=b[2], c=c[1]}",
						"2{a=a[3], b=b[2], c=c[1]}", "3{a=a[4], b=b[4], c=c[3]}", "4{a=a[5], b=b[7], c=c[4]}" });
	}

	@Test
	void theContextOfARunOfPairsIsThatOfThePair() {
		put("a", 1, 2, 3, 4, 5, 6);
		put("b", 2, 3, 4, 5, 6);
		JoinFirst<Integer, Integer> b = this.builder.join(this.master, "b", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.first();
		List<MillContext> kept = new ArrayList<>();
		this.builder.forEach((delivery) -> {
			assertThat(delivery.match(b)).isEqualTo(delivery.get(this.master));
			kept.add(delivery.context());
		});
		run();
		assertThat(kept.stream().map((context) -> context.key() + "" + context.positions())).containsExactly(
				"2{a=a[1], b=b[0]}", "3{a=a[2], b=b[1]}", "4{a=a[3], b=b[2]}", "5{a=a[4], b=b[3]}",
				"6{a=a[5], b=b[4]}");
	}

	@Test
	void toEndTheStreamWhenTheDeliveryIsOverIsTooLate() {
		put("a", 1, 2, 3);
		List<MillContext> kept = new ArrayList<>();
		this.builder.forEach((delivery) -> {
			kept.forEach(MillContext::endOfStream);
			kept.add(delivery.context());
		});
		run();
		assertThat(kept).hasSize(3);
	}

	@Test
	void matchesOfTheMasterElementAreGivenOutAlone() {
		put("a", 10, 20);
		put("b", 10, 11, 20);
		put("c", 10, 20);
		JoinMany<Integer, Integer> b = many(this.master, "b");
		JoinMany<Integer, Integer> c = many(b, "c");
		List<Object> kept = new ArrayList<>();
		this.builder.forEach((delivery) -> {
			kept.add(delivery.matches(b));
			assertThatIllegalArgumentException().isThrownBy(() -> delivery.matches(c))
				.withMessage("The stream 'c' is not joined to the master. Ask for its matches by their parents.");
		});
		run();
		assertThat(kept).containsExactly(List.of(10, 11), List.of(20));
	}

	@Test
	void matchesUnderAWindowAreThoseOfItsFirstElement() {
		put("a", 10, 20, 40);
		put("b", 10, 11, 20, 40);
		put("b2", 10, 20, 40);
		JoinMany<Integer, Integer> b = many(this.master, "b");
		JoinFirst<Integer, Integer> first = this.builder.join(this.master, "b2", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.first();
		this.builder.windowBy(KeyFunction.<Integer>ofLong("key", (element) -> element / 30));
		List<Object> kept = new ArrayList<>();
		this.builder.forEach((delivery) -> kept.add(delivery.matches(b) + " " + delivery.match(first)));
		run();
		assertThat(kept).containsExactly("[10, 11] 10", "[40] 40");
	}

	@Test
	void whatIsGivenOutCanNotBeModified() {
		put("a", 10, 20, 21);
		put("b", 10, 20, 21);
		JoinMany<Integer, Integer> b = many(this.master, "b");
		this.builder.windowBy(KeyFunction.<Integer>ofLong("key", (element) -> element / 20));
		List<Runnable> changes = new ArrayList<>();
		this.builder.forEach((delivery) -> {
			List<Integer> window = delivery.window(this.master);
			Map<Integer, List<Integer>> matches = delivery.get(b);
			changes.add(() -> window.set(0, 1));
			changes.add(() -> window.add(1));
			changes.add(() -> matches.put(1, List.of()));
			changes.add(() -> matches.remove(window.get(0)));
			changes.add(() -> matches.get(window.get(0)).add(1));
			changes.add(() -> matches.get(window.get(0)).set(0, 1));
			changes.add(() -> matches.entrySet().iterator().next().setValue(List.of()));
		});
		run();
		assertThat(changes).hasSize(14)
			.allSatisfy(
					(change) -> assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(change::run));
	}

	@Test
	void aMapOfOneParentIsAMapLikeAnyOther() {
		put("a", 10);
		put("b", 10, 11);
		JoinMany<Integer, Integer> b = many(this.master, "b");
		JoinFirst<Integer, Integer> c = this.builder.join(this.master, "b2", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.first();
		put("b2", 10);
		List<Map<?, ?>> kept = new ArrayList<>();
		this.builder.forEach((delivery) -> {
			kept.add(delivery.get(b));
			kept.add(delivery.get(c));
		});
		run();
		assertThat(kept).isEqualTo(List.of(Map.of(10, List.of(10, 11)), Map.of(10, 10)));
		assertThat(kept.get(0).hashCode()).isEqualTo(Map.of(10, List.of(10, 11)).hashCode());
		assertThat(kept.get(0).get(11)).isNull();
		assertThat(kept.get(0).get(null)).isNull();
		assertThat(kept.get(0).containsKey(10)).isTrue();
		assertThat(kept.get(0).get("x")).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void mapsIterateInTheOrderOfTheStreamOfTheParents(boolean later) {
		put("a", 10);
		put("b", 11, 12, 13);
		put("c", 5, 6, 7, 9);
		put("d", 5, 6, 7, 9);
		JoinMany<Integer, Integer> b = many(this.master, "b");
		// 11 finds 9, and 12 goes back to 6
		JoinFirst<Integer, Integer> c = this.builder.join(b, "c", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.asOf(JoinKind.Direction.BACKWARD)
			.by((left) -> left % 2, (right) -> right % 2)
			.match();
		JoinFirst<Integer, Integer> d = this.builder.join(c, "d", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.first();
		this.builder.to("out", String.class, this.broker);
		if (later) {
			this.builder.processLater(
					(delivery) -> CompletableFuture.supplyAsync(() -> delivery.get(c) + " " + delivery.get(d)));
		}
		else {
			this.builder.process((delivery) -> delivery.get(c) + " " + delivery.get(d));
		}
		run();
		assertThat(this.broker.<String>stream("out").elements()).containsExactly("{11=9, 12=6, 13=9} {6=6, 9=9}");
	}

	@ParameterizedTest
	@EnumSource(JoinKind.Direction.class)
	void valuesOfTwoKindsThatHaveToBeEqualAreNotPassedOver(JoinKind.Direction direction) {
		put("a", 10, 11);
		put("b", 9, 10, 11, 12);
		JoinFirst<Integer, Integer> b = this.builder.join(this.master, "b", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.asOf(direction)
			.tolerance(5)
			.by((left) -> String.valueOf(left % 2), (right) -> right % 2)
			.match();
		this.builder.forEach((delivery) -> delivery.get(b));
		assertRefused(this.builder.build());
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void valuesOfTwoKindsThatHaveToBeEqualAreNotPassedOverWithin(boolean optional) {
		put("a", 10, 11);
		put("b", 9, 10, 11, 12);
		JoinCondition<Integer, Integer>.WithinMatches matches = this.builder
			.join(this.master, "b", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.within(2, 2)
			.by((left) -> left % 2, (right) -> List.of(right % 2));
		JoinMany<Integer, Integer> b = optional ? matches.optional() : matches.many();
		this.builder.forEach((delivery) -> delivery.get(b));
		assertRefused(this.builder.build());
	}

	private static void assertRefused(Mill mill) {
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("stream 'b'", "b[", "have to be equal",
				"Use values of one kind");
	}

	@Test
	void aParentThatWindowsHoldInSeveralGroupsGivesItsMatchesOnce() {
		put("a", 10, 11, 12);
		this.broker.<Named>stream("b").complete(List.of(new Named("x", 10), new Named("x", 11), new Named("y", 12)));
		put("c", 10, 11, 12);
		JoinMany<Integer, Named> b = this.builder.join(this.master, "b", Named.class, this.broker)
			.onLong((left) -> left, Named::key)
			.within(1, 1)
			.many();
		JoinMany<Named, Integer> c = this.builder.join(b, "c", Integer.class, this.broker)
			.onLong(Named::key, (right) -> right)
			.many();
		this.builder.windowBy(KeyFunction.<Integer>ofLong("key", (element) -> element / 10));
		List<Object> kept = new ArrayList<>();
		this.builder.forEach((delivery) -> kept.add(delivery.get(c).toString()));
		run();
		assertThat(kept).containsExactly("{x=[10, 11], y=[12]}");
	}

	@Test
	void theFirstMatchIsTakenWithoutWaitingForTheNextElement() throws InterruptedException {
		this.broker.stream("a").append(10);
		this.broker.stream("b").append(10);
		JoinFirst<Integer, Integer> first = this.builder.join(this.master, "b", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.first();
		this.builder.to("out", Integer.class, this.broker).process((delivery) -> delivery.get(first).get(10));
		Mill mill = this.builder.build();
		mill.start();
		await().until(() -> this.broker.stream("out").elements().equals(List.of(10)));
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(10))).isTrue();
	}

	@Test
	void whatComesOfAnOptionalStreamThatIsOverSinceItWasSilentIsLate() {
		// topics, so to speak: what is no batch can be silent
		InMemoryStream<Integer> a = this.broker.<Integer>stream("a", 1).partition(0);
		InMemoryStream<Integer> b = this.broker.<Integer>stream("b", 1).partition(0);
		InMemoryStream<String> out = this.broker.<String>stream("out", 1).partition(0);
		a.append(1);
		JoinOptional<Integer, Integer> match = this.builder.join(this.master, "b", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.optional()
			.first();
		this.builder.dataTimeout(Duration.ofMillis(50)).process((delivery) -> {
			int element = delivery.get(this.master);
			if (element == 1) {
				// b is over: the first element would wait for it
				b.append(1);
				b.append(2);
				a.append(2).end();
			}
			return element + "=" + delivery.match(match).orElse(0);
		});
		Mill mill = this.builder.to("out", String.class, this.broker).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out.elements()).containsExactly("1=0", "2=0");
		assertThat(mill.counters().inputs().get("b").skipped(SkipReason.LATE).get()).isEqualTo(2);
		Accounting.assertAccounted(mill, "b", 0, 0);
	}

	@Test
	void aRunOfPairsBeginsBehindAMatchOnly() {
		for (int batchSize = 1; batchSize < 10; batchSize++) {
			InMemoryBroker broker = new InMemoryBroker(batchSize);
			broker.<Integer>stream("a").complete(List.of(1, 2, 3, 4, 5, 6, 7, 8));
			broker.<Integer>stream("b").complete(List.of(2, 3, 5, 6, 7, 9));
			MillBuilder builder = Mill.builder("optional");
			Input<Integer> a = builder.from("a", Integer.class, broker);
			JoinOptional<Integer, Integer> b = builder.join(a, "b", Integer.class, broker)
				.onLong((x) -> x, (x) -> x)
				.optional()
				.first();
			builder.process((delivery) -> delivery.get(a) + "=" + delivery.match(b).orElse(0));
			assertThat(builder.to("out", String.class, broker).build().run()).isEqualTo(MillState.COMPLETED);
			assertThat(broker.<String>stream("out").elements()).as("batch size %d", batchSize)
				.containsExactly("1=0", "2=2", "3=3", "4=0", "5=5", "6=6", "7=7", "8=0");
		}
	}

	/**
	 * Equal to others by its name alone, as entities are.
	 */
	private record Named(String name, int key) {

		@Override
		public boolean equals(Object other) {
			return other instanceof Named named && named.name.equals(this.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
