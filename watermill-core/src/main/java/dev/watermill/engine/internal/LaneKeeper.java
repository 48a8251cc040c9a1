package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;
import dev.watermill.engine.MillPhase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lanes of a mill, from one start of it to its end: finds how many there are,
 * has them started, and sees when they are over. Used by one thread, which a mill with a
 * single lane that nobody else may have gives to that lane.
 */
final class LaneKeeper {

	private static final Logger logger = LoggerFactory.getLogger(LaneKeeper.class);

	/**
	 * A broker is back at some time: nobody waits longer until it is asked again.
	 */
	private static final Duration LONGEST_PAUSE_WHILE_AWAY = Duration.ofSeconds(1);

	private final MillPlan plan;

	private final Lanes lanes;

	/** Whether the thread was made for this, so that nobody needs it otherwise. */
	private final boolean ownThread;

	private boolean interrupted;

	LaneKeeper(MillPlan plan, Lanes lanes, boolean ownThread) {
		this.plan = plan;
		this.lanes = lanes;
		this.ownThread = ownThread;
	}

	/**
	 * Whether the thread was interrupted, which is its caller's to know.
	 */
	boolean wasInterrupted() {
		return this.interrupted;
	}

	/**
	 * Keep the lanes until the mill is over.
	 * @return how it ended
	 */
	MillPhase keep() {
		MillPhase end;
		try {
			end = keepLanes();
		}
		catch (InterruptedException ex) {
			this.interrupted = true;
			end = failed(new IllegalStateException("The thread that runs the mill '" + this.plan.name()
					+ "' was interrupted. Use stop() to stop a mill, or start() to give it a thread of its own.", ex));
		}
		catch (Throwable ex) {
			end = failed(ex);
		}
		this.lanes.ownOutage().clear();
		return end;
	}

	private MillPhase failed(Throwable ex) {
		logger.error("Mill '{}' failed: {}", this.plan.name(), ex.getMessage(), ex);
		this.lanes.workers().forEach(LaneWorker::stop);
		this.lanes.workers().forEach(this::awaitEnd);
		this.lanes.close();
		return new MillPhase.Failed(ex);
	}

	private void awaitEnd(LaneWorker worker) {
		while (!worker.hasEnded() && worker.isAtWork()) {
			try {
				worker.awaitEnd(LONGEST_PAUSE_WHILE_AWAY);
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
				worker.abandon();
			}
		}
	}

	private MillPhase keepLanes() throws InterruptedException {
		LaneCount count = patiently(() -> LaneCount.of(this.plan));
		if (count == null) {
			return this.lanes.close();
		}
		int number = count.lanes();
		if (!prepare(number)) {
			return this.lanes.close();
		}
		if (!count.isPartitioned()) {
			return keepOne();
		}
		MillRun run = patiently(() -> MillRun.of(this.plan, number));
		if (run == null) {
			return this.lanes.close();
		}
		this.lanes.open(false);
		IntStream.range(0, number).forEach((lane) -> start(lane, run.number()));
		return keepAll();
	}

	/**
	 * Let outputs have a partition for each lane.
	 * @return {@code false} if the mill is to end
	 */
	private boolean prepare(int number) throws InterruptedException {
		return patiently(() -> {
			this.plan.outputs().forEach((output) -> output.sink().prepare(number));
			return number;
		}) != null;
	}

	private MillPhase keepOne() {
		LaneId lane = new LaneId(this.plan.name(), 0);
		if (this.ownThread) {
			Thread.currentThread().setName(lane.toString());
		}
		this.lanes.open(false);
		this.interrupted = this.lanes.work(new LaneTerms(lane, 0, null), this.ownThread);
		return this.lanes.close();
	}

	private void start(int lane, int run) {
		this.lanes.start(new LaneTerms(new LaneId(this.plan.name(), lane), run, null));
	}

	/**
	 * All lanes of the mill are here: it is over when they are.
	 */
	private MillPhase keepAll() throws InterruptedException {
		while (true) {
			long changes = this.lanes.changes();
			List<LaneWorker> workers = this.lanes.workers();
			if (workers.stream().noneMatch(LaneWorker::isAtWork)) {
				return this.lanes.close();
			}
			if (workers.stream().anyMatch((worker) -> worker.control().phase() instanceof MillPhase.TakenOver)) {
				// who has one of them is going to have all
				workers.forEach(LaneWorker::stop);
			}
			await(changes, this.plan.sharing().betweenLooks());
		}
	}

	/**
	 * Ask a broker until it answers.
	 * @return the answer, {@code null} if the mill is to end
	 */
	private <V> @Nullable V patiently(Supplier<V> ask) throws InterruptedException {
		for (int attempt = 1; !this.lanes.wish().isStop(); attempt++) {
			long changes = this.lanes.changes();
			try {
				V answer = ask.get();
				this.lanes.ownOutage().answered();
				return answer;
			}
			catch (BrokerUnavailableException ex) {
				this.lanes.ownOutage().begins(String.valueOf(ex.getMessage()));
				Duration pause = this.plan.failure().retry().pauseAfter(attempt);
				await(changes, (pause.compareTo(LONGEST_PAUSE_WHILE_AWAY) < 0) ? pause : LONGEST_PAUSE_WHILE_AWAY);
			}
		}
		return null;
	}

	private void await(long changes, Duration atMost) throws InterruptedException {
		try {
			this.lanes.awaitChange(changes, atMost);
		}
		catch (InterruptedException ex) {
			if (!this.ownThread) {
				throw ex;
			}
			logger.warn("Mill '{}': its thread was interrupted by somebody, which is no stop; it goes on",
					this.plan.name());
		}
	}

}
