package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.window.WindowFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class WindowTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

	private final MillBuilder builder = Mill.builder("mill")
		.to("out", String.class, this.broker)
		.pollTimeout(Duration.ofMillis(20));

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private Mill mill;

	@AfterEach
	void stop() throws InterruptedException {
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
	}

	private Mill mill() {
		this.builder.process((delivery) -> delivery.window(this.master).toString());
		this.mill = this.builder.build();
		return this.mill;
	}

	private InMemoryStream<Object> stream(String name) {
		return this.broker.stream(name);
	}

	private void awaitResults(String... results) {
		await().untilAsserted(() -> assertThat(stream("out").elements()).containsExactly((Object[]) results));
	}

	private long position() {
		return this.broker.committed(new LaneId("mill", 0)).orElseThrow().inputs().get("a").position().number("offset");
	}

	private void every(Duration duration) {
		this.builder.windowEvery(duration).clock(Clock.systemUTC(), this.nanos::get);
	}

	private void pass(Duration duration) {
		this.nanos.addAndGet(duration.toNanos());
	}

	@Test
	void aWindowByTheClockClosesThoughNothingArrives() {
		every(Duration.ofSeconds(10));
		mill().start();
		stream("a").append(1).append(2);
		await().until(() -> this.mill.counters().windowSize() == 2);
		pass(Duration.ofMillis(9_999));
		await().during(Duration.ofMillis(200)).until(() -> stream("out").elements().isEmpty());
		pass(Duration.ofMillis(1));
		awaitResults("[1, 2]");
		assertThat(this.mill.counters().windowSize()).isZero();
	}

	@Test
	void aWindowByTheClockOpensWithItsFirstElement() {
		every(Duration.ofSeconds(10));
		mill().start();
		await().until(() -> this.mill.state() == MillState.RUNNING);
		pass(Duration.ofSeconds(25));
		stream("a").append(1);
		await().until(() -> this.mill.counters().windowSize() == 1);
		pass(Duration.ofSeconds(9));
		stream("a").append(2);
		await().until(() -> this.mill.counters().windowSize() == 2);
		pass(Duration.ofSeconds(1));
		awaitResults("[1, 2]");
		stream("a").append(3);
		await().until(() -> this.mill.counters().windowSize() == 1);
		pass(Duration.ofSeconds(30));
		awaitResults("[1, 2]", "[3]");
	}

	@Test
	void anElementThatComesTooLateIsInTheNextWindow() {
		every(Duration.ofNanos(15));
		this.builder.clock(Clock.systemUTC(), this.nanos::get);
		this.builder.process((delivery) -> delivery.window(this.master).toString());
		// each look at an element takes ten nanoseconds
		stream("a").appendAll(List.of(1, 2, 3, 4, 5)).end();
		this.builder.clock(Clock.systemUTC(), () -> this.nanos.addAndGet(10));
		this.mill = this.builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		List<Integer> all = new ArrayList<>();
		stream("out").elements().forEach((window) -> {
			for (String element : window.toString().replaceAll("[\\[\\] ]", "").split(",")) {
				all.add(Integer.valueOf(element));
			}
		});
		assertThat(all).containsExactly(1, 2, 3, 4, 5);
		assertThat(stream("out").elements().size()).isGreaterThan(1);
	}

	@Test
	void aWindowByTheClockIsDeliveredAtTheEnd() {
		every(Duration.ofHours(1));
		stream("a").append(1).append(2).end();
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		awaitResults("[1, 2]");
	}

	@Test
	void aStoppedMillKeepsItsOpenWindowForTheNextStart() throws InterruptedException {
		every(Duration.ofHours(1));
		mill().start();
		stream("a").append(1).append(2);
		await().until(() -> this.mill.counters().windowSize() == 2);
		stop();
		assertThat(stream("out").elements()).isEmpty();
		this.mill.start();
		stream("a").append(3).end();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		awaitResults("[1, 2, 3]");
	}

	@Test
	void windowsByTheClockAreRefusedWithJoins() {
		this.mill = mill();
		this.builder.join(this.master, "b", Integer.class, this.broker).onLong((left) -> left, (right) -> right).many();
		this.builder.windowEvery(Duration.ofSeconds(1));
		assertThatIllegalArgumentException().isThrownBy(this.builder::build)
			.withMessageContainingAll("mill 'mill'", "Window by a key");
	}

	@Test
	void askedForNothingAfterAPollTimedOutAWindowFunctionMayCloseTheWindow() {
		List<String> asked = Collections.synchronizedList(new ArrayList<>());
		WindowFunction<Integer> function = (element) -> {
			asked.add(String.valueOf(element));
			return (element != null) ? element / 10 : "nothing";
		};
		this.builder.windowBy(function);
		mill().start();
		stream("a").appendAll(List.of(10, 11, 20));
		awaitResults("[10, 11]", "[20]");
		assertThat(asked).containsExactly("10", "11", "20", "null");
		// no window is open now, so nobody is asked
		await().during(Duration.ofMillis(200)).until(() -> asked.size() == 4);
		stream("a").append(21).append(22);
		awaitResults("[10, 11]", "[20]", "[21, 22]");
		assertThat(asked).endsWith("21", "22", "null");
	}

	@Test
	void aWindowFunctionThatGivesTheSameForNothingKeepsTheWindowOpen() {
		AtomicLong nulls = new AtomicLong();
		this.builder.windowBy((Integer element) -> {
			if (element == null) {
				nulls.incrementAndGet();
			}
			return 1;
		});
		mill().start();
		stream("a").append(1);
		await().until(() -> nulls.get() > 3);
		assertThat(stream("out").elements()).isEmpty();
		stream("a").append(2).end();
		awaitResults("[1, 2]");
	}

	@Test
	void aWindowFunctionIsAskedOncePerPollTimeOutOnly() {
		AtomicLong nulls = new AtomicLong();
		this.builder.pollTimeout(Duration.ofSeconds(2)).commitInterval(Duration.ofMillis(1));
		this.builder.windowBy((Integer element) -> {
			if (element == null) {
				nulls.incrementAndGet();
			}
			return 1;
		});
		mill().start();
		stream("a").append(1);
		await().until(() -> this.mill.counters().windowSize() == 1);
		await().during(Duration.ofMillis(800)).atMost(Duration.ofSeconds(1)).until(() -> nulls.get() == 0);
		await().until(() -> nulls.get() == 1);
	}

	@Test
	void aWindowMayCloseWhileASecondaryIsWaitedFor() {
		JoinMany<Integer, Integer> join = this.builder.join(this.master, "b", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.many();
		this.builder.windowBy((Integer element) -> (element != null) ? element / 10 : "nothing");
		this.builder.process((delivery) -> delivery.window(this.master) + "" + delivery.get(join).values());
		this.mill = this.builder.build();
		this.mill.start();
		stream("b").append(10).append(11);
		// 10 is complete; whether 11 is, nobody knows
		stream("a").append(10).append(11);
		awaitResults("[10][[10]]");
		assertThat(position()).isEqualTo(1);
		stream("b").append(12);
		awaitResults("[10][[10]]", "[11][[11]]");
		stream("b").append(12).append(13);
		stream("a").append(11).append(12).end();
		await().until(() -> this.mill.state() == MillState.COMPLETED);
		assertThat(stream("out").elements()).startsWith("[10][[10]]", "[11][[11]]");
		assertThat(String.join("", stream("out").elements().stream().map(Object::toString).toList()))
			.contains("12, 12");
	}

	@Test
	void elementsOfAWindowThatWasClosedMeanwhileStillShareTheNext() {
		JoinMany<Integer, Integer> join = this.builder.join(this.master, "b", Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.many();
		List<String> asked = Collections.synchronizedList(new ArrayList<>());
		this.builder.windowBy((Integer element) -> {
			asked.add(String.valueOf(element));
			return (element != null) ? "all" : "nothing";
		});
		this.builder.process((delivery) -> delivery.window(this.master) + "" + delivery.get(join).size());
		this.mill = this.builder.build();
		this.mill.start();
		stream("b").append(1).append(2);
		stream("a").append(1).append(2);
		awaitResults("[1]1");
		// 2 was read already and asked for, 3 answers the same
		stream("a").append(3).end();
		stream("b").appendAll(List.of(3, 4)).end();
		await().until(() -> this.mill.state() == MillState.COMPLETED);
		awaitResults("[1]1", "[2, 3]2");
	}

	@Test
	void anUnmatchedElementEndsTheWindowBeforeIt() {
		this.builder.join(this.master, "b", Integer.class, this.broker).onLong((left) -> left, (right) -> right).many();
		this.builder.windowBy(KeyFunction.<Integer>ofLong("odd", (element) -> element % 2));
		stream("a").appendAll(List.of(1, 2, 3, 5, 6)).end();
		stream("b").appendAll(List.of(1, 3, 4, 5, 7)).end();
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		awaitResults("[1]", "[3, 5]");
	}

	@Test
	void theContextTellsTheKeyOfTheWindowThatIsDelivered() {
		this.builder.windowBy(KeyFunction.<Integer>ofLong("tens", (element) -> element / 10));
		this.builder.process((delivery) -> delivery.context().key() + "" + delivery.window(this.master)
				+ delivery.context().mill() + delivery.context().lane());
		stream("a").appendAll(List.of(1, 2, 10, 20)).end();
		this.mill = this.builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		awaitResults("0[1, 2]mill0", "1[10]mill0", "2[20]mill0");
	}

	@Test
	void theContextTellsTheKeyOfTheFirstJoin() {
		this.builder.join(this.master, "b", Integer.class, this.broker)
			.onLong((left) -> left + 100, (right) -> right)
			.many();
		this.builder.windowBy((Integer element) -> (element != null) ? element / 10 : "nothing");
		this.builder.process((delivery) -> delivery.context().key() + "" + delivery.window(this.master));
		stream("a").appendAll(List.of(1, 2, 10, 20)).end();
		stream("b").appendAll(List.of(101, 102, 110, 120)).end();
		this.mill = this.builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		awaitResults("101[1, 2]", "110[10]", "120[20]");
	}

	/**
	 * A stream that counted as over without its mark shows that mark in the next run, and
	 * keys begin anew behind it.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void windowsBeginAnewBehindAMarkThatIsPassedOver(boolean later) throws InterruptedException {
		InMemoryBroker broker = new InMemoryBroker();
		InMemoryStream<Integer> in = broker.<Integer>stream("a", 1).partition(0);
		InMemoryStream<Object> out = broker.<Object>stream("out", 1).partition(0);
		in.appendAll(List.of(101, 111, 112));
		MillBuilder builder = Mill.builder("mill")
			.to("out", String.class, broker)
			.pollTimeout(Duration.ofMillis(1))
			.dataTimeout(Duration.ofMillis(20))
			.waitForMore(false);
		Input<Integer> a = builder.from("a", Integer.class, broker);
		builder.windowBy(KeyFunction.<Integer>ofLong("key", (key) -> key), KeySpan.of(20), KeySpan.of(10));
		if (later) {
			builder.processLater((delivery) -> CompletableFuture.supplyAsync(() -> delivery.window(a).toString(),
					CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS)));
		}
		else {
			builder.process((delivery) -> delivery.window(a).toString());
		}
		Mill mill = builder.build();
		this.mill = mill;
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out.elements()).containsExactly("[101]", "[101, 111, 112]", "[111, 112]");
		in.append(113).end().appendAll(List.of(0, 5, 12, 101)).end();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out.elements().subList(3, out.elements().size())).containsExactly("[113]", "[113]", "[0, 5]",
				"[0, 5, 12]", "[12]", "[101]", "[101]");
	}

	/**
	 * The position is behind the mark then, where keys begin anew.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aStreamThatTheFunctionEndsWithItsLastWindowBeginsAnewBehindItsMark(boolean windowed) {
		InMemoryBroker broker = new InMemoryBroker();
		InMemoryStream<Integer> in = broker.<Integer>stream("a", 1).partition(0);
		InMemoryStream<Object> out = broker.<Object>stream("out", 1).partition(0);
		in.appendAll(List.of(101, 112)).end().appendAll(List.of(3, 5, 12)).end();
		MillBuilder builder = Mill.builder("mill").to("out", String.class, broker).waitForMore(false);
		Input<Integer> a = builder.from("a", Integer.class, broker);
		builder.join(a, "b", Integer.class, broker).onLong((left) -> left, (right) -> right).optional().many();
		broker.<Integer>stream("b", 1).partition(0).append(101).end().append(3).end();
		if (windowed) {
			builder.windowBy(KeyFunction.<Integer>ofLong("key", (key) -> key), KeySpan.of(10), KeySpan.of(10));
		}
		builder.processAll((delivery) -> {
			Integer last = windowed ? delivery.window(a).get(delivery.window(a).size() - 1) : delivery.get(a);
			return List.of(String.valueOf(last), (last == 112) ? EndOfStream.INSTANCE : "-");
		});
		this.mill = builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out.elements()).containsExactly("101", "-", "112");
		assertThat(this.mill.run()).as(() -> String.valueOf(this.mill.status())).isEqualTo(MillState.COMPLETED);
		assertThat(out.elements().subList(3, out.elements().size())).containsExactly(
				windowed ? new Object[] { "5", "-", "12", "-" } : new Object[] { "3", "-", "5", "-", "12", "-" });
	}

	/**
	 * Windows that overlap begin with the same element.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void eachOfOverlappingWindowsHasAttemptsOfItsOwn(boolean later) {
		this.builder.retry(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1)));
		this.builder.windowBy(KeyFunction.<Integer>ofLong("key", (key) -> key), KeySpan.of(20), KeySpan.of(10));
		Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
		DeliveryFunction<String> failsTwice = (delivery) -> {
			String window = delivery.window(this.master) + "@" + delivery.context().window().start();
			if (attempts.computeIfAbsent(window, (any) -> new AtomicInteger()).incrementAndGet() < 3) {
				throw new IllegalStateException("not yet");
			}
			return window;
		};
		if (later) {
			this.builder.processLater((delivery) -> CompletableFuture.completedFuture(failsTwice.process(delivery)));
		}
		else {
			this.builder.process(failsTwice);
		}
		stream("a").appendAll(List.of(1, 2)).end();
		this.mill = this.builder.build();
		assertThat(this.mill.run()).as(() -> String.valueOf(this.mill.status())).isEqualTo(MillState.COMPLETED);
		assertThat(stream("out").elements()).containsExactly("[1, 2]@-10", "[1, 2]@0");
	}

}
