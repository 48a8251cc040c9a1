package dev.watermill.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.watermill.Input;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.join.ErrorPolicy;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CommitTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final AtomicLong nanos = new AtomicLong();

	/** The times of the commits. */
	private final List<Long> commits = Collections.synchronizedList(new ArrayList<>());

	private final MillBuilder builder = Mill.builder("mill")
		.to("out", String.class, this.broker)
		.pollTimeout(LONG)
		.commitInterval(LONG)
		.listener(new MillListener() {

			@Override
			public void committed(long nanos) {
				CommitTests.this.commits.add(CommitTests.this.nanos.get());
			}

		});

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private Mill mill;

	@AfterEach
	void stop() throws InterruptedException {
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
	}

	private InMemoryStream<Object> stream(String name) {
		return this.broker.stream(name);
	}

	private long position(String stream) {
		return this.broker.committed(new LaneId("mill", 0))
			.map((checkpoint) -> checkpoint.inputs().get(stream))
			.map(Checkpoint.Input::position)
			.map((position) -> position.has("offset") ? position.number("offset") : 0)
			.orElse(-1L);
	}

	private void join(String name) {
		this.builder.join(this.master, name, Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.many();
	}

	@Test
	void resultsAreVisibleAtOnceWhenThereIsNothingMoreToRead() {
		this.builder.process((delivery) -> "r" + delivery.get(this.master));
		this.mill = this.builder.build();
		this.mill.start();
		for (int i = 0; i < 5; i++) {
			int size = i + 1;
			stream("a").append(i);
			await().atMost(Duration.ofSeconds(10)).until(() -> stream("out").elements().size() == size);
		}
		assertThat(position("a")).isEqualTo(5);
	}

	@Test
	void resultsAreVisibleAtOnceWhileASecondaryIsWaitedFor() {
		join("b");
		this.builder.process((delivery) -> "r" + delivery.get(this.master));
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 2, 3));
		stream("b").appendAll(List.of(1, 2));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> stream("out").elements().equals(List.of("r1")));
		assertThat(position("a")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 20, 70, 500 })
	void commitsInTheIntervalHoweverSlowTheFunctionIs(long millis) {
		this.builder.commitInterval(Duration.ofMillis(100));
		this.builder.clock(Clock.systemUTC(), this.nanos::get);
		stream("a").complete(IntStream.range(0, 2_000).boxed().toList());
		this.builder.process((delivery) -> {
			this.nanos.addAndGet(Duration.ofMillis(millis).toNanos() + 1);
			return "r";
		});
		this.mill = this.builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		long longest = this.commits.get(0);
		for (int i = 1; i < this.commits.size(); i++) {
			longest = Math.max(longest, this.commits.get(i) - this.commits.get(i - 1));
		}
		assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofMillis(100 + 2 * millis + 1));
	}

	@Test
	void commitsPositionsWhileElementsAreOnlySkipped() {
		this.builder.commitInterval(Duration.ofMillis(50));
		join("b");
		this.builder.process((delivery) -> "never");
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 3, 5));
		stream("b").appendAll(List.of(0, 2, 4, 4));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			assertThat(position("a")).isEqualTo(2);
			assertThat(position("b")).isEqualTo(4);
		});
		stream("b").append(6);
		await().atMost(Duration.ofSeconds(10)).until(() -> position("a") == 3);
	}

	@Test
	void commitsPositionsWhileAllElementsAreInvalid() {
		this.builder.commitInterval(Duration.ofMillis(50));
		this.builder.windowBy(KeyFunction.<Integer>ofLong("key", (element) -> {
			throw new IllegalStateException("no key");
		}));
		this.master.onInvalid(ErrorPolicy.SKIP);
		this.builder.process((delivery) -> "never");
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 3, 5));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> position("a") == 3);
	}

	@Test
	void commitsPositionsOfAFunctionWithoutResults() {
		this.builder.commitInterval(Duration.ofMillis(50));
		this.builder.forEach((delivery) -> {
		});
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 3, 5));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> position("a") == 3);
	}

	@Test
	void doesNotCommitWhileNothingMoves() {
		this.builder.commitInterval(Duration.ofMillis(1));
		this.builder.process((delivery) -> "r");
		this.mill = this.builder.build();
		stream("a").append(1);
		this.mill.start();
		await().until(() -> position("a") == 1);
		int before = this.commits.size();
		await().during(Duration.ofMillis(400)).until(() -> this.commits.size() == before);
	}

	@Test
	void holdsThePositionsOfAnOpenWindow() throws InterruptedException {
		this.builder.commitInterval(Duration.ofMillis(20));
		join("b");
		this.builder.windowBy(KeyFunction.<Integer>ofLong("tens", (element) -> element / 10));
		this.builder.process((delivery) -> "" + delivery.window(this.master));
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 2, 10, 11, 12, 13));
		stream("b").appendAll(List.of(1, 2, 2, 9, 11, 11, 12, 13));
		this.mill.start();
		await().until(() -> position("a") == 3);
		// 10 has no match, so the window opens with 11
		assertThat(position("b")).isEqualTo(4);
		assertThat(stream("out").elements()).containsExactly("[1, 2]");
	}

}
