package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whoever looks at a lane finds out that a call lasts.
 */
class LongCallsTests {

	private final AtomicInteger commits = new AtomicInteger();

	private final Set<Thread> committers = ConcurrentHashMap.newKeySet();

	private final LongCalls calls = new LongCalls("long-calls", Duration.ofMillis(1), () -> {
		this.committers.add(Thread.currentThread());
		this.commits.incrementAndGet();
	});

	@AfterEach
	void close() {
		this.calls.close();
	}

	@Test
	void nobodyCommitsDuringCallsThatAreShort() {
		// others' may be about to end still
		await().until(LongCallsTests::isNobodyCommitting);
		this.calls.look();
		for (int i = 0; i < 3; i++) {
			this.calls.begin();
			this.calls.look();
			this.calls.end();
			this.calls.look();
		}
		assertThat(isNobodyCommitting()).isTrue();
		assertThat(this.commits).hasValue(0);
	}

	private static boolean isNobodyCommitting() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().equals("long-calls-commits"));
	}

	@Test
	void oneThreadCommitsAsLongAsACallLasts() {
		this.calls.begin();
		for (int i = 0; i < 5; i++) {
			this.calls.look();
		}
		await().until(() -> this.commits.get() >= 3);
		this.calls.end();
		assertThat(this.committers).hasSize(1);
		this.calls.begin();
		await().until(() -> this.committers.stream().noneMatch(Thread::isAlive));
		int before = this.commits.get();
		this.calls.look();
		this.calls.look();
		await().until(() -> this.commits.get() > before);
		this.calls.end();
		assertThat(this.committers).hasSize(2);
	}

}
