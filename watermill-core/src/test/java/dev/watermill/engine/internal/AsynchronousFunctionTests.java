package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.FaultyBroker;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.Result;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Functions that answer later.
 */
class AsynchronousFunctionTests {

	private static final Executor LATER = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

	private final InMemoryBroker broker = new InMemoryBroker();

	/** What each call returned, the last one for each element. */
	private final Map<Integer, CompletableFuture<Object>> stages = new ConcurrentHashMap<>();

	private final AtomicInteger calls = new AtomicInteger();

	AsynchronousFunctionTests() {
		this.broker.stream("a").appendAll(List.of(1, 2, 3, 4, 5)).end();
	}

	private MillBuilder builder() {
		MillBuilder builder = Mill.builder("mill")
			.to("out", Object.class, this.broker)
			.retry(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1)));
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		return builder.processLater((delivery) -> call(delivery.get(master)));
	}

	private CompletionStage<?> call(int element) {
		this.calls.incrementAndGet();
		CompletableFuture<Object> stage = new CompletableFuture<>();
		this.stages.put(element, stage);
		return stage;
	}

	private List<Object> out() {
		InMemoryStream<Object> out = this.broker.stream("out");
		return out.elements();
	}

	private CompletableFuture<Object> stage(int element) {
		await().until(() -> this.stages.containsKey(element));
		return this.stages.get(element);
	}

	@Test
	void resultsAreWrittenInOrderThoughTheyAreThereOutOfIt() throws InterruptedException {
		Mill mill = builder().maxInFlight(3).build();
		mill.start();
		CompletableFuture<Object> third = stage(3);
		assertThat(this.calls).hasValue(3);
		third.complete("c");
		stage(2).complete("b");
		assertThat(out()).isEmpty();
		stage(1).complete("a");
		stage(5).complete(null);
		stage(4).complete("d");
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("a", "b", "c", "d");
		assertThat(mill.counters().deliveries().get()).isEqualTo(5);
	}

	@Test
	void aStopKeepsWhatIsDoneInFrontAndCancelsTheRest() throws InterruptedException {
		Mill mill = builder().build();
		mill.start();
		stage(5);
		stage(2).complete("b");
		stage(4).complete("d");
		stage(1).complete("a");
		CompletableFuture<Object> third = stage(3);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(out()).containsExactly("a", "b");
		assertThat(third).isCancelled();
		this.stages.clear();
		mill.start();
		IntStream.rangeClosed(3, 5).forEach((element) -> stage(element).complete("again " + element));
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(this.stages.keySet()).containsExactlyInAnyOrder(3, 4, 5);
		assertThat(out()).containsExactly("a", "b", "again 3", "again 4", "again 5");
	}

	@Test
	void whoFailsIsRepeatedAloneAndTheOthersAreNotCalledAgain() throws InterruptedException {
		Mill mill = builder().build();
		mill.start();
		stage(5).complete("e");
		stage(4).complete("d");
		stage(3).complete("c");
		stage(1).complete("a");
		CompletableFuture<Object> failed = stage(2);
		failed.completeExceptionally(new IllegalStateException("first"));
		await().until(() -> this.stages.get(2) != failed);
		stage(2).complete("b");
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(out()).containsExactly("a", "b", "c", "d", "e");
		assertThat(this.calls).hasValue(6);
		assertThat(mill.status().lastError().message()).contains("a[1]", "first");
	}

	@Test
	void whoFailsForGoodStopsTheMillBeforeItself() throws InterruptedException {
		Mill mill = builder().retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO)).build();
		mill.start();
		stage(5);
		stage(1).complete("a");
		stage(2).completeExceptionally(new IllegalStateException("second"));
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.FAILED);
		assertThat(out()).containsExactly("a");
		assertThat(stage(3)).isCancelled();
		assertThat(mill.status().lastError().message()).contains("a[1]", "second");
	}

	@Test
	void whoFailsForGoodIsPassedOver() {
		MillBuilder builder = Mill.builder("mill")
			.to("out", Object.class, this.broker)
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.onError(ErrorPolicy.SKIP);
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		builder.processLater((delivery) -> {
			int element = delivery.get(master);
			if (element == 2) {
				throw new IllegalStateException("at once");
			}
			return CompletableFuture.supplyAsync(() -> 12 / (element - 4), LATER);
		});
		Mill mill = builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(-4, -12, 12);
		assertThat(mill.counters().skippedDeliveries().get()).isEqualTo(2);
		assertThat(mill.counters().inputs().get("a").skipped(SkipReason.FAILED).get()).isEqualTo(2);
	}

	@Test
	void whoTakesTooLongIsCancelledAndHasFailed() throws InterruptedException {
		Mill mill = builder().deliveryTimeout(Duration.ofMillis(50))
			.retry(new RetryPolicy(1, Duration.ofMillis(1), Duration.ofMillis(1)))
			.build();
		mill.start();
		CompletableFuture<Object> first = stage(1);
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(first).isCancelled();
		assertThat(mill.state()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("a[0]", TimeoutException.class.getName(),
				"delivery-timeout, PT0.05S");
	}

	@Test
	void whoTakesTooLongHasFailedThoughNothingFollows() throws InterruptedException {
		this.broker.stream("quiet").append(1);
		MillBuilder builder = Mill.builder("mill")
			.to("out", Object.class, this.broker)
			.deliveryTimeout(Duration.ofMillis(50))
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
		Input<Integer> master = builder.from("quiet", Integer.class, this.broker);
		Mill mill = builder.processLater((delivery) -> call(delivery.get(master))).build();
		mill.start();
		CompletableFuture<Object> only = stage(1);
		boolean ended = mill.awaitEnd(Duration.ofSeconds(10));
		mill.stop();
		assertThat(ended).isTrue();
		assertThat(only).isCancelled();
		assertThat(mill.state()).isEqualTo(MillState.FAILED);
	}

	@Test
	void refusesItsSettingsWhereTheFunctionAnswersAtOnce() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder().maxInFlight(64).process((delivery) -> "a").build())
			.withMessageContainingAll("mill 'mill'", "max-in-flight has no effect");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder().deliveryTimeout(Duration.ofSeconds(1)).process((delivery) -> "a").build())
			.withMessageContainingAll("mill 'mill'", "delivery-timeout has no effect");
	}

	@Test
	void aStopKeepsAnEndOfStreamThatWasAnswered() throws InterruptedException {
		Mill mill = builder().build();
		mill.start();
		stage(5);
		mill.pause();
		await().until(() -> mill.state() == MillState.PAUSED);
		stage(1).complete("a");
		stage(2).complete(EndOfStream.INSTANCE);
		stage(3).complete("c");
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(out()).containsExactly("a");
		assertThat(this.broker.stream("out").isEnded()).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void ofADeliveryThatFailsWhileTheMillStopsNothingIsWritten() throws InterruptedException {
		MillBuilder builder = Mill.builder("mill").to("out", Object.class, this.broker);
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		builder.functionLater(Result.Shape.STREAM, (delivery) -> call(delivery.get(master)));
		Mill mill = builder.build();
		mill.start();
		stage(5);
		mill.pause();
		await().until(() -> mill.state() == MillState.PAUSED);
		stage(1).complete(Stream.of("a"));
		// more than is held back until all are there
		stage(2).complete(IntStream.range(0, 1_000).mapToObj((i) -> {
			if (i == 999) {
				throw new IllegalStateException("not the last one");
			}
			return "b" + i;
		}));
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.STOPPED);
		assertThat(out()).containsExactly("a");
		this.stages.clear();
		mill.start();
		for (int i = 2; i <= 5; i++) {
			stage(i).complete(Stream.of(i));
		}
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(out()).containsExactly("a", 2, 3, 4, 5);
	}

	@Test
	void whatIsWrittenOfADeliveryThatFailsWhileTheMillStopsIsTakenBack() throws InterruptedException {
		AtomicInteger writes = new AtomicInteger();
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == FaultyBroker.Operation.WRITE && writes.incrementAndGet() == 3) {
				throw new IllegalStateException("no serializer can write this");
			}
		});
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofHours(1)).to("out", Object.class, faulty);
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		Mill mill = builder.functionLater(Result.Shape.ITERABLE, (delivery) -> call(delivery.get(master))).build();
		mill.start();
		stage(5);
		mill.pause();
		await().until(() -> mill.state() == MillState.PAUSED);
		stage(1).complete(List.of("a"));
		// no commit is due between the one before and what is written of this one
		stage(2).complete(List.of("b", "c"));
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(writes).hasValue(3);
		assertThat(out()).isEmpty();
		this.stages.clear();
		mill.start();
		for (int i = 1; i <= 5; i++) {
			stage(i).complete(List.of(i));
		}
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(out()).containsExactly(1, 2, 3, 4, 5);
	}

	@Test
	void aStopEndsTheWaitForWhatStandsBeforeABadElement() throws InterruptedException {
		this.broker.stream("bad").appendAll(List.of(1, 2)).appendInvalid(new InvalidElement("none", null, null)).end();
		MillBuilder builder = Mill.builder("mill").to("out", Object.class, this.broker);
		Input<Integer> master = builder.from("bad", Integer.class, this.broker);
		Mill mill = builder.processLater((delivery) -> call(delivery.get(master))).build();
		mill.start();
		stage(1).complete("a");
		stage(2);
		await().until(() -> mill.liveness().activity() == MillLiveness.Activity.CALLING && out().size() == 1);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.STOPPED);
		assertThat(stage(2)).isCancelled();
		this.stages.clear();
		mill.start();
		stage(2).complete("b");
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.FAILED);
		assertThat(out()).containsExactly("a", "b");
	}

	@Test
	void anEndOfStreamBeforeABadElementIsTheEnd() {
		this.broker.stream("bad").appendAll(List.of(1, 2)).appendInvalid(new InvalidElement("none", null, null)).end();
		MillBuilder builder = Mill.builder("mill").to("out", Object.class, this.broker);
		Input<Integer> master = builder.from("bad", Integer.class, this.broker);
		Mill mill = builder
			.processLater((delivery) -> CompletableFuture
				.supplyAsync(() -> (delivery.get(master) == 2) ? EndOfStream.INSTANCE : "a", LATER))
			.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("a");
	}

	@Test
	void anEndOfStreamDropsWhatWasCalledBehindIt() throws InterruptedException {
		Mill mill = builder().build();
		mill.start();
		stage(5).complete("e");
		stage(3).complete("c");
		CompletableFuture<Object> fourth = stage(4);
		stage(1).complete("a");
		stage(2).complete(EndOfStream.INSTANCE);
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("a");
		assertThat(this.broker.stream("out").isEnded()).isTrue();
		assertThat(fourth).isCancelled();
	}

	@Test
	void theContextMayEndTheStreamLater() {
		MillBuilder builder = Mill.builder("mill").to("out", Object.class, this.broker);
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		builder.processLater((delivery) -> CompletableFuture.supplyAsync(() -> {
			if (delivery.get(master) == 3) {
				delivery.context().endOfStream();
			}
			return delivery.get(master);
		}, LATER));
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(1, 2, 3);
	}

	@Test
	void whatIsHandedOutStaysAsItWas() {
		MillBuilder builder = Mill.builder("mill").to("out", Object.class, this.broker);
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		JoinMany<Integer, String> join = builder.join(master, "b", String.class, this.broker)
			.onLong((number) -> number, (text) -> Long.parseLong(text.substring(1)))
			.optional()
			.many();
		this.broker.stream("b").appendAll(List.of("x1", "x2", "y2", "x4")).end();
		List<Delivery> kept = new ArrayList<>();
		builder.processLater((delivery) -> {
			kept.add(delivery);
			return CompletableFuture.completedFuture(null);
		});
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(kept.stream().map((delivery) -> delivery.get(master) + "" + delivery.matches(join)))
			.containsExactly("1[x1]", "2[x2, y2]", "3[]", "4[x4]", "5[]");
		assertThat(kept.stream().map((delivery) -> delivery.context().positions().get("a"))).containsExactly("a[0]",
				"a[1]", "a[2]", "a[3]", "a[4]");
	}

	@Test
	void windowsMayOverlapAndBeAnsweredLater() {
		MillBuilder builder = Mill.builder("mill").to("out", Object.class, this.broker);
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		builder.windowBy(KeyFunction.<Integer>ofLong("number", (number) -> number), KeySpan.of(3), KeySpan.of(1));
		builder.functionLater(Result.Shape.OPTIONAL, (delivery) -> CompletableFuture
			.supplyAsync(() -> Optional.of(delivery.context().window() + "" + delivery.window(master)), LATER));
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out().toString().replaceAll("WindowBounds\\[start=(-?\\d+), end=(-?\\d+)]", "$1-$2"))
			.isEqualTo("[-1-2[1], 0-3[1, 2], 1-4[1, 2, 3], 2-5[2, 3, 4], 3-6[3, 4, 5], 4-7[4, 5], 5-8[5]]");
	}

	@Test
	void callsOverlapSoThatWaitingIsDoneAtOnce() {
		int deliveries = Integer.getInteger("async.deliveries", 640);
		this.broker.stream("many").appendAll(IntStream.range(0, deliveries).boxed().toList()).end();
		MillBuilder builder = Mill.builder("mill").to("out", Object.class, this.broker);
		Input<Integer> master = builder.from("many", Integer.class, this.broker);
		builder.processLater((delivery) -> CompletableFuture.supplyAsync(() -> delivery.get(master), LATER));
		long start = System.nanoTime();
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		assertThat(out()).isEqualTo(IntStream.range(0, deliveries).boxed().toList());
		Duration oneAfterAnother = Duration.ofMillis(10).multipliedBy(deliveries);
		System.out.printf("%,d calls of 10 ms, %.1f times as fast as one after another%n", deliveries,
				(double) oneAfterAnother.toNanos() / took.toNanos());
		// up to 64 times; a machine that is busy takes seconds for the first call already
		assertThat(took).isLessThan(oneAfterAnother.dividedBy(50).plusSeconds(2));
	}

}
