package dev.watermill.engine.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import org.jspecify.annotations.Nullable;

/**
 * The phase of a mill, as everybody may know it, and what went wrong last. Thread-safe.
 */
final class PublishedPhase {

	private final MillPlan plan;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private volatile Known known;

	/** What the listener is still to be told, by whoever tells it now. */
	private final Deque<MillState> untold = new ArrayDeque<>();

	private boolean telling;

	PublishedPhase(MillPlan plan) {
		this.plan = plan;
		this.known = new Known(new MillPhase.Stopped(), plan.clock().instant(), null);
	}

	MillPhase get() {
		return this.known.phase();
	}

	MillStatus status(MillStatus.@Nullable Outage outage, List<MillStatus.Lane> lanes) {
		Known now = this.known;
		return new MillStatus(now.phase(), now.since(), outage, now.lastError(), lanes);
	}

	/**
	 * Publish a phase.
	 */
	void become(MillPhase phase) {
		set(phase);
		tell();
	}

	/**
	 * Publish a phase, of which the listener has yet to be told.
	 */
	void set(MillPhase phase) {
		Instant now = this.plan.clock().instant();
		this.lock.lock();
		try {
			this.known = new Known(phase, now, error(phase, now));
			if (this.plan.observers().listener() != null) {
				this.untold.add(phase.state());
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tell the listener what was published, one thread at a time, so that it hears of
	 * everything in its order. No lock is held meanwhile: it may start or stop mills.
	 */
	void tell() {
		MillListener listener = this.plan.observers().listener();
		for (MillState state = next(); state != null && listener != null; state = next()) {
			try {
				listener.changed(state);
			}
			finally {
				told();
			}
		}
	}

	private @Nullable MillState next() {
		this.lock.lock();
		try {
			if (this.telling || this.untold.isEmpty()) {
				return null;
			}
			this.telling = true;
			return this.untold.poll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void told() {
		this.lock.lock();
		try {
			this.telling = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	private MillStatus.@Nullable Problem error(MillPhase phase, Instant now) {
		if (phase instanceof MillPhase.Starting || phase instanceof MillPhase.Waiting) {
			return null;
		}
		if (phase instanceof MillPhase.Failed failed) {
			return new MillStatus.Problem(withName(failed.cause()), failed.cause(), now);
		}
		if (phase instanceof MillPhase.Restarting failed) {
			return new MillStatus.Problem(withName(failed.cause()), failed.cause(), now);
		}
		if (phase instanceof MillPhase.LaneFailed failed) {
			return new MillStatus.Problem(withName(failed.cause()), failed.cause(), now);
		}
		if (phase instanceof MillPhase.TakenOver takenOver) {
			return new MillStatus.Problem(takenOver.by(), takenOver.cause(), now);
		}
		return this.known.lastError();
	}

	/**
	 * Keep in mind what went wrong, although the mill goes on.
	 */
	void troubled(Throwable cause) {
		this.lock.lock();
		try {
			Known before = this.known;
			this.known = new Known(before.phase(), before.since(),
					new MillStatus.Problem(withName(cause), cause, this.plan.clock().instant()));
		}
		finally {
			this.lock.unlock();
		}
	}

	private String withName(Throwable cause) {
		String name = "mill '" + this.plan.name() + "': ";
		String message = (cause instanceof RuntimeException && cause.getMessage() != null) ? cause.getMessage()
				: cause.toString();
		return message.startsWith(name) ? message : name + message;
	}

	/**
	 * Wait until the mill is not at work.
	 * @return whether that is so
	 */
	boolean awaitEnd(Duration timeout) throws InterruptedException {
		// what is too long to count is as good as for ever
		long left = TimeUnit.NANOSECONDS.convert(timeout);
		this.lock.lock();
		try {
			while (get().isAtWork()) {
				if (left <= 0) {
					return false;
				}
				left = this.changed.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Known(MillPhase phase, Instant since, MillStatus.@Nullable Problem lastError) {

	}

}
