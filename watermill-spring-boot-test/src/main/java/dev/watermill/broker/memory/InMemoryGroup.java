package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import dev.watermill.broker.Membership;

/**
 * The instances of one mill, as the coordinator sees them. A lane goes from one to
 * another in two steps: the one is asked for it, and once it has let go the other gets
 * it. Used under the coordinator's lock.
 */
final class InMemoryGroup {

	private final ReentrantLock lock;

	private final Condition changed;

	private final String mill;

	private final String location;

	private final Supplier<Duration> now;

	private IntSupplier lanes = () -> 0;

	private int joined;

	/** All that have not left, whether they are taken for dead or not. */
	private final List<InMemoryMember> all = new ArrayList<>();

	/** Those that are not taken for dead. */
	private final List<InMemoryMember> live = new ArrayList<>();

	/** Who has each lane, until it lets go or is taken for dead. */
	private final Map<Integer, InMemoryMember> owners = new TreeMap<>();

	/** Who is to have each lane. */
	private Map<Integer, InMemoryMember> targets = new TreeMap<>();

	InMemoryGroup(ReentrantLock lock, String mill, String location, Supplier<Duration> now) {
		this.lock = lock;
		this.changed = lock.newCondition();
		this.mill = mill;
		this.location = location;
		this.now = now;
	}

	void lanes(IntSupplier counted) {
		this.lanes = counted;
	}

	Membership membership(boolean byHand) {
		return new Membership() {

			@Override
			public String location() {
				return "members of the mill '" + InMemoryGroup.this.mill + "' by " + InMemoryGroup.this.location;
			}

			@Override
			public Member join(Listener listener) {
				return InMemoryGroup.this.join(listener, byHand);
			}

			@Override
			public List<Peer> members() {
				return peers();
			}

		};
	}

	private InMemoryMember join(Membership.Listener listener, boolean byHand) {
		this.lock.lock();
		try {
			this.joined++;
			InMemoryMember member = new InMemoryMember(this, this.lock, this.mill + "-" + this.joined, listener);
			this.all.add(member);
			if (!byHand) {
				Thread thread = new Thread(member::run, "member-" + member.name());
				thread.setDaemon(true);
				thread.start();
			}
			return member;
		}
		finally {
			this.lock.unlock();
		}
	}

	private List<Membership.Peer> peers() {
		this.lock.lock();
		try {
			return this.live.stream()
				.map((member) -> new Membership.Peer(member.name(), "memory", lanesOf(this.owners, member)))
				.toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	List<InMemoryMember> all() {
		return List.copyOf(this.all);
	}

	boolean isLive(InMemoryMember member) {
		return this.live.contains(member);
	}

	Duration now() {
		return this.now.get();
	}

	void enter(InMemoryMember member) {
		this.live.add(member);
		share();
	}

	/**
	 * Take a member for dead: others may have its lanes at once.
	 */
	private void expire(InMemoryMember member) {
		this.live.remove(member);
		this.owners.values().removeIf((owner) -> owner == member);
		share();
	}

	void expire() {
		for (InMemoryMember member : List.copyOf(this.live)) {
			if (member.isSilentFor(InMemoryCoordinator.SESSION_TIMEOUT)) {
				expire(member);
				if (member.isClosed()) {
					this.all.remove(member);
				}
			}
		}
	}

	/**
	 * Let a member go that said so.
	 */
	void leave(InMemoryMember member) {
		this.all.remove(member);
		expire(member);
	}

	/**
	 * Which of its lanes a member is asked for.
	 */
	Set<Integer> wanted(Set<Integer> held, InMemoryMember member) {
		shareIfMore();
		Set<Integer> wanted = new TreeSet<>(held);
		wanted.removeAll(lanesOf(this.targets, member));
		return wanted;
	}

	/**
	 * Note that a member holds these lanes and no others any more.
	 */
	void holds(Set<Integer> held, InMemoryMember member) {
		boolean let = this.owners.entrySet()
			.removeIf((entry) -> entry.getValue() == member && !held.contains(entry.getKey()));
		if (let) {
			this.changed.signalAll();
		}
	}

	/**
	 * Give a member those of its lanes that nobody else has.
	 * @return what it did not have before
	 */
	Set<Integer> give(InMemoryMember member) {
		shareIfMore();
		Set<Integer> given = lanesOf(this.targets, member);
		given.removeIf(this.owners::containsKey);
		given.forEach((lane) -> this.owners.put(lane, member));
		return given;
	}

	/**
	 * Whether there is anything that a member does not know, or that is not known of it.
	 */
	boolean hasNews(Set<Integer> held, InMemoryMember member) {
		if (!isLive(member) || hasMore()) {
			return true;
		}
		Set<Integer> targeted = lanesOf(this.targets, member);
		return !lanesOf(this.owners, member).equals(held) || !targeted.containsAll(held)
				|| targeted.stream().anyMatch((lane) -> !this.owners.containsKey(lane));
	}

	private static Set<Integer> lanesOf(Map<Integer, InMemoryMember> assignment, InMemoryMember member) {
		Set<Integer> lanes = new TreeSet<>();
		assignment.forEach((lane, owner) -> {
			if (owner == member) {
				lanes.add(lane);
			}
		});
		return lanes;
	}

	private void shareIfMore() {
		if (hasMore()) {
			share();
		}
	}

	private boolean hasMore() {
		return !this.live.isEmpty() && this.targets.size() < this.lanes.getAsInt();
	}

	/**
	 * Decide who is to have which lane: each as many as the others or one more, and of
	 * those that it has as many as it may.
	 */
	private void share() {
		int count = this.lanes.getAsInt();
		Map<Integer, InMemoryMember> shared = new TreeMap<>();
		Map<InMemoryMember, Integer> quotas = quotas(count);
		quotas.forEach((member, quota) -> lanesOf(this.targets, member).stream()
			.limit(quota)
			.forEach((lane) -> shared.put(lane, member)));
		for (int lane = 0; lane < count && !quotas.isEmpty(); lane++) {
			if (!shared.containsKey(lane)) {
				shared.put(lane,
						this.live.stream()
							.filter((member) -> lanesOf(shared, member).size() < quotas.getOrDefault(member, 0))
							.findFirst()
							.orElseThrow());
			}
		}
		this.targets = shared;
		this.changed.signalAll();
	}

	/**
	 * How many lanes each member is to have: those that have most keep one more.
	 */
	private Map<InMemoryMember, Integer> quotas(int count) {
		List<InMemoryMember> byLanes = new ArrayList<>(this.live);
		byLanes.sort((one, other) -> lanesOf(this.targets, other).size() - lanesOf(this.targets, one).size());
		Map<InMemoryMember, Integer> quotas = new LinkedHashMap<>();
		for (InMemoryMember member : byLanes) {
			int one = (quotas.size() < count % byLanes.size()) ? 1 : 0;
			quotas.put(member, count / byLanes.size() + one);
		}
		return quotas;
	}

	/**
	 * Wait until something may have changed.
	 */
	void await(Duration duration) throws InterruptedException {
		this.changed.awaitNanos(duration.toNanos());
	}

	void changed() {
		this.changed.signalAll();
	}

}
