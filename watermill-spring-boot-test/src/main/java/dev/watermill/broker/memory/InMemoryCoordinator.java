package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

import dev.watermill.broker.Membership;

/**
 * Shares the lanes of a mill out among its instances in one JVM, as evenly as they can
 * be, and so that few of them move. Its time passes only by {@link #advance}: a member
 * that was {@linkplain InMemoryMember#cut() cut} off for the session time-out is taken
 * for dead. Each member has a thread, or is driven {@linkplain #byHand() by hand}, one
 * step after another, by {@link InMemoryMember#poll()}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class InMemoryCoordinator {

	/** How long a member may be away until others get what it holds. */
	public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, InMemoryGroup> groups = new LinkedHashMap<>();

	private Duration now = Duration.ZERO;

	private boolean byHand;

	InMemoryCoordinator() {
	}

	/**
	 * Give the members that join from now on no threads: nothing happens to one but in
	 * {@link InMemoryMember#poll()}.
	 * @return this coordinator
	 */
	public InMemoryCoordinator byHand() {
		this.lock.lock();
		try {
			this.byHand = true;
			return this;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return those that joined as instances of a mill and have not left.
	 * @param mill the name of the mill
	 * @return the members in the order in which they joined, the dead ones included
	 */
	public List<InMemoryMember> members(String mill) {
		this.lock.lock();
		try {
			InMemoryGroup group = this.groups.get(mill);
			return (group != null) ? group.all() : List.of();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let time pass.
	 * @param duration how much
	 */
	public void advance(Duration duration) {
		this.lock.lock();
		try {
			this.now = this.now.plus(duration);
			this.groups.values().forEach(InMemoryGroup::expire);
		}
		finally {
			this.lock.unlock();
		}
	}

	Membership group(String mill, String location, IntSupplier lanes) {
		this.lock.lock();
		try {
			InMemoryGroup group = this.groups.computeIfAbsent(mill,
					(name) -> new InMemoryGroup(this.lock, name, location, () -> this.now));
			group.lanes(lanes);
			return group.membership(this.byHand);
		}
		finally {
			this.lock.unlock();
		}
	}

}
