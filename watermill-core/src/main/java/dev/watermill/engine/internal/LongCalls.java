package dev.watermill.engine.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

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

	/*
	 * How the turn is taken. The lane's thread says where it is, in the call or not any
	 * more, and then looks whether the turn is taken; another says that it takes it, and
	 * then looks where the lane's thread is. One of the two sees the other, unless both
	 * look before what each said can be seen, which a fence between saying and looking
	 * rules out. One for every call costs a mill of short calls on topics 7 % of its
	 * time, so the other thread, which hardly ever takes the turn, pays for both: it has
	 * the JVM stop the lane's thread for a moment. There that thread is either in front
	 * of the two steps, and will see that the turn is taken, or it is behind the first
	 * one, which can be seen from then on. After Dice, Huang and Yang, "Asymmetric Dekker
	 * Synchronization" (2001).
	 */

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final VarHandle CALLS;

	private static final VarHandle TAKEN;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			CALLS = lookup.findVarHandle(LongCalls.class, "calls", long.class);
			TAKEN = lookup.findVarHandle(LongCalls.class, "taken", boolean.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** Of those who take turns with the lane's thread. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Thread own = Thread.currentThread();

	private final Runnable commit;

	private final String lane;

	private final Duration every;

	/** One more at the begin of each call and at its end: odd within a call. */
	private long calls;

	/** Whether another thread takes the turn, or has it, or waits for it. */
	private boolean taken;

	/** How many threads wait for the lane's thread to be inside the function. */
	private int waiting;

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
		CALLS.setRelease(this, this.calls + 1);
	}

	/**
	 * It has returned.
	 * @throws RuntimeException if what came before it could not be committed
	 */
	void end() {
		if (isTaken()) {
			lend();
		}
		CALLS.setOpaque(this, this.calls + 1);
		if (isTaken()) {
			// whoever has the turn gives it back before the lock
			this.lock.lock();
			this.lock.unlock();
		}
		Throwable failed = this.failure;
		if (failed instanceof Error error) {
			throw error;
		}
		if (failed != null) {
			throw (RuntimeException) failed;
		}
	}

	private boolean isTaken() {
		boolean isTaken = (boolean) TAKEN.getOpaque(this);
		VarHandle.acquireFence();
		return isTaken;
	}

	/**
	 * Stay inside the function for those who wait for that: calls may be so short that
	 * they would never meet the lane's thread there.
	 */
	private void lend() {
		this.lock.lock();
		try {
			while (this.waiting > 0) {
				this.changed.signalAll();
				this.changed.awaitUninterruptibly();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take the turn from the lane's thread, if that is inside the function. It can't
	 * leave it then until the turn is given back. Called with the lock.
	 * @return the call in which it is, or an even number if it is in none
	 */
	private long take() {
		if (!this.taken) {
			TAKEN.setVolatile(this, true);
			// not for the trace: to get it, the JVM stops that thread
			this.own.getStackTrace();
		}
		return (long) CALLS.getAcquire(this);
	}

	private void giveBack() {
		TAKEN.setRelease(this, false);
	}

	/**
	 * Get something of the lane's for the function, while nobody commits. Whoever asks
	 * when the call is over waits for the next one.
	 */
	<V> V get(Supplier<V> source) {
		boolean ofLane = Thread.currentThread() == this.own;
		if (ofLane && !LaneSteps.isCall(this.calls) || this.lock.isHeldByCurrentThread()) {
			return source.get();
		}
		this.lock.lock();
		try {
			// the lane's own thread does not leave the function meanwhile
			return ofLane ? source.get() : getFromLane(source);
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

	private <V> V getFromLane(Supplier<V> source) throws InterruptedException {
		try {
			if (!LaneSteps.isCall(take())) {
				awaitCall();
			}
			return source.get();
		}
		finally {
			giveBack();
		}
	}

	/**
	 * The turn stays taken meanwhile, so the next call does not end before this is over.
	 */
	private void awaitCall() throws InterruptedException {
		this.waiting++;
		try {
			while (!LaneSteps.isCall(take()) && !this.closed) {
				this.changed.awaitNanos(SHORTEST.toNanos());
			}
		}
		finally {
			this.waiting--;
			this.changed.signalAll();
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
		long call = (long) CALLS.getOpaque(this);
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
			while ((long) CALLS.getOpaque(this) == call && !this.closed && this.failure == null) {
				commit(call);
				this.changed.await(this.every.toNanos(), TimeUnit.NANOSECONDS);
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
			if (take() == call) {
				this.commit.run();
			}
		}
		catch (RuntimeException | Error ex) {
			this.failure = ex;
		}
		finally {
			giveBack();
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
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
