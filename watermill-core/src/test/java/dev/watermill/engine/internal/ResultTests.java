package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.FaultyBroker;
import dev.watermill.FaultyBroker.Operation;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.Result;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ResultTests {

	private final InMemoryBroker broker = new InMemoryBroker();

	ResultTests() {
		this.broker.stream("a").complete(List.of(0, 1, 2, 3));
	}

	private List<Object> out(String stream) {
		InMemoryStream<Object> out = this.broker.stream(stream);
		return out.elements();
	}

	private Mill mill(Result.Shape shape, Broker output, Function<Integer, @Nullable Object> function) {
		MillBuilder builder = Mill.builder("mill");
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		builder.to("out", String.class, output)
			.function(shape, (delivery) -> function.apply(delivery.get(master)))
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
		return builder.build();
	}

	private void assertWrites(Result.Shape shape, Function<Integer, @Nullable Object> function, String... results) {
		for (Result.Shape declared : new Result.Shape[] { shape, Result.Shape.ANY }) {
			Mill mill = mill(declared, this.broker, function);
			assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
			assertThat(out("out")).as(declared.name()).containsExactly((Object[]) results);
			assertThat(mill.counters().results().get("out").get()).isEqualTo(results.length);
		}
	}

	@Test
	void oneResultOrNull() {
		assertWrites(Result.Shape.SINGLE, (element) -> (element == 1) ? null : "r" + element, "r0", "r2", "r3");
	}

	@Test
	void anOptional() {
		assertWrites(Result.Shape.OPTIONAL,
				(element) -> (element == 1) ? null : Optional.of("r" + element).filter((text) -> !text.equals("r2")),
				"r0", "r3");
	}

	@Test
	void anOptionalEndOfStream() {
		assertWrites(Result.Shape.OPTIONAL,
				(element) -> Optional.of((element == 1) ? EndOfStream.INSTANCE : "r" + element), "r0");
	}

	@Test
	void aListWithNulls() {
		assertWrites(Result.Shape.ITERABLE, (element) -> switch (element) {
			case 0 -> Arrays.asList("x", null, "y", null);
			case 1 -> List.of();
			case 2 -> null;
			default -> List.of("z");
		}, "x", "y", "z");
	}

	@Test
	void anIterator() {
		assertWrites(Result.Shape.ITERATOR, (element) -> Collections.nCopies(element, "r" + element).iterator(), "r1",
				"r2", "r2", "r3", "r3", "r3");
	}

	@Test
	void aStream() {
		assertWrites(Result.Shape.STREAM, (element) -> IntStream.range(0, element).mapToObj((i) -> element + "." + i),
				"1.0", "2.0", "2.1", "3.0", "3.1", "3.2");
	}

	@Test
	void nothing() {
		Mill mill = mill(Result.Shape.NONE, this.broker, (element) -> "ignored");
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out("out")).isEmpty();
		assertThat(mill.counters().deliveries().get()).isEqualTo(4);
	}

	@Test
	void anIterableThatIsNoCollectionIsOneResultWhereTheShapeIsNotDeclared() {
		record Tree(List<String> leaves) implements Iterable<String> {

			@Override
			public Iterator<String> iterator() {
				return this.leaves.iterator();
			}

		}
		MillBuilder builder = Mill.builder("mill")
			.to("out", Tree.class, this.broker)
			.function(Result.Shape.ANY, (delivery) -> new Tree(List.of("a", "b")));
		builder.from("a", Integer.class, this.broker);
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out("out")).hasSize(4);
	}

	@Test
	void aStreamIsWrittenOnceItIsComputedAndClosedSoThatAFailureHasWrittenNothing() {
		List<String> log = new ArrayList<>();
		Broker logging = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == Operation.WRITE) {
				log.add("written");
			}
		});
		Mill mill = mill(Result.Shape.STREAM, logging, (element) -> {
			log.add("called " + element);
			return Stream.of("a", "b")
				.peek((result) -> log.add("computed " + result))
				.limit(element)
				.onClose(() -> log.add("closed"));
		});
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(log).containsExactly("called 0", "closed", "called 1", "computed a", "closed", "written", "called 2",
				"computed a", "computed b", "closed", "written", "written", "called 3", "computed a", "computed b",
				"closed", "written", "written");
	}

	@Test
	void aLongStreamIsWrittenWhileItIsComputed() {
		AtomicInteger computed = new AtomicInteger();
		AtomicInteger written = new AtomicInteger();
		AtomicInteger mostHeld = new AtomicInteger();
		Broker counting = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == Operation.WRITE) {
				written.incrementAndGet();
			}
		});
		Mill mill = mill(Result.Shape.STREAM, counting, (element) -> IntStream.range(0, 10_000).mapToObj((i) -> {
			mostHeld.accumulateAndGet(computed.incrementAndGet() - written.get(), Math::max);
			return "r" + i;
		}));
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out("out")).hasSize(40_000);
		assertThat(mostHeld).hasValue(HeldResults.MOST);
	}

	@Test
	void aStreamIsClosedWhenItFails() {
		List<String> log = new ArrayList<>();
		Mill mill = mill(Result.Shape.STREAM, this.broker, (element) -> Stream.of("x").map((any) -> {
			throw new IllegalStateException("bad");
		}).onClose(() -> log.add("closed")));
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(log).containsExactly("closed");
	}

	@Test
	void anEndlessStreamOfResultsIsEndedByTheMark() {
		List<String> log = new ArrayList<>();
		Mill mill = mill(Result.Shape.STREAM, this.broker,
				(element) -> Stream.<Object>iterate(0, (i) -> (Integer) i + 1)
					.map((i) -> ((Integer) i < 1000) ? i + "" : EndOfStream.INSTANCE)
					.onClose(() -> log.add("closed")));
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out("out")).hasSize(1000);
		assertThat(log).containsExactly("closed");
	}

	@Test
	void eachResultGoesToTheStreamOfItsType() {
		MillBuilder builder = Mill.builder("mill");
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		builder.to("circles", Circle.class, this.broker)
			.to("squares", Square.class, this.broker)
			.to("others", Shape.class, this.broker)
			.function(Result.Shape.ITERABLE, (delivery) -> {
				int element = delivery.get(master);
				return List.of(new Circle(element), new Square(element), new Dot(element), new Circle(-element));
			});
		Mill mill = builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out("circles")).containsExactly(new Circle(0), new Circle(0), new Circle(1), new Circle(-1),
				new Circle(2), new Circle(-2), new Circle(3), new Circle(-3));
		assertThat(out("squares")).containsExactly(new Square(0), new Square(1), new Square(2), new Square(3));
		assertThat(out("others")).containsExactly(new Dot(0), new Dot(1), new Dot(2), new Dot(3));
		assertThat(mill.counters().results().get("circles").get()).isEqualTo(8);
		assertThat(this.broker.stream("circles").isEnded()).isTrue();
		assertThat(this.broker.stream("squares").isEnded()).isTrue();
		assertThat(this.broker.stream("others").isEnded()).isTrue();
	}

	@Test
	void aResultOfAnUnknownTypeIsAnErrorOfTheFunction() {
		Mill mill = mill(Result.Shape.SINGLE, this.broker, (element) -> (element == 2) ? Map.of() : "r" + element);
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "a[2]", "Map", "[out]");
		assertThat(mill.status().lastError().cause()).isInstanceOf(ProcessingException.class);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aResultGoesToTheStreamOfTheMostSpecificTypeItIsAnInstanceOf(boolean mostSpecificFirst) {
		MillBuilder builder = Mill.builder("mill");
		if (mostSpecificFirst) {
			builder.to("mammals", Mammal.class, this.broker).to("animals", Animal.class, this.broker);
		}
		else {
			builder.to("animals", Animal.class, this.broker).to("mammals", Mammal.class, this.broker);
		}
		builder.to("any", Object.class, this.broker);
		builder.function(Result.Shape.ITERABLE,
				(delivery) -> List.of(new Dog(), new Fish(), new Animal(), "thing", new Mammal()));
		builder.from("a", Integer.class, this.broker);
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out("mammals")).hasSize(8).hasOnlyElementsOfTypes(Dog.class, Mammal.class);
		assertThat(out("animals")).hasSize(8).hasOnlyElementsOfTypes(Fish.class, Animal.class);
		assertThat(out("any")).hasSize(4).containsOnly("thing");
	}

	@Test
	void aResultOfTwoTypesOfWhichNeitherIsMoreSpecificIsAnErrorOfTheFunction() {
		MillBuilder builder = Mill.builder("mill")
			.to("texts", CharSequence.class, this.broker)
			.to("comparables", Comparable.class, this.broker)
			.function(Result.Shape.SINGLE, (delivery) -> "both");
		builder.from("a", Integer.class, this.broker);
		Mill mill = builder.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO)).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("java.lang.String", "java.lang.CharSequence",
				"java.lang.Comparable");
	}

	static Stream<Arguments> formsOfResultsAreNoResults() {
		return Stream
			.<Object>of(CompletableFuture.completedFuture("later"), new FutureTask<>(() -> "later"),
					new String[] { "a" }, new int[] { 1 }, List.of(Optional.of("a")), List.of(Stream.of("a")),
					List.of("a", CompletableFuture.completedFuture("later")))
			.map((answer) -> Arguments.of(answer));
	}

	@ParameterizedTest
	@MethodSource
	void formsOfResultsAreNoResults(Object answer) {
		MillBuilder builder = Mill.builder("mill")
			.to("out", Object.class, this.broker)
			.function(Result.Shape.ANY, (delivery) -> answer);
		builder.from("a", Integer.class, this.broker);
		Mill mill = builder.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO)).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "a[0]", "the function returned a");
		assertThat(out("out")).isEmpty();
	}

	static class Animal {

	}

	static class Fish extends Animal {

	}

	static class Mammal extends Animal {

	}

	static class Dog extends Mammal {

	}

	sealed interface Shape {

	}

	record Circle(int size) implements Shape {

	}

	record Square(int size) implements Shape {

	}

	record Dot(int size) implements Shape {

	}

}
