package dev.watermill.engine.internal;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whoever looks at a lane finds out that a call lasts.
 */
class LongCallsTests {

	/** How often another thread takes the turn. */
	private static final int ASKED = Integer.getInteger("long.calls", 10_000);

	/** What the lane's thread changes outside of calls. */
	private long before;

	private long behind;

	private final long[] memory = new long[1 << 21];

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

	/**
	 * As fast as the machine can: what the processors do with stores and loads is seen
	 * here only.
	 */
	@Test
	void nothingMovesWhileAnotherThreadHasTheTurn() throws InterruptedException {
		AtomicInteger left = new AtomicInteger(ASKED);
		AtomicReference<String> wrong = new AtomicReference<>();
		Thread other = new Thread(() -> {
			while (left.get() > 0 && wrong.get() == null) {
				this.calls.get(() -> look(left, wrong));
			}
		});
		other.start();
		while (other.isAlive()) {
			this.before++;
			this.behind = this.before;
			this.calls.begin();
			missTheCaches();
			this.calls.end();
		}
		other.join();
		assertThat(wrong).hasNullValue();
	}

	/**
	 * Have the store that ends the call wait behind others, to be seen late.
	 */
	private void missTheCaches() {
		for (int i = 0; i < 8; i++) {
			this.memory[(int) ((this.before * 8 + i) * 0x9E3779B1L) & (this.memory.length - 1)] = i;
		}
	}

	private int look(AtomicInteger left, AtomicReference<String> wrong) {
		long first = this.before;
		for (int i = 0; i < 200; i++) {
			VarHandle.fullFence();
			if (this.before != first || this.behind != first) {
				wrong.set("moved from " + first + " to " + this.before + ", " + this.behind);
			}
		}
		return left.decrementAndGet();
	}

}
