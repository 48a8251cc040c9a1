package dev.watermill.simulation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.watermill.Crash;
import dev.watermill.FaultyBroker;
import dev.watermill.Mill;
import dev.watermill.broker.Membership;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryMember;
import dev.watermill.engine.MillState;
import org.jspecify.annotations.Nullable;

/**
 * One of the instances of a mill, each of whose steps waits for its turn; and what may
 * befall it. It sees to it that none of its lanes commits what it must not.
 */
final class SimulatedInstance implements FaultyBroker.Faults {

	static final String HEARTBEAT = "HEARTBEAT";

	private final int number;

	private final Turns turns;

	private final Mill mill;

	/** What was done that must not be, by whichever instance. */
	private final ConcurrentLinkedQueue<String> wrongs;

	/** The lanes that the mill was told it has. */
	private final Set<Integer> told = ConcurrentHashMap.newKeySet();

	/**
	 * Those that it had when the current thread went on the last time. What it is told
	 * while a thread works, that thread may not have seen yet.
	 */
	private final ThreadLocal<Set<Integer>> knew = ThreadLocal.withInitial(Set::of);

	/** How often it has lost lanes. */
	private final AtomicInteger losses = new AtomicInteger();

	/**
	 * How often when the current thread began to commit. That it can until another
	 * instance takes the lane up, though this one may get it again and give it away.
	 */
	private final ThreadLocal<Integer> lossesBefore = ThreadLocal.withInitial(() -> 0);

	/** The lanes that the mill has given away and not got again. */
	private final Set<Integer> given = ConcurrentHashMap.newKeySet();

	/** How many calls of the function have not returned. */
	private final AtomicInteger calls = new AtomicInteger();

	private volatile @Nullable InMemoryMember member;

	private volatile boolean crashed;

	private volatile boolean asleep;

	private volatile boolean away;

	private volatile boolean over;

	SimulatedInstance(int number, Turns turns, InMemoryBroker broker, SimulatedMill form,
			ConcurrentLinkedQueue<String> wrongs) {
		this.number = number;
		this.turns = turns;
		this.wrongs = wrongs;
		this.mill = form.build(new FaultyBroker(broker, this).neverWaiting(), () -> call(form.concurrency()));
	}

	int number() {
		return this.number;
	}

	void start() {
		this.mill.start();
	}

	/**
	 * Stop as one does that is asked to.
	 */
	void stop() {
		this.mill.stop();
	}

	/**
	 * Be gone, as after {@code kill -9}.
	 */
	void crash() {
		this.crashed = true;
		cut();
		this.mill.abort();
	}

	/**
	 * Do nothing any more, and know nothing of that.
	 */
	void sleep() {
		this.asleep = true;
		cut();
	}

	/**
	 * Go on, and find the coordinator again.
	 */
	void wake() {
		this.asleep = false;
		this.away = false;
		InMemoryMember known = this.member;
		if (known != null && !this.crashed) {
			known.heal();
		}
	}

	/**
	 * Let the coordinator not hear of it any more.
	 */
	void cut() {
		this.away = true;
		InMemoryMember known = this.member;
		if (known != null) {
			known.cut();
		}
	}

	/**
	 * The simulation is over, and the mill ends.
	 */
	void end() {
		this.over = true;
		this.mill.abort();
	}

	/**
	 * Whether a heartbeat would bring anything.
	 */
	boolean hasNews() {
		InMemoryMember known = this.member;
		return known == null || this.crashed || known.isClosed() || known.isDue();
	}

	boolean isCrashed() {
		return this.crashed;
	}

	boolean isAsleep() {
		return this.asleep && !this.crashed;
	}

	boolean isAway() {
		return this.away;
	}

	boolean isAtWork() {
		return !this.crashed && switch (this.mill.status().state()) {
			case STARTING, RUNNING, PAUSED -> true;
			default -> false;
		};
	}

	boolean isCompleted() {
		return !this.crashed && this.mill.status().state() == MillState.COMPLETED;
	}

	boolean isFailed() {
		return !this.crashed && this.mill.status().state() == MillState.FAILED;
	}

	@Override
	public String toString() {
		return "instance " + this.number + " (" + this.mill.status() + ", told of " + this.told + ")";
	}

	private void await(String step) {
		if (!this.crashed) {
			this.turns.await(this.number, step);
		}
		if (this.crashed) {
			throw new Crash();
		}
		this.knew.set(Set.copyOf(this.told));
	}

	@Override
	public void before(FaultyBroker.Operation operation, String stream) {
		switch (operation) {
			case OPEN_PLACE, READ_LOG, OPEN_SINK, READ -> await(operation + " " + stream);
			case COMMIT -> {
				if (this.member != null && !this.told.contains(lane()) && !this.knew.get().contains(lane())) {
					wrong("began to commit although it had lost the lane");
				}
				this.lossesBefore.set(this.losses.get());
				await("COMMIT");
			}
			case COMMITTED -> {
				if (this.given.contains(lane()) && this.losses.get() == this.lossesBefore.get()) {
					wrong("committed although it had given the lane away");
				}
			}
			case COUNT -> {
				// the coordinator asks, too, whoever is alive
			}
			default -> {
				if (this.crashed) {
					throw new Crash();
				}
			}
		}
	}

	private void call(int concurrency) {
		try {
			if (this.calls.incrementAndGet() > concurrency) {
				wrong("called although " + concurrency + " others were");
			}
			await("CALL");
		}
		finally {
			this.calls.decrementAndGet();
		}
	}

	private static int lane() {
		String name = Thread.currentThread().getName();
		return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
	}

	private void wrong(String what) {
		this.wrongs.add("instance " + this.number + ", " + Thread.currentThread().getName() + ": " + what);
	}

	@Override
	public void joined(Membership.Member joined) {
		InMemoryMember known = (InMemoryMember) joined;
		this.member = known;
		Thread heart = new Thread(() -> beat(known), "heart");
		heart.setDaemon(true);
		heart.start();
	}

	private void beat(InMemoryMember known) {
		while (!this.crashed && !this.over && !known.isClosed()) {
			this.turns.await(this.number, HEARTBEAT);
			if (!this.crashed && !this.over) {
				known.poll();
			}
		}
	}

	@Override
	public Membership.Listener between(Membership.Listener listener) {
		return new Membership.Listener() {

			@Override
			public void assigned(Set<Integer> lanes) {
				SimulatedInstance.this.given.removeAll(lanes);
				SimulatedInstance.this.told.addAll(lanes);
				listener.assigned(lanes);
			}

			@Override
			public void revoked(Set<Integer> lanes) {
				listener.revoked(lanes);
				SimulatedInstance.this.told.removeAll(lanes);
				SimulatedInstance.this.given.addAll(lanes);
			}

			@Override
			public void lost(Set<Integer> lanes) {
				SimulatedInstance.this.losses.incrementAndGet();
				listener.lost(lanes);
				SimulatedInstance.this.told.removeAll(lanes);
			}

			@Override
			public void ended(RuntimeException cause) {
				listener.ended(cause);
				SimulatedInstance.this.told.clear();
			}

		};
	}

}
