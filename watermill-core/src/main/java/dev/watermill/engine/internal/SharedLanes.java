package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillPhase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes that a membership gives to this instance and takes away again: has each
 * started when it comes, and see to it that it is committed and closed before another
 * instance can have it. Thread-safe.
 */
final class SharedLanes implements Membership.Listener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SharedLanes.class);

	private final MillPlan plan;

	private final Lanes lanes;

	private final MillRun run;

	/** What is held, also of lanes that the mill does not have yet; guarded by this. */
	private final Set<Integer> held = new TreeSet<>();

	/** How many lanes the mill has; guarded by this. */
	private int count;

	private final CountDownLatch joined = new CountDownLatch(1);

	private volatile Membership.@Nullable Member member;

	private volatile @Nullable RuntimeException end;

	private volatile boolean leaving;

	/** Whether something keeps this instance from being a member. */
	private volatile boolean kept;

	SharedLanes(MillPlan plan, Lanes lanes, MillRun run, int count) {
		this.plan = plan;
		this.lanes = lanes;
		this.run = run;
		this.count = count;
	}

	void join(Membership membership) {
		this.member = membership.join(this);
		this.joined.countDown();
		logger.info("Mill '{}' shares its {} lanes with other instances by {}", this.plan.name(), this.count,
				membership.location());
	}

	/**
	 * Whether this instance is one of those among which lanes are shared out.
	 */
	boolean isMember() {
		Membership.Member joining = this.member;
		return joining != null && joining.id() != null;
	}

	/**
	 * Why the membership is over, {@code null} while it lasts.
	 */
	@Nullable RuntimeException end() {
		return this.end;
	}

	/**
	 * The lanes of the mill that are held.
	 */
	synchronized Set<Integer> held() {
		Set<Integer> ofMill = new TreeSet<>(this.held);
		ofMill.removeIf((lane) -> lane >= this.count);
		return ofMill;
	}

	/**
	 * Note that the mill has more lanes, of which some may be held already.
	 */
	synchronized void grow(int number) {
		int before = this.count;
		this.count = number;
		start(this.held.stream().filter((lane) -> lane >= before && lane < number).toList());
	}

	/**
	 * Take up lanes again that were dropped since another instance had taken them, but
	 * which nobody has asked for. Whether they are held is seen before they commit.
	 */
	synchronized void retake() {
		start(this.lanes.workers(held())
			.stream()
			.filter((worker) -> worker.control().phase() instanceof MillPhase.Stopped)
			.map((worker) -> worker.terms().lane().lane())
			.toList());
	}

	@Override
	public void kept(BrokerUnavailableException problem) {
		this.kept = true;
		this.lanes.ownOutage().begins(String.valueOf(problem.getMessage()));
	}

	@Override
	public void assigned(Set<Integer> numbers) {
		if (this.kept) {
			this.kept = false;
			this.lanes.ownOutage().answered();
		}
		if (numbers.isEmpty() || !awaitJoined()) {
			return;
		}
		logger.info("Mill '{}' has got lanes {}", this.plan.name(), new TreeSet<>(numbers));
		synchronized (this) {
			this.held.addAll(numbers);
			start(numbers.stream().filter((lane) -> lane < this.count).sorted().toList());
		}
		MillListener listener = this.plan.observers().listener();
		if (listener != null) {
			listener.lanesAssigned(numbers.size());
		}
	}

	private void start(Collection<Integer> numbers) {
		Membership.Member holder = this.member;
		numbers
			.forEach((lane) -> this.lanes.start(new LaneTerms(new LaneId(this.plan.name(), lane), this.run, holder)));
	}

	/**
	 * Lanes commit as a member, so it has to be known.
	 */
	private boolean awaitJoined() {
		try {
			this.joined.await();
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public void revoked(Set<Integer> numbers) {
		if (numbers.isEmpty()) {
			return;
		}
		long began = this.plan.ticker().getAsLong();
		drop(numbers);
		List<LaneWorker> going = this.lanes.workers(numbers);
		going.forEach(LaneWorker::stop);
		long deadline = System.nanoTime() + this.plan.sharing().handOverTimeout().toNanos();
		for (LaneWorker worker : going) {
			if (!isOver(worker, Duration.ofNanos(deadline - System.nanoTime()))) {
				logger.warn(
						"Mill '{}' abandons its lane {}, which was to be given away: it has not come to the end of "
								+ "a delivery for {}. The delivery is repeated elsewhere (hand-over-timeout)",
						this.plan.name(), worker.control().lane().lane(), this.plan.sharing().handOverTimeout());
				worker.abandon();
			}
		}
		let(numbers, false, began);
	}

	private static boolean isOver(LaneWorker worker, Duration timeout) {
		try {
			return worker.awaitEnd(timeout);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return worker.hasEnded();
		}
	}

	@Override
	public void lost(Set<Integer> numbers) {
		if (numbers.isEmpty()) {
			return;
		}
		long began = this.plan.ticker().getAsLong();
		logger.warn("Mill '{}' has lost lanes {}, which go on elsewhere from their last commits", this.plan.name(),
				new TreeSet<>(numbers));
		drop(numbers);
		this.lanes.workers(numbers).forEach(LaneWorker::abandon);
		let(numbers, true, began);
	}

	private synchronized void drop(Set<Integer> numbers) {
		this.held.removeAll(numbers);
	}

	private void let(Set<Integer> numbers, boolean lost, long began) {
		if (!this.leaving) {
			this.lanes.leave(numbers);
			logger.info("Mill '{}' has {} lanes {}", this.plan.name(), lost ? "dropped" : "given away",
					new TreeSet<>(numbers));
		}
		MillListener listener = this.plan.observers().listener();
		if (listener != null) {
			listener.lanesRevoked(numbers.size(), lost, this.plan.ticker().getAsLong() - began);
		}
	}

	@Override
	public void ended(RuntimeException cause) {
		this.lanes.workers().forEach(LaneWorker::abandon);
		synchronized (this) {
			this.held.clear();
		}
		this.end = cause;
		this.lanes.changed();
	}

	/**
	 * Leave, after the lanes were closed: who was here last is still to be seen.
	 */
	@Override
	public void close() {
		this.leaving = true;
		Membership.Member leaver = this.member;
		if (leaver != null) {
			leaver.close();
		}
	}

}
