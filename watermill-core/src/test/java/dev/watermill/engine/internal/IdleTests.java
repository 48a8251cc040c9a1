package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.watermill.JoinCondition;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What is delivered where a stream is silent, and what becomes of what comes afterwards.
 */
class IdleTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final InMemoryBroker broker = new InMemoryBroker();

	private Mill mill;

	@AfterEach
	void stop() throws InterruptedException {
		if (this.mill != null) {
			this.mill.stop();
			assertThat(this.mill.awaitEnd(LONG)).isTrue();
		}
	}

	private MillBuilder builder() {
		return Mill.builder("mill")
			.to("out", String.class, this.broker)
			.pollTimeout(Duration.ofMillis(20))
			.idle(Duration.ofMillis(10));
	}

	private Input<Integer> from(MillBuilder builder, ErrorPolicy onDisorder) {
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		a.onDisorder(onDisorder);
		return a;
	}

	private void start(MillBuilder builder) {
		this.mill = builder.build();
		this.mill.start();
	}

	private InMemoryStream<Object> stream(String name) {
		return this.broker.stream(name);
	}

	private void awaitResults(String... results) {
		await().pollInterval(Duration.ofMillis(5))
			.untilAsserted(() -> assertThat(stream("out").elements()).containsExactly((Object[]) results));
	}

	private long skipped(String stream, SkipReason reason) {
		return this.mill.counters().inputs().get(stream).skipped(reason).get();
	}

	private static KeyFunction<Integer> key() {
		return KeyFunction.ofLong("key", (key) -> key);
	}

	private void tumbling(MillBuilder builder, Input<Integer> a) {
		builder.windowBy(key(), KeySpan.of(10), KeySpan.of(10));
		builder.process((delivery) -> delivery.window(a).toString());
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void openWindowsAreDeliveredAndClosed(boolean later) {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.SKIP);
		tumbling(builder, a);
		if (later) {
			builder.processLater((delivery) -> CompletableFuture.supplyAsync(() -> delivery.window(a).toString()));
		}
		start(builder);
		stream("a").append(1).append(2);
		awaitResults("[1, 2]");
		stream("a").append(3).append(11).append(12);
		awaitResults("[1, 2]", "[11, 12]");
		assertThat(skipped("a", SkipReason.LATE)).isOne();
		assertThat(this.mill.state()).isEqualTo(MillState.RUNNING);
	}

	@Test
	void whatWasDeliveredStaysClosedAfterARestart() throws InterruptedException {
		MillBuilder builder = builder();
		tumbling(builder, from(builder, ErrorPolicy.SKIP));
		start(builder);
		stream("a").append(1);
		awaitResults("[1]");
		stop();
		stream("a").append(2).append(11).append(21);
		this.mill.start();
		awaitResults("[1]", "[11]", "[21]");
		assertThat(skipped("a", SkipReason.LATE)).isOne();
	}

	@Test
	void aWindowIsClosedOnceItsResultIsWritten() throws InterruptedException {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.SKIP);
		tumbling(builder, a);
		List<CompletableFuture<String>> calls = new CopyOnWriteArrayList<>();
		builder.processLater((delivery) -> {
			CompletableFuture<String> call = calls.isEmpty() ? new CompletableFuture<>()
					: CompletableFuture.completedFuture(delivery.window(a).toString());
			calls.add(call);
			return call;
		});
		start(builder);
		stream("a").append(1);
		await().pollInterval(Duration.ofMillis(5)).until(() -> calls.size() == 1);
		stream("a").append(2);
		await().during(Duration.ofMillis(100)).until(() -> skipped("a", SkipReason.LATE) == 0);
		stop();
		this.mill.start();
		awaitResults("[1, 2]");
		assertThat(skipped("a", SkipReason.LATE)).isZero();
	}

	@Test
	void anElementOfAClosedWindowIsTreatedAsDisorder() {
		MillBuilder builder = builder();
		tumbling(builder, from(builder, ErrorPolicy.FAIL));
		start(builder);
		stream("a").append(1);
		awaitResults("[1]");
		stream("a").append(2);
		await().pollInterval(Duration.ofMillis(5)).until(() -> this.mill.state() == MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains("stream 'a'", "a[1]", "it came late",
				"the key 'key' is 2", "idle", "on-disorder");
	}

	@Test
	void anElementIsInThoseOfOverlappingWindowsThatAreOpen() {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		builder.windowBy(key(), KeySpan.of(20), KeySpan.of(10));
		builder.process((delivery) -> delivery.context().window().start() + "" + delivery.window(a));
		start(builder);
		stream("a").append(1);
		awaitResults("-10[1]", "0[1]");
		stream("a").append(12);
		awaitResults("-10[1]", "0[1]", "10[12]");
	}

	@Test
	void runsOfElementsBeginAnew() {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		builder.windowBy(KeyFunction.<Integer>ofLong("tens", (key) -> key / 10));
		builder.process((delivery) -> delivery.window(a).toString());
		start(builder);
		stream("a").append(1).append(2);
		awaitResults("[1, 2]");
		stream("a").append(3);
		awaitResults("[1, 2]", "[3]");
	}

	private JoinCondition<Integer, Integer>.Matches join(MillBuilder builder, Input<Integer> a) {
		return builder.join(a, "b", Integer.class, this.broker).on(key(), key());
	}

	@Test
	void anElementWithoutAMatchThatNeedsNoneIsDelivered() {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		JoinOptional<Integer, Integer> b = join(builder, a).optional().first();
		b.onDisorder(ErrorPolicy.SKIP);
		builder.process((delivery) -> shown(delivery, a, b));
		start(builder);
		stream("b").append(2);
		stream("a").append(1).append(3).append(4).append(6);
		awaitResults("1-", "3-", "4-", "6-");
		// 2 and 5 are of none that was delivered
		stream("b").appendAll(List.of(2, 3, 4, 5, 6, 7));
		stream("a").append(7);
		awaitResults("1-", "3-", "4-", "6-", "7 7");
		assertThat(skipped("b", SkipReason.LATE)).isEqualTo(3);
		assertThat(skipped("b", SkipReason.UNMATCHED)).isEqualTo(3);
	}

	private static String shown(Delivery delivery, Input<Integer> a, JoinOptional<Integer, Integer> b) {
		Integer from = delivery.get(a);
		Optional<Integer> found = delivery.get(b).get(from);
		return from + found.map((match) -> " " + match).orElse("-");
	}

	@Test
	void aGroupIsDeliveredAsItIsAndClosed() throws InterruptedException {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		JoinMany<Integer, Integer> b = join(builder, a).many();
		b.onDisorder(ErrorPolicy.SKIP);
		builder.process((delivery) -> delivery.get(a) + "" + delivery.get(b).values());
		start(builder);
		stream("b").append(1).append(1);
		stream("a").append(1);
		awaitResults("1[[1, 1]]");
		stream("b").append(1);
		stream("a").append(1);
		awaitResults("1[[1, 1]]", "1[[1, 1]]");
		stop();
		// held still, since another one may ask for it
		stream("a").append(1).append(2);
		this.mill.start();
		awaitResults("1[[1, 1]]", "1[[1, 1]]", "1[[1, 1]]");
		stream("b").append(2);
		awaitResults("1[[1, 1]]", "1[[1, 1]]", "1[[1, 1]]", "2[[2]]");
		assertThat(skipped("b", SkipReason.LATE)).isGreaterThanOrEqualTo(1);
	}

	@Test
	void aGroupFailsTheMillThatComesLate() {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		JoinMany<Integer, Integer> b = join(builder, a).many();
		b.onDisorder(ErrorPolicy.FAIL);
		builder.process((delivery) -> delivery.get(a) + "" + delivery.get(b).values());
		start(builder);
		stream("b").append(1);
		stream("a").append(1);
		awaitResults("1[[1]]");
		stream("b").append(1);
		stream("a").append(2);
		await().pollInterval(Duration.ofMillis(5)).until(() -> this.mill.state() == MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains("stream 'b'", "b[1]", "it came late");
	}

	@Test
	void whatIsNeededIsWaitedFor() {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		JoinMany<Integer, Integer> b = join(builder, a).many();
		b.onDisorder(ErrorPolicy.FAIL);
		builder.windowBy(key(), KeySpan.of(10), KeySpan.of(10));
		builder.process((delivery) -> delivery.window(a) + "" + delivery.get(b).values());
		start(builder);
		stream("b").append(1).append(2);
		stream("a").append(1).append(3).append(11);
		await().during(Duration.ofMillis(150)).until(() -> stream("out").elements().isEmpty());
		stream("b").append(3);
		awaitResults("[1, 3][[1], [3]]");
	}

	@Test
	void theLastOneBeforeIsTheMatch() {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		JoinFirst<Integer, Integer> b = join(builder, a).asOf().match();
		b.onDisorder(ErrorPolicy.FAIL);
		builder.process((delivery) -> delivery.get(a) + " " + delivery.get(b).get(delivery.get(a)));
		start(builder);
		stream("b").append(1);
		stream("a").append(3);
		awaitResults("3 1");
		// of those that come, too late for 3, one is the last before the next
		stream("b").append(2);
		stream("a").append(4);
		awaitResults("3 1", "4 2");
	}

	@Test
	void whatLiesWithinIsDelivered() {
		MillBuilder builder = builder();
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		JoinMany<Integer, Integer> b = join(builder, a).within(2, 2).many();
		b.onDisorder(ErrorPolicy.FAIL);
		builder.process((delivery) -> delivery.get(a) + "" + delivery.get(b).values());
		start(builder);
		stream("b").append(1).append(2);
		stream("a").append(3);
		awaitResults("3[[1, 2]]");
		stream("b").append(4);
		stream("a").append(5);
		awaitResults("3[[1, 2]]", "5[[4]]");
	}

	@Test
	void whoComesBehindASilenceOfBothIsWaitedForAnew() {
		MillBuilder builder = Mill.builder("mill")
			.to("out", String.class, this.broker)
			.pollTimeout(Duration.ofMillis(20))
			.idle(Duration.ofMillis(700));
		Input<Integer> a = from(builder, ErrorPolicy.FAIL);
		JoinOptional<Integer, Integer> b = join(builder, a).optional().first();
		b.onDisorder(ErrorPolicy.FAIL);
		builder.process((delivery) -> shown(delivery, a, b));
		start(builder);
		stream("a").append(1);
		awaitResults("1-");
		// the master was waited for since; what comes of both comes in any order
		await().pollInterval(Duration.ofMillis(5))
			.until(() -> this.mill.liveness().activity() == MillLiveness.Activity.IDLE);
		stream("a").append(2);
		await().during(Duration.ofMillis(200)).until(() -> stream("out").elements().size() == 1);
		stream("b").append(2);
		awaitResults("1-", "2 2");
	}

	@Test
	void refusesADurationThatIsNone() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().idle(Duration.ZERO))
			.withMessage("idle must be positive, but is PT0S");
	}

}
