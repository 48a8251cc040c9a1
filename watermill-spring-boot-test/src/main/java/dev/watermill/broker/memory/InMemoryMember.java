package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a mill as a member of its group, with what can befall one. Thread-safe.
 *
 * @since 0.1.0
 */
public final class InMemoryMember implements Membership.Member {

	/** How soon a member hears of what it is not woken for, such as more partitions. */
	private static final Duration HEARTBEAT = Duration.ofMillis(5);

	private final InMemoryGroup group;

	/** The coordinator's. */
	private final ReentrantLock lock;

	private final String name;

	private final Membership.Listener listener;

	/** Held while the listener is called. */
	private final ReentrantLock turn = new ReentrantLock();

	/** What the member knows to hold. */
	private final Set<Integer> held = new TreeSet<>();

	private boolean entered;

	/** Since when nothing is heard of it, {@code null} while it is heard of. */
	private @Nullable Duration cutAt;

	private boolean fenced;

	private boolean closed;

	InMemoryMember(InMemoryGroup group, ReentrantLock lock, String name, Membership.Listener listener) {
		this.group = group;
		this.lock = lock;
		this.name = name;
		this.listener = listener;
	}

	String name() {
		return this.name;
	}

	@Override
	public @Nullable String id() {
		this.lock.lock();
		try {
			return this.entered ? this.name : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Set<Integer> lanes() {
		this.lock.lock();
		try {
			return Set.copyOf(this.held);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Cut the member off from its coordinator, of which it notices nothing: it goes on
	 * with the lanes that it has. Once the session time-out has
	 * {@linkplain InMemoryCoordinator#advance passed} others have them.
	 */
	public void cut() {
		this.lock.lock();
		try {
			this.cutAt = this.group.now();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let the member find its coordinator again, and hear of what it has missed.
	 */
	public void heal() {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.cutAt = null;
				this.group.changed();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let another instance take the place of this member, as one with the same
	 * {@code group.instance.id} does: its membership ends at the next step.
	 */
	public void fence() {
		this.lock.lock();
		try {
			this.fenced = true;
			this.group.changed();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take the next step: join, or hear of lanes that were lost, are to be given away, or
	 * are given to it. The listener is called by the calling thread.
	 * @return {@code false} if there is nothing to do now
	 */
	public boolean poll() {
		this.turn.lock();
		try {
			Runnable step = next();
			if (step != null) {
				step.run();
			}
			return step != null;
		}
		finally {
			this.turn.unlock();
		}
	}

	/**
	 * Whether the next {@linkplain #poll step} is one at all. Tells what is so now, and
	 * changes nothing.
	 * @return {@code false} if there is nothing to do now
	 */
	public boolean isDue() {
		this.lock.lock();
		try {
			return !this.closed && this.cutAt == null && (this.fenced || this.group.hasNews(this.held, this));
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Runnable next() {
		this.lock.lock();
		try {
			if (this.closed || this.cutAt != null) {
				return null;
			}
			if (this.fenced) {
				return this::end;
			}
			if (!this.group.isLive(this)) {
				return this.held.isEmpty() ? this::enter : this::lose;
			}
			this.group.holds(this.held, this);
			Set<Integer> wanted = this.group.wanted(this.held, this);
			if (!wanted.isEmpty()) {
				return () -> give(wanted);
			}
			Set<Integer> given = this.group.give(this);
			if (!given.isEmpty()) {
				this.held.addAll(given);
				return () -> this.listener.assigned(Set.copyOf(given));
			}
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void enter() {
		this.lock.lock();
		try {
			this.entered = true;
			this.group.enter(this);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void lose() {
		Set<Integer> lost = letGo();
		this.listener.lost(lost);
	}

	private void give(Set<Integer> wanted) {
		this.listener.revoked(Set.copyOf(wanted));
		this.lock.lock();
		try {
			this.held.removeAll(wanted);
			if (this.cutAt == null && this.group.isLive(this)) {
				this.group.holds(this.held, this);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end() {
		this.lock.lock();
		try {
			this.closed = true;
			this.group.leave(this);
			letGo();
		}
		finally {
			this.lock.unlock();
		}
		this.listener.ended(new MillTakenOverException("Another instance took the place of the member " + this.name
				+ ". Start this one again to take it back."));
	}

	/**
	 * Forget what the member holds.
	 */
	private Set<Integer> letGo() {
		this.lock.lock();
		try {
			Set<Integer> former = Set.copyOf(this.held);
			this.held.clear();
			return former;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take steps until the member is closed.
	 */
	void run() {
		try {
			while (!isClosed()) {
				if (!poll()) {
					await();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void await() throws InterruptedException {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.group.await(HEARTBEAT);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether the member has left, or its membership has ended.
	 * @return {@code true} if it takes no step any more
	 */
	public boolean isClosed() {
		this.lock.lock();
		try {
			return this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isSilentFor(Duration duration) {
		return this.cutAt != null && this.cutAt.plus(duration).compareTo(this.group.now()) <= 0;
	}

	/**
	 * Leave. A member that is cut off revokes its lanes as well, but others get them only
	 * after the session time-out.
	 */
	@Override
	public void close() {
		this.turn.lock();
		try {
			if (isClosed()) {
				return;
			}
			Set<Integer> last = lanes();
			if (!last.isEmpty()) {
				this.listener.revoked(last);
			}
			this.lock.lock();
			try {
				this.closed = true;
				this.held.clear();
				if (this.cutAt == null) {
					this.group.leave(this);
				}
			}
			finally {
				this.lock.unlock();
			}
		}
		finally {
			this.turn.unlock();
		}
	}

}
