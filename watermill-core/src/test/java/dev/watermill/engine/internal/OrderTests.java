package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Order is checked beyond what the merge needs: a stream that goes back is never a silent
 * COMPLETED, wherever pages end.
 */
class OrderTests {

	private static final InvalidElement INVALID = new InvalidElement("found '}', expected a value", null, null);

	private @Nullable InMemoryBroker openBroker;

	private @Nullable Mill running;

	private InMemoryBroker broker(int batchSize) {
		this.openBroker = new InMemoryBroker(batchSize);
		return this.openBroker;
	}

	@AfterEach
	void stop() {
		if (this.running != null) {
			this.running.stop();
		}
	}

	private static void put(InMemoryBroker broker, String stream, Object... elements) {
		broker.stream(stream).complete(List.of(elements));
	}

	private static MillBuilder builder(InMemoryBroker broker) {
		return Mill.builder("mill").to("out", Integer.class, broker).pollTimeout(Duration.ofMillis(20));
	}

	/** Joins b to a by the elements. */
	private static Mill join(InMemoryBroker broker, ErrorPolicy onDisorder) {
		MillBuilder builder = builder(broker);
		Input<Integer> a = builder.from("a", Integer.class, broker);
		JoinMany<Integer, Integer> b = builder.join(a, "b", Integer.class, broker)
			.onLong((left) -> left, (right) -> right)
			.many();
		a.onDisorder(onDisorder);
		b.onDisorder(onDisorder);
		builder.process((delivery) -> delivery.get(a));
		return builder.build();
	}

	private static List<Object> out(InMemoryBroker broker) {
		return broker.stream("out").elements();
	}

	private static void assertFailed(Mill mill, String... found) {
		MillState state = mill.run();
		assertThat(state).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains(found).contains("sort it", "on-disorder");
		// it has not gone away by itself
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains(found);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsWhenASecondaryIsDescending(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		put(broker, "a", IntStream.rangeClosed(1, 20).boxed().toArray());
		put(broker, "b", IntStream.rangeClosed(1, 20).map((i) -> 21 - i).boxed().toArray());
		assertFailed(join(broker, ErrorPolicy.FAIL), "stream 'b'", "b[1]", "19 after 20");
		assertThat(out(broker)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsWhenTheMasterIsDescending(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		put(broker, "a", 20, 19, 18, 17);
		put(broker, "b", 1, 2, 3, 18);
		assertFailed(join(broker, ErrorPolicy.FAIL), "stream 'a'", "a[1]", "19 after 20");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsWhenOneKeyOfASecondaryIsFromTheFuture(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		put(broker, "a", 1, 2, 3, 4, 5);
		put(broker, "b", 1, 2, 1000, 3, 4, 5);
		assertFailed(join(broker, ErrorPolicy.FAIL), "stream 'b'", "b[3]", "3 after 1000");
		put(broker, "b", 1, 2, 3, 3, 4, 5);
		assertThat(join(broker, ErrorPolicy.FAIL).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(broker)).containsExactly(1, 2, 3, 4, 5);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsWhenOneKeyOfTheMasterIsFromTheFuture(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		put(broker, "a", 1, 9, 2, 3);
		put(broker, "b", 1, 2, 3);
		assertFailed(join(broker, ErrorPolicy.FAIL), "stream 'a'", "a[2]", "2 after 9");
		assertThat(out(broker)).containsExactly(1);
		// nothing of the other stream was passed over for the wrong key
		put(broker, "a", 1, 2, 2, 3);
		assertThat(join(broker, ErrorPolicy.FAIL).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(broker)).containsExactly(1, 2, 2, 3);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 100 })
	void failsWhenAKeyGoesBackBehindARunOfEqualOnes(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		put(broker, "a", 1, 2);
		put(broker, "b", 1, 9, 9, 2);
		assertFailed(join(broker, ErrorPolicy.FAIL), "stream 'b'", "b[3]", "2 after 9");
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 100 })
	void failsWhenAKeyGoesBackBehindWhatTheMergeNeeds(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		put(broker, "a", 1, 2);
		put(broker, "b", 1, 2, 8, 7);
		assertFailed(join(broker, ErrorPolicy.FAIL), "stream 'b'", "b[3]", "7 after 8");
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 100 })
	void failsWhenAKeyGoesBackBehindAnInvalidElement(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		MillBuilder builder = builder(broker);
		Input<Integer> a = builder.from("a", Integer.class, broker);
		a.onInvalid(ErrorPolicy.SKIP);
		builder.join(a, "b", Integer.class, broker).onLong((left) -> left, (right) -> right).first();
		builder.process((delivery) -> delivery.get(a));
		put(broker, "a", 1, 9, INVALID, 2, 3);
		put(broker, "b", 1, 2, 3);
		assertFailed(builder.build(), "stream 'a'", "a[3]", "2 after 9");
	}

	@ParameterizedTest
	@ValueSource(ints = { 3, 100 })
	void failsWhenAKeyGoesBackBehindAnInvalidElementThatNobodyNeeds(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		put(broker, "a", 1, 2, 3);
		put(broker, "b", 9, INVALID, 2, 3);
		assertFailed(join(broker, ErrorPolicy.FAIL), "stream 'b'", "b[2]", "2 after 9");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsWhenAStreamBelowASecondaryGoesBack(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		MillBuilder builder = builder(broker);
		Input<Integer> a = builder.from("a", Integer.class, broker);
		JoinMany<Integer, Integer> b = builder.join(a, "b", Integer.class, broker)
			.onLong((left) -> left, (right) -> right)
			.many();
		builder.join(b, "c", Integer.class, broker).onLong((left) -> left, (right) -> right).many();
		builder.process((delivery) -> delivery.get(a));
		put(broker, "a", 1, 2, 3);
		put(broker, "b", 1, 2, 3);
		put(broker, "c", 1, 70, 2, 3);
		assertFailed(builder.build(), "stream 'c'", "c[2]", "2 after 70");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsWhenOneOfSeveralExpressionsGoesBack(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		MillBuilder builder = builder(broker);
		Input<Integer> a = builder.from("a", Integer.class, broker);
		builder.join(a, "b", Integer.class, broker).onLong((left) -> left, (right) -> right).first();
		builder.join(a, "c", Integer.class, broker)
			.on(KeyFunction.<Integer>ofLong("50 / x", (left) -> 50 / left), KeyFunction.<Integer>ofLong("x", (x) -> x))
			.first();
		builder.process((delivery) -> delivery.get(a));
		put(broker, "a", 1, 2, 3);
		put(broker, "b", 1, 2, 3);
		put(broker, "c", 50);
		assertFailed(builder.build(), "stream 'a'", "a[1]", "50 / x", "25 after 50");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void failsInAWindow(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		MillBuilder builder = builder(broker);
		Input<Integer> a = builder.from("a", Integer.class, broker);
		builder.join(a, "b", Integer.class, broker).onLong((left) -> left, (right) -> right).many();
		builder.windowBy(KeyFunction.<Integer>ofLong("x / 10", (x) -> x / 10));
		builder.process((delivery) -> delivery.window(a).size());
		put(broker, "a", 1, 2, 11, 12);
		put(broker, "b", 1, 2, 11, 99, 12);
		assertFailed(builder.build(), "stream 'b'", "b[4]", "12 after 99");
		put(broker, "b", 1, 2, 11, 12, 12);
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(broker)).containsExactly(2, 2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 100 })
	void skipsWhatGoesBackWhereThatIsAskedFor(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		put(broker, "a", 1, 2, 3);
		put(broker, "b", 1, 2, 9, 3, 4);
		Mill mill = join(broker, ErrorPolicy.SKIP);
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(broker)).containsExactly(1, 2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void lookingSkipsNothing(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		MillBuilder builder = builder(broker);
		Input<Integer> a = builder.from("a", Integer.class, broker);
		JoinMany<Integer, Integer> b = builder.join(a, "b", Integer.class, broker)
			.onLong((left) -> left, (right) -> right)
			.many();
		b.onInvalid(ErrorPolicy.SKIP);
		builder.process((delivery) -> delivery.get(a));
		put(broker, "a", 1);
		put(broker, "b", Stream.concat(Stream.of(1, 2, 2, 2, 2, 2), Stream.generate(() -> INVALID).limit(6)).toArray());
		Mill mill = builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		MillCounters.Input counters = mill.counters().inputs().get("b");
		assertThat(counters.skipped(SkipReason.INVALID).get()).isZero();
		assertThat(counters.read().get()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 100 })
	void failsWhileItWaitsForAnotherStream(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		InMemoryStream<Object> a = broker.stream("a");
		InMemoryStream<Object> b = broker.stream("b");
		a.append(1);
		a.append(2);
		b.append(1);
		b.append(5);
		Mill mill = join(broker, ErrorPolicy.FAIL);
		this.running = mill;
		mill.start();
		Awaitility.await().untilAsserted(() -> assertThat(mill.state()).isEqualTo(MillState.RUNNING));
		Awaitility.await().untilAsserted(() -> assertThat(out(broker)).containsExactly(1));
		b.append(4);
		Awaitility.await().untilAsserted(() -> assertThat(mill.state()).isEqualTo(MillState.FAILED));
		assertThat(mill.status().lastError().message()).contains("stream 'b'", "b[2]", "4 after 5");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 100 })
	void goesOnWhenTheOrderIsRepaired(int batchSize) {
		InMemoryBroker broker = broker(batchSize);
		List<Object> right = new ArrayList<>(IntStream.range(0, 50).boxed().toList());
		put(broker, "a", right.toArray());
		right.set(20, 4000);
		put(broker, "b", right.toArray());
		assertFailed(join(broker, ErrorPolicy.FAIL), "stream 'b'", "b[21]", "21 after 4000");
		assertThat(out(broker)).hasSizeLessThanOrEqualTo(20);
		put(broker, "b", IntStream.range(0, 50).boxed().toArray());
		assertThat(join(broker, ErrorPolicy.FAIL).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(broker)).isEqualTo(IntStream.range(0, 50).boxed().toList());
	}

}
