package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import dev.watermill.count.internal.OneWriterCounter;
import org.jspecify.annotations.Nullable;

/**
 * Commits, on another thread, what came before a call of the function while that call
 * takes long: where commits are transactions, which hold back those who read the results,
 * and which a broker ends that it finds too old. That a call lasts is seen from outside,
 * so lanes whose calls are short, or that have none to make, cost nothing.
 * <p>
 * Everything of a lane belongs to whoever has the turn. The lane's own thread has it but
 * while it is inside the function, where it touches nothing of the lane: what stands
 * before the call is then as between any two deliveries. If a commit is under way when
 * the function returns, the lane's thread waits for it.
 */
final class LongCalls implements WatchThread.Watched, AutoCloseable {

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private final ReentrantLock turn = new ReentrantLock();

	private final Condition closing = this.turn.newCondition();

	private final Runnable commit;

	private final String lane;

	private final Duration every;

	/** One more at the begin of each call and at its end: odd within a call. */
	private final OneWriterCounter calls = new OneWriterCounter();

	/** The call in which the lane was when that was looked at last. */
	private long seen;

	/** The call during which a thread commits. */
	private long attended;

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
		this.every = (every.compareTo(SHORTEST) > 0) ? every : SHORTEST;
		this.turn.lock();
		this.lane = lane;
	}

	/**
	 * The lane's thread is going to call the function.
	 */
	void begin() {
		this.calls.increment();
		this.turn.unlock();
	}

	/**
	 * It has returned.
	 * @throws RuntimeException if what came before it could not be committed
	 */
	void end() {
		this.turn.lock();
		this.calls.increment();
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

	@Override
	public Duration every() {
		return this.every;
	}

	/**
	 * Have somebody commit if the lane still is in the call in which it was when this was
	 * called last.
	 */
	@Override
	public void look() {
		long call = this.calls.get();
		if (LaneSteps.isCall(call) && call == this.seen && call != this.attended) {
			this.attended = call;
			Thread thread = new Thread(null, () -> attend(call), this.lane + "-commits", 0, false);
			thread.setDaemon(true);
			thread.start();
		}
		this.seen = call;
	}

	/**
	 * Commit what is due as long as a call lasts.
	 * @param call its number
	 */
	void attend(long call) {
		this.turn.lock();
		try {
			// with the turn here, the lane's thread stays inside the function
			while (this.calls.get() == call && !this.closed && this.failure == null) {
				this.commit.run();
				this.closing.await(this.every.toNanos(), TimeUnit.NANOSECONDS);
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
