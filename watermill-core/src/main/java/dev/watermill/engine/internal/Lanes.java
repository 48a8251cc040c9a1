package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import dev.watermill.engine.MillPhase;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a mill that are here, each with a thread of its own: what is asked of the
 * mill is asked of each of them, and what the mill does is what they do together.
 * {@link LaneKeeper} decides which ones are here. Thread-safe.
 */
final class Lanes implements LaneControl.Listener {

	/** How many lanes wait no longer than a single one would. */
	private static final int AS_MANY_AS_WAKE_UP = 10;

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

	/** Until a mill that failed as a whole is started again. */
	private final RestartPause restart = new RestartPause();

	/** What is asked of the mill. */
	private final MillWish wish = new MillWish();

	private final SortedMap<Integer, LaneWorker> workers = new TreeMap<>();

	/** How many lanes there are, to be read without the lock. */
	private volatile int size;

	/** Lanes that are not here any more, in whose function a thread still is. */
	private final Map<Integer, LaneWorker> abandoned = new HashMap<>();

	/** Those of an earlier start of the mill, which have no say any more. */
	private Set<LaneWorker> earlier = Set.of();

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

	RestartPause restart() {
		return this.restart;
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
			this.workers.values().forEach((worker) -> worker.control().wish(asked));
			publish();
			return null;
		});
		this.permits.wake();
		if (this.wish.isStop()) {
			this.restart.end();
		}
		this.phase.tell();
	}

	/**
	 * The mill is started: lanes may begin. Those of an earlier start, of which one may
	 * still be in a call that does not end, are asked nothing.
	 */
	void begin() {
		locked(() -> {
			this.wish.run();
			beginAgain();
			return null;
		});
	}

	/**
	 * Wait until the mill, which has failed as a whole, is started again, as far as
	 * nobody wishes it to stop. Lanes may begin then.
	 * @param interrupted what to do if the thread is interrupted
	 */
	void awaitRestart(Restarts.Restart next, Runnable interrupted) {
		this.restart.begin();
		this.phase.become(next.phase());
		if (!this.wish.isStop()) {
			this.restart.await(next.pause(), interrupted);
		}
		if (!this.wish.isStop()) {
			this.counters.ownRestarts().increment();
		}
		locked(() -> {
			beginAgain();
			return null;
		});
		this.restart.over();
	}

	private void beginAgain() {
		this.closed = false;
		this.earlier = Set.copyOf(this.workers.values());
	}

	/**
	 * Interrupt all that work, after they were told to end.
	 */
	void interrupt() {
		workers().forEach(LaneWorker::abandon);
	}

	/**
	 * Whether one of the lanes works on the calling thread.
	 */
	boolean isCurrentThread() {
		return workers().stream().anyMatch(LaneWorker::isCurrentThread);
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
	 * @return whether it was taken
	 */
	boolean start(LaneTerms terms) {
		LaneWorker worker = take(terms);
		if (worker != null) {
			worker.start(this.classLoader);
		}
		return worker != null;
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
				control.known().follows(former.control().known());
			}
			LaneWorker worker = new LaneWorker(this.plan, terms, control, this.counters.lane(number), former);
			this.workers.put(number, worker);
			this.size = this.workers.size();
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
	 * Take up those lanes again that have failed since the mill was started, and do not
	 * wait any longer for what is going to be started again.
	 * @return {@code false} if the mill is over
	 */
	boolean retake() {
		boolean taken = false;
		for (LaneWorker worker : locked(this::current)) {
			MillPhase seen = worker.control().phase();
			// what goes on may be over before anybody looks at it again
			taken |= seen instanceof MillPhase.Restarting
					|| (seen instanceof MillPhase.Failed && start(worker.terms()));
			worker.control().hurry();
		}
		this.restart.end();
		return taken || this.restart.isOn() || !locked(() -> this.closed);
	}

	/**
	 * Let go of all lanes that were here before the mill was started.
	 */
	void leaveAll() {
		leave(locked(() -> List.copyOf(this.workers.keySet())));
	}

	/**
	 * Let go of lanes, which are not to be seen here any more. Whoever still works on one
	 * commits nothing.
	 */
	void leave(Collection<Integer> numbers) {
		List<LaneWorker> left = locked(() -> {
			List<LaneWorker> atWork = new ArrayList<>();
			for (Integer number : List.copyOf(numbers)) {
				LaneWorker worker = this.workers.remove(number);
				LaneWorker working = (worker != null) ? worker.unfinished() : null;
				if (worker != null && working != null) {
					this.abandoned.put(number, working);
					atWork.add(worker);
				}
			}
			this.size = this.workers.size();
			publish();
			return atWork;
		});
		left.forEach(LaneWorker::abandon);
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

	/**
	 * The more lanes there are the longer they wait, so that not too many wake up at a
	 * time for nothing.
	 */
	@Override
	public Duration longestWait() {
		return LaneWaiting.LONGEST.multipliedBy(1 + this.size / AS_MANY_AS_WAKE_UP);
	}

	@Override
	public void troubled(Throwable cause) {
		this.phase.troubled(cause);
	}

	/**
	 * Publish what the mill does, and wake up who waits for that.
	 */
	private void publish() {
		MillPhase next = this.open ? LanePhases.together(phases(), this.staying, this.wish.get() == MillWish.Wish.PAUSE)
				: null;
		if (next != null && !next.equals(this.phase.get())) {
			this.phase.set(next);
		}
		this.changes++;
		this.changed.signalAll();
	}

	private Map<Integer, MillPhase> phases() {
		Map<Integer, MillPhase> phases = new TreeMap<>();
		current().forEach((worker) -> phases.put(worker.terms().lane().lane(), worker.control().phase()));
		return phases;
	}

	/**
	 * Those that were taken since the mill was started.
	 */
	private List<LaneWorker> current() {
		return this.workers.values().stream().filter((worker) -> !this.earlier.contains(worker)).toList();
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
			return LanePhases.gravest(phases().values());
		});
	}

	/**
	 * Note that nothing is committed of any lane.
	 */
	void forget() {
		workers().forEach((worker) -> worker.control().known().resumedFrom(null));
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
