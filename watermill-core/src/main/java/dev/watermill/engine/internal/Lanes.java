package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillStatus;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a mill that are here, each with a thread of its own: what is asked of the
 * mill is asked of each of them, and what the mill does is what they do together.
 * {@link LaneKeeper} decides which ones are here. Thread-safe.
 */
final class Lanes implements LaneControl.Listener {

	private final MillPlan plan;

	private final MillSums counters;

	private final PublishedPhase phase;

	/** What keeps the mill from its lanes. */
	private final LaneOutage outage;

	/** Of whoever built the mill, and so of those whose code it calls. */
	private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Permits permits;

	/** What is asked of the mill. */
	private final MillWish wish = new MillWish();

	private final SortedMap<Integer, LaneWorker> workers = new TreeMap<>();

	/** Lanes that are not here any more, in whose function a thread still is. */
	private final Map<Integer, LaneWorker> abandoned = new HashMap<>();

	/** How often anything became of the mill. */
	private long changes;

	/** Whether no lane is to begin, since the mill is over. */
	private boolean closed = true;

	/** Whether the mill is what its lanes are: otherwise it begins, or is over. */
	private boolean open;

	/** Whether the mill goes on without lanes, since it may be given some. */
	private boolean staying;

	Lanes(MillPlan plan, PublishedPhase phase, MillSums counters) {
		this.plan = plan;
		this.phase = phase;
		this.counters = counters;
		this.permits = new Permits(plan.sharing().concurrency());
		this.outage = new LaneOutage(plan.name(), plan.clock());
	}

	@Nullable ClassLoader classLoader() {
		return this.classLoader;
	}

	LaneOutage ownOutage() {
		return this.outage;
	}

	/**
	 * What is asked of the mill.
	 */
	MillWish wish() {
		return this.wish;
	}

	/**
	 * Ask something of the mill.
	 * @param asked what, of each wish
	 */
	void wish(Wisher asked) {
		locked(() -> {
			asked.ask(this.wish);
			this.workers.values().forEach((worker) -> asked.ask(worker.control().wish()));
			publish();
			return null;
		});
		this.permits.wake();
		this.phase.tell();
	}

	/**
	 * The mill is started: lanes may begin. Those of an earlier start, of which one may
	 * still be in a call that does not end, are asked nothing.
	 */
	void begin() {
		locked(() -> {
			this.closed = false;
			this.wish.run();
			return null;
		});
	}

	/**
	 * Interrupt all that work, after they were told to end.
	 */
	void interrupt() {
		workers().forEach(LaneWorker::abandon);
	}

	/**
	 * From now on the mill is what its lanes are.
	 * @param goesOnWithout whether it goes on without any
	 */
	void open(boolean goesOnWithout) {
		locked(() -> {
			this.open = true;
			this.staying = goesOnWithout;
			publish();
			return null;
		});
		this.phase.tell();
	}

	/**
	 * Take a lane, unless the mill is to end.
	 */
	void start(LaneTerms terms) {
		LaneWorker worker = take(terms);
		if (worker != null) {
			worker.start(this.classLoader);
		}
	}

	/**
	 * Work on a lane on this thread.
	 * @param own whether it was made for this mill
	 * @return whether the thread was interrupted meanwhile
	 */
	boolean work(LaneTerms terms, boolean own) {
		LaneWorker worker = take(terms);
		if (worker == null) {
			return false;
		}
		worker.work(own);
		return worker.control().wasInterrupted();
	}

	private @Nullable LaneWorker take(LaneTerms terms) {
		return locked(() -> {
			if (this.closed || this.wish.isStop()) {
				return null;
			}
			int number = terms.lane().lane();
			LaneWorker former = this.workers.getOrDefault(number, this.abandoned.remove(number));
			MillWish own = new MillWish();
			own.run();
			if (this.wish.get() == MillWish.Wish.PAUSE) {
				own.pause();
			}
			LaneControl control = new LaneControl(this.plan, terms.lane(), own, this.permits, this);
			if (former != null) {
				control.follows(former.control());
			}
			LaneWorker worker = new LaneWorker(this.plan, terms, control, this.counters.lane(number), former);
			this.workers.put(number, worker);
			return worker;
		});
	}

	/**
	 * The lanes that are here, or were here last.
	 */
	List<LaneWorker> workers() {
		return locked(() -> List.copyOf(this.workers.values()));
	}

	/**
	 * The lanes of some numbers, as far as they are here.
	 */
	List<LaneWorker> workers(Collection<Integer> numbers) {
		return locked(() -> numbers.stream().map(this.workers::get).filter(Objects::nonNull).toList());
	}

	/**
	 * Take up those lanes again that have failed.
	 * @return {@code false} if the mill is over
	 */
	boolean retake() {
		for (LaneWorker worker : workers()) {
			if (worker.control().phase() instanceof MillPhase.Failed) {
				start(worker.terms());
			}
		}
		return !locked(() -> this.closed);
	}

	/**
	 * Whether any lane is at work, or about to be.
	 */
	boolean isAnyAtWork() {
		return workers().stream().anyMatch(LaneWorker::isAtWork);
	}

	/**
	 * The lanes here that have failed.
	 */
	Set<Integer> failed() {
		return workers().stream()
			.filter((worker) -> worker.control().phase() instanceof MillPhase.Failed)
			.map((worker) -> worker.terms().lane().lane())
			.collect(Collectors.toSet());
	}

	/**
	 * Whether lanes have completed or failed.
	 */
	boolean areOver(Collection<Integer> numbers) {
		List<LaneWorker> found = workers(numbers);
		return found.size() == numbers.size() && found.stream()
			.map((worker) -> worker.control().phase())
			.allMatch((phase) -> phase instanceof MillPhase.Completed || phase instanceof MillPhase.Failed);
	}

	/**
	 * Let go of all lanes that were here before the mill was started.
	 */
	void leaveAll() {
		leave(locked(() -> List.copyOf(this.workers.keySet())));
	}

	/**
	 * Let go of lanes, which are not to be seen here any more.
	 */
	void leave(Collection<Integer> numbers) {
		locked(() -> {
			for (Integer number : List.copyOf(numbers)) {
				LaneWorker worker = this.workers.remove(number);
				if (worker != null && !worker.hasEnded()) {
					this.abandoned.put(number, worker);
				}
			}
			publish();
			return null;
		});
		this.phase.tell();
	}

	@Override
	public void changed() {
		locked(() -> {
			publish();
			return null;
		});
		this.phase.tell();
	}

	@Override
	public void troubled(Throwable cause) {
		this.phase.troubled(cause);
	}

	/**
	 * Publish what the mill does, and wake up who waits for that.
	 */
	private void publish() {
		MillPhase next = this.open ? together() : null;
		if (next != null && !next.equals(this.phase.get())) {
			this.phase.set(next);
		}
		this.changes++;
		this.changed.signalAll();
	}

	/**
	 * What the lanes do together, {@code null} for what the mill did before.
	 */
	private @Nullable MillPhase together() {
		List<MillPhase> atWork = this.workers.values()
			.stream()
			.map((worker) -> worker.control().phase())
			.filter(MillPhase::isAtWork)
			.toList();
		if (atWork.isEmpty() && !this.staying) {
			return null;
		}
		MillPhase failed = laneFailed();
		if (failed != null) {
			return failed;
		}
		if (atWork.stream().allMatch(MillPhase.Paused.class::isInstance)) {
			return (this.wish.get() == MillWish.Wish.PAUSE) ? new MillPhase.Paused()
					: atWork.isEmpty() ? new MillPhase.Running() : null;
		}
		return atWork.stream().anyMatch(MillPhase.Running.class::isInstance) ? new MillPhase.Running() : null;
	}

	private @Nullable MillPhase laneFailed() {
		for (Map.Entry<Integer, LaneWorker> lane : this.workers.entrySet()) {
			if (lane.getValue().control().phase() instanceof MillPhase.Failed failed) {
				return new MillPhase.LaneFailed(lane.getKey(), failed.cause());
			}
		}
		return null;
	}

	/**
	 * How often anything has become of a lane, or of what is asked of the mill.
	 */
	long changes() {
		return locked(() -> this.changes);
	}

	/**
	 * Let time pass until something becomes of a lane or of what is asked of the mill.
	 * @param since how often it had when that was looked at
	 */
	void awaitChange(long since, Duration atMost) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long left = atMost.toNanos();
			while (left > 0 && this.changes == since) {
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The mill is over as soon as this returns, and its lanes have no say any more.
	 * @return how it ended: the gravest of the ends of its lanes
	 */
	MillPhase close() {
		return locked(() -> {
			this.closed = true;
			this.open = false;
			return this.workers.values()
				.stream()
				.map((worker) -> worker.control().phase())
				.max(Comparator.comparingInt(Lanes::weight))
				.orElse(new MillPhase.Stopped());
		});
	}

	private static int weight(MillPhase end) {
		return switch (end.state()) {
			case FAILED -> 3;
			case STOPPED -> (end instanceof MillPhase.TakenOver) ? 2 : 1;
			default -> 0;
		};
	}

	/**
	 * Note that nothing is committed of any lane.
	 */
	void forget() {
		workers().forEach((worker) -> worker.control().resumedFrom(null));
	}

	/**
	 * What each lane does now.
	 */
	List<MillStatus.Lane> now() {
		return map(LaneControl::now);
	}

	/**
	 * What is known of each lane that has committed, or gone on from an earlier commit.
	 */
	List<LaneStatus> statuses() {
		return map(LaneControl::status);
	}

	private <V> List<V> map(Function<LaneControl, @Nullable V> property) {
		List<V> mapped = new ArrayList<>();
		for (LaneWorker worker : workers()) {
			V value = property.apply(worker.control());
			if (value != null) {
				mapped.add(value);
			}
		}
		return mapped;
	}

	/**
	 * What keeps the mill, or any lane, from its work.
	 */
	MillStatus.@Nullable Outage outage() {
		MillStatus.Outage own = this.outage.get();
		return (own != null) ? own
				: workers().stream()
					.map((worker) -> worker.control().outage().get())
					.filter(Objects::nonNull)
					.findFirst()
					.orElse(null);
	}

	/**
	 * Whether the mill gets on, as does the lane that got on least.
	 */
	MillLiveness liveness() {
		return map(LaneControl::liveness).stream()
			.filter((liveness) -> liveness.sinceProgress() != null)
			.max(Comparator.comparing(MillLiveness::sinceProgress))
			.orElse(MillLiveness.NOT_AT_WORK);
	}

	/**
	 * How many elements stand behind those that were passed, over all lanes.
	 */
	Map<String, Long> lags() {
		Map<String, Long> lags = new LinkedHashMap<>();
		map(LaneControl::lags).forEach((lane) -> lane.forEach((stream, lag) -> lags.merge(stream, lag, Long::sum)));
		return lags;
	}

	private <V extends @Nullable Object> V locked(Supplier<V> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Asks something of a mill, and of each of its lanes.
	 */
	@FunctionalInterface
	interface Wisher {

		void ask(MillWish wish);

	}

}
