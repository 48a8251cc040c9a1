package dev.watermill.broker.kafka;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.watermill.broker.Membership;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An instance, which says what becomes of it.
 */
final class TestMember implements Membership.Listener {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final Set<Integer> lanes = new ConcurrentSkipListSet<>();

	private volatile boolean joined;

	private volatile long assignedAt;

	private volatile CountDownLatch keeping = new CountDownLatch(0);

	private volatile Set<Integer> revoking;

	private volatile RuntimeException cause;

	private volatile Runnable last = () -> {
	};

	private final Membership.Member member;

	TestMember(Membership membership) {
		this.member = membership.join(this);
	}

	Membership.Member member() {
		return this.member;
	}

	List<String> events() {
		return this.events;
	}

	boolean hasJoined() {
		return this.joined;
	}

	long assignedAt() {
		return this.assignedAt;
	}

	Set<Integer> revoking() {
		return this.revoking;
	}

	RuntimeException cause() {
		return this.cause;
	}

	/**
	 * Do something before lanes are let go.
	 */
	void beforeLettingGo(Runnable last) {
		this.last = last;
	}

	Set<Integer> held() {
		return Set.copyOf(this.lanes);
	}

	/**
	 * Take long to let lanes go.
	 */
	void keep() {
		this.keeping = new CountDownLatch(1);
	}

	void letGo() {
		this.keeping.countDown();
	}

	@Override
	public void assigned(Set<Integer> lanes) {
		assertThat(lanes).noneMatch(this.lanes::contains);
		this.joined = true;
		this.assignedAt = System.nanoTime();
		if (!lanes.isEmpty()) {
			this.events.add("assigned " + lanes);
		}
		this.lanes.addAll(lanes);
	}

	@Override
	public void revoked(Set<Integer> lanes) {
		this.revoking = lanes;
		try {
			this.keeping.await(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.last.run();
		this.events.add("revoked " + lanes);
		this.lanes.removeAll(lanes);
	}

	@Override
	public void lost(Set<Integer> lanes) {
		this.events.add("lost " + lanes);
		this.lanes.removeAll(lanes);
	}

	@Override
	public void ended(RuntimeException cause) {
		this.cause = cause;
	}

	@Override
	public String toString() {
		return this.events.toString();
	}

}
