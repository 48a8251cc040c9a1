package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * How many commits there are at once.
 */
class CommitTurnsTests {

	private final ExecutorService lanes = Executors.newCachedThreadPool();

	private final AtomicInteger inside = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	@AfterEach
	void shutdown() {
		this.lanes.shutdownNow();
	}

	@Test
	void onlySoManyCommitAtOnceAndAllDo() throws Exception {
		CommitTurns turns = new CommitTurns(3, Duration.ofMinutes(1));
		CountDownLatch three = new CountDownLatch(3);
		List<Future<?>> commits = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			commits.add(this.lanes.submit(() -> turns.commit(() -> {
				this.most.accumulateAndGet(this.inside.incrementAndGet(), Math::max);
				three.countDown();
				await(three);
				this.inside.decrementAndGet();
			})));
		}
		for (Future<?> commit : commits) {
			commit.get(20, TimeUnit.SECONDS);
		}
		assertThat(this.most).hasValue(3);
	}

	@Test
	void commitsThatAreNotAnsweredKeepNobody() throws Exception {
		CommitTurns turns = new CommitTurns(1, Duration.ofMillis(10));
		CountDownLatch answer = new CountDownLatch(1);
		CountDownLatch asked = new CountDownLatch(1);
		Future<?> unanswered = this.lanes.submit(() -> turns.commit(() -> {
			asked.countDown();
			await(answer);
		}));
		await(asked);
		turns.commit(this.inside::incrementAndGet);
		assertThat(this.inside).hasValue(1);
		answer.countDown();
		unanswered.get(20, TimeUnit.SECONDS);
	}

	@Test
	void aCommitThatFailsLeavesItsTurnToOthers() {
		CommitTurns turns = new CommitTurns(1, Duration.ofMinutes(1));
		for (int i = 0; i < 2; i++) {
			assertThatIllegalStateException().isThrownBy(() -> turns.commit(() -> {
				throw new IllegalStateException("refused");
			}));
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
