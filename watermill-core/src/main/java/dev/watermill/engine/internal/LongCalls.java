package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Commits, on a thread of its own, what came before a call of the function while that
 * call takes long: where commits are transactions, which hold back those who read the
 * results, and which a broker ends that it finds too old.
 * <p>
 * Everything of a lane belongs to whoever has the turn. The lane's own thread has it but
 * while it is inside the function, where it touches nothing of the lane: what stands
 * before the call is then as between any two deliveries. If a commit is under way when
 * the function returns, the lane's thread waits for it.
 */
final class LongCalls implements AutoCloseable {

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private final ReentrantLock turn = new ReentrantLock();

	private final Condition closing = this.turn.newCondition();

	private final Runnable commit;

	private final String lane;

	private final long nanos;

	/** Made at the first call: many lanes may never come to one. */
	private @Nullable Thread watch;

	private boolean closed;

	/** Why a commit failed, which the lane's thread has to hear. */
	private @Nullable Throwable failure;

	/**
	 * Give the turn to this thread, the lane's own.
	 * @param lane the name of the lane
	 * @param every how often to check whether a commit is due
	 * @param commit commits if it is
	 */
	LongCalls(String lane, Duration every, Runnable commit) {
		this.commit = commit;
		this.nanos = Math.max(every.toNanos(), SHORTEST.toNanos());
		this.turn.lock();
		this.lane = lane;
	}

	/**
	 * The lane's thread is going to call the function.
	 */
	void begin() {
		if (this.watch == null) {
			startWatch();
		}
		this.turn.unlock();
	}

	private void startWatch() {
		Thread thread = new Thread(null, this::watch, this.lane + "-commits", 0, false);
		thread.setDaemon(true);
		thread.start();
		this.watch = thread;
	}

	/**
	 * It has returned.
	 * @throws RuntimeException if what came before it could not be committed
	 */
	void end() {
		this.turn.lock();
		Throwable failed = this.failure;
		if (failed instanceof Error error) {
			throw error;
		}
		if (failed != null) {
			throw (RuntimeException) failed;
		}
	}

	/**
	 * Get something of the lane's for the function, while nobody commits.
	 */
	<V> V get(Supplier<V> source) {
		this.turn.lock();
		try {
			return source.get();
		}
		finally {
			this.turn.unlock();
		}
	}

	private void watch() {
		this.turn.lock();
		try {
			while (!this.closed && this.failure == null) {
				// The turn is here only while the lane's thread is inside the function
				this.commit.run();
				this.closing.await(this.nanos, TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			// nobody's way to end this thread, but then it ends
		}
		catch (RuntimeException | Error ex) {
			this.failure = ex;
		}
		finally {
			this.turn.unlock();
		}
	}

	/**
	 * Called by the lane's thread, which has the turn.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.closing.signalAll();
		while (this.turn.getHoldCount() > 0) {
			this.turn.unlock();
		}
	}

}
