package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

	/** The lane's own thread has the turn: it is outside the function. */
	private static final int LANE = 0;

	/** Nobody has the turn: the lane's thread is inside the function. */
	private static final int NOBODY = 1;

	/** Another thread has the turn, which has the lock as well. */
	private static final int OTHER = 2;

	/**
	 * Who has the turn. The lane's thread gives and takes it for every call, so it does
	 * without the lock as long as nobody else has it.
	 */
	private final AtomicInteger turn = new AtomicInteger(LANE);

	/** Of those who take turns with the lane's thread. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition closing = this.lock.newCondition();

	private final Thread own = Thread.currentThread();

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
		this.lane = lane;
	}

	/**
	 * The lane's thread is going to call the function.
	 */
	void begin() {
		this.calls.increment();
		this.turn.setRelease(NOBODY);
	}

	/**
	 * It has returned.
	 * @throws RuntimeException if what came before it could not be committed
	 */
	void end() {
		if (!this.turn.compareAndSet(NOBODY, LANE)) {
			awaitTurn();
		}
		this.calls.increment();
		Throwable failed = this.failure;
		if (failed instanceof Error error) {
			throw error;
		}
		if (failed != null) {
			throw (RuntimeException) failed;
		}
	}

	private void awaitTurn() {
		this.lock.lock();
		try {
			// whoever had it gave it back before the lock
			this.turn.set(LANE);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Get something of the lane's for the function, while nobody commits. Whoever asks
	 * when the call is over waits for the next one.
	 */
	<V> V get(Supplier<V> source) {
		if (isMine()) {
			return source.get();
		}
		this.lock.lock();
		try {
			while (!this.turn.compareAndSet(NOBODY, OTHER)) {
				this.closing.awaitNanos(SHORTEST.toNanos());
			}
			try {
				return source.get();
			}
			finally {
				this.turn.set(NOBODY);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(this.lane + ": interrupted while waiting for the call of the function "
					+ "to begin of which the context was asked for", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isMine() {
		return (Thread.currentThread() == this.own) ? this.turn.getPlain() == LANE : this.lock.isHeldByCurrentThread();
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
		this.lock.lock();
		try {
			while (this.calls.get() == call && !this.closed && this.failure == null) {
				if (this.turn.compareAndSet(NOBODY, OTHER)) {
					commit(call);
				}
				this.closing.await(this.every.toNanos(), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			// nobody's way to end this thread, but then it ends
		}
		finally {
			this.lock.unlock();
		}
	}

	private void commit(long call) {
		try {
			// with the turn here, the lane's thread stays inside the function
			if (this.calls.get() == call) {
				this.commit.run();
			}
		}
		catch (RuntimeException | Error ex) {
			this.failure = ex;
		}
		finally {
			this.turn.set(NOBODY);
		}
	}

	/**
	 * Called by the lane's thread, which has the turn.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.turn.set(NOBODY);
			this.closing.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
