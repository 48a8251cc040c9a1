package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillStatus;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a mill at work here, each on a thread of its own: for now there is one. A
 * mill is over when all of them are. Thread-safe.
 */
final class Lanes {

	private final MillPlan plan;

	private final MillSums counters;

	private final List<LaneControl> controls;

	private final Consumer<MillPhase> whenOver;

	/** Of whoever built the mill, and so of those whose code it calls. */
	private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();

	private final ReentrantLock lock = new ReentrantLock();

	/** Who works on each lane, so that it can be interrupted. */
	private final Map<LaneControl, Thread> workers = new LinkedHashMap<>();

	private final List<MillPhase> ends = new ArrayList<>();

	/**
	 * Create the lanes of a mill, none of which is at work.
	 * @param whenOver is given how the mill ended, by the thread of the lane that was
	 * last
	 */
	Lanes(MillPlan plan, MillWish wish, PublishedPhase phase, MillSums counters, Consumer<MillPhase> whenOver) {
		this.plan = plan;
		this.counters = counters;
		this.controls = Commits.lanes(plan).stream().map((lane) -> new LaneControl(plan, lane, wish, phase)).toList();
		this.whenOver = whenOver;
	}

	/**
	 * Start each lane on a thread of its own.
	 */
	void start() {
		List<Thread> threads = new ArrayList<>();
		this.lock.lock();
		try {
			this.ends.clear();
			for (LaneControl control : this.controls) {
				Thread thread = thread(control);
				this.workers.put(control, thread);
				threads.add(thread);
			}
		}
		finally {
			this.lock.unlock();
		}
		threads.forEach(Thread::start);
	}

	/**
	 * Make a thread that has nothing of whoever starts it: a web server's thread, for
	 * one, would hand on that it is a daemon, its class loader, and who is logged in.
	 */
	private Thread thread(LaneControl control) {
		Thread thread = new Thread(null, () -> work(control, true), control.lane().toString(), 0, false);
		thread.setDaemon(false);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(this.classLoader);
		return thread;
	}

	/**
	 * Run the only lane on the calling thread.
	 * @return whether that thread was interrupted meanwhile
	 */
	boolean run() {
		LaneControl only = this.controls.get(0);
		this.lock.lock();
		try {
			this.ends.clear();
			this.workers.put(only, Thread.currentThread());
		}
		finally {
			this.lock.unlock();
		}
		work(only, false);
		return only.wasInterrupted();
	}

	private void work(LaneControl control, boolean own) {
		control.begins(own);
		MillPhase end = new MillPhase.Stopped();
		try {
			end = new LaneRunner(this.plan, control, this.counters.lane(control.lane().lane())).run();
			control.skips().publish();
		}
		finally {
			control.ends();
			ended(control, end);
		}
	}

	private void ended(LaneControl control, MillPhase end) {
		boolean over;
		this.lock.lock();
		try {
			this.workers.remove(control);
			this.ends.add(end);
			over = this.workers.isEmpty();
		}
		finally {
			this.lock.unlock();
		}
		if (over) {
			this.whenOver.accept(this.ends.stream().max(Comparator.comparingInt(Lanes::weight)).orElse(end));
		}
	}

	/**
	 * The end of a mill is the gravest of the ends of its lanes.
	 */
	private static int weight(MillPhase end) {
		return switch (end.state()) {
			case FAILED -> 3;
			case STOPPED -> (end instanceof MillPhase.TakenOver) ? 2 : 1;
			default -> 0;
		};
	}

	/**
	 * Interrupt the threads that work.
	 */
	void interrupt() {
		this.lock.lock();
		try {
			this.workers.values().forEach(Thread::interrupt);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Note that nothing is committed of any lane.
	 */
	void forget() {
		this.controls.forEach((control) -> control.resumedFrom(null));
	}

	/**
	 * What is known of each lane that has committed, or gone on from an earlier commit.
	 */
	List<LaneStatus> statuses() {
		return this.controls.stream().map(LaneControl::status).filter(Objects::nonNull).toList();
	}

	/**
	 * What keeps any lane from its work.
	 */
	MillStatus.@Nullable Outage outage() {
		for (LaneControl control : this.controls) {
			MillStatus.Outage outage = control.outage().get();
			if (outage != null) {
				return outage;
			}
		}
		return null;
	}

	/**
	 * Whether the mill gets on, as does the lane that got on least.
	 */
	MillLiveness liveness() {
		return this.controls.stream()
			.map(LaneControl::liveness)
			.filter((liveness) -> liveness.sinceProgress() != null)
			.max(Comparator.comparing(MillLiveness::sinceProgress))
			.orElse(MillLiveness.NOT_AT_WORK);
	}

	/**
	 * How many elements stand behind those that were passed, over all lanes.
	 */
	Map<String, Long> lags() {
		Map<String, Long> lags = new LinkedHashMap<>();
		for (LaneControl control : this.controls) {
			control.lags().forEach((stream, lag) -> lags.merge(stream, lag, Long::sum));
		}
		return lags;
	}

}
