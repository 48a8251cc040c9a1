package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.CommitTimedOutException;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.count.internal.LaneCounters;
import dev.watermill.engine.LaneContext;
import dev.watermill.engine.MillActivity;
import dev.watermill.engine.MillListener;
import dev.watermill.join.internal.Group;
import dev.watermill.join.internal.MatchConsumer;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.stream.Position;
import dev.watermill.stream.StreamException;
import dev.watermill.window.internal.WindowTrigger;
import org.jspecify.annotations.Nullable;

/**
 * One run of a mill from its last commit on: merges, cuts windows, calls the function,
 * writes results and commits. Whatever goes wrong, the run is thrown away with all that
 * is not committed, and another one begins.
 * <p>
 * Between any two steps, and wherever the merge waits, the positions it can tell are
 * those of the next delivery; so a commit is right at any of these moments. Used by one
 * thread at a time, see {@link LongCalls}.
 */
final class Lane implements LaneContext, AutoCloseable {

	private static final Duration LONGEST_UNWATCHED = Duration.ofSeconds(1);

	private final MillPlan plan;

	private final LaneControl control;

	private final LaneSteps steps;

	private final LaneCounters counters;

	private final Failures failures;

	private final Completion completion;

	private final @Nullable WindowTrigger trigger;

	private final CommitLog log;

	private final Commits.Resumption start;

	private final MergeJoin join;

	private final CommitPacer pacer;

	private final LaneReporter reporter;

	/** The open window; without windows the element that is being delivered. */
	private Group window;

	private @Nullable Outputs openOutputs;

	private @Nullable Processing openProcessing;

	/** Where what is written can't stay uncommitted as long as a call may last. */
	private @Nullable LongCalls longCalls;

	/** How long it can. */
	private final @Nullable Duration timeLimit;

	/** The deliveries that are not in the counter yet. */
	private long delivered;

	/**
	 * Whether anything was processed, or a page turned, since the last commit.
	 */
	private boolean moved;

	/**
	 * The window key of the last master element that was read, and of the open window.
	 */
	private @Nullable Object readKey;

	private @Nullable Object windowKey;

	/** Made once, since the control is asked for every element. */
	private final Runnable whileWaiting = this::commitBeforeWaiting;

	Lane(MillPlan plan, CommitScope scope, LaneControl control, LaneCounters counters, Failures failures,
			Completion completion) {
		this.plan = plan;
		this.control = control;
		this.steps = control.steps();
		this.counters = counters;
		this.failures = failures;
		this.completion = completion;
		this.trigger = plan.isWindowed() ? WindowTrigger.of(plan.window(), plan.ticker()) : null;
		this.reporter = new LaneReporter(plan, scope.lane().lane(), counters);
		CommitPlace place = Commits.place(plan);
		this.log = place.open(scope);
		try {
			this.timeLimit = this.log.timeLimit().orElse(null);
			this.pacer = new CommitPacer(commitInterval(), plan.ticker());
			this.start = Commits.resume(plan, scope, this.log, place, completion);
			control.resumedFrom(this.start.fresh() ? null : this.start.from());
			this.join = new MergeJoin(plan.tree(), scope.lane(), this.start.from(), counters.nodes(), plan.isWindowed(),
					new LaneWaiting(plan, control, this));
			this.window = plan.isWindowed() ? this.join.newWindow() : this.join.newSingle();
		}
		catch (RuntimeException ex) {
			this.log.close();
			throw ex;
		}
	}

	/**
	 * How long results wait for their commit: never so long that they are lost.
	 */
	private Duration commitInterval() {
		Duration interval = this.plan.commitInterval();
		Duration safe = (this.timeLimit != null) ? this.timeLimit.dividedBy(3) : interval;
		return (safe.compareTo(interval) < 0) ? safe : interval;
	}

	/**
	 * Run until the streams are over or the mill is told to stop.
	 * @return whether the streams are over
	 */
	boolean run() {
		try {
			this.join.open();
			this.control.opened(this.join);
			this.steps.becomes(MillActivity.MERGING);
			if (this.start.completed() && !awaitNews()) {
				return true;
			}
			openOutputs();
			merge();
			this.join.checkOrder();
		}
		catch (StopSignal signal) {
			commitIfMoved();
			return false;
		}
		catch (StreamException ex) {
			// what was processed before the element that stops the mill is kept
			commitIfMoved();
			throw ex;
		}
		if (!isEndRequested()) {
			if (this.trigger != null && this.window.size() > 0) {
				deliver();
			}
			this.join.finish();
		}
		outputs().endOfStream();
		commit(true);
		return true;
	}

	private void merge() {
		try {
			this.join.run((this.trigger != null) ? new IntoWindows(this.trigger) : this::deliverShown);
		}
		catch (StopSignal signal) {
			if (signal != StopSignal.ENDED) {
				throw signal;
			}
		}
	}

	/**
	 * Wait until something new stands in the streams of a mill that had completed.
	 * @return {@code false} if nothing is to be waited for
	 */
	private boolean awaitNews() {
		while (true) {
			this.control.check(this.whileWaiting);
			switch (this.join.look(LaneWaiting.LONGEST)) {
				case SOME -> {
					return true;
				}
				case NEVER -> {
					return false;
				}
				case NONE -> {
					if (!this.plan.waitsForMore()) {
						return false;
					}
				}
				case UNKNOWN -> {
				}
			}
			this.steps.restsAs(MillActivity.IDLE);
			commitBeforeWaiting();
		}
	}

	private void openOutputs() {
		Checkpoint from = this.start.fresh() ? null : this.start.from();
		this.openOutputs = new Outputs(this.plan, from, this.log, this.counters);
		if (this.timeLimit != null) {
			Duration every = Collections
				.min(List.of(commitInterval(), this.timeLimit.dividedBy(10), LONGEST_UNWATCHED));
			this.longCalls = new LongCalls(this.control.lane().toString(), every, this::commitDuringCall);
		}
		this.openProcessing = new Processing(this.plan, this.failures, this.openOutputs, this, this.steps,
				this.longCalls);
		if (this.start.fresh() || this.start.completed()) {
			// so that whatever is in an output from now on, a checkpoint names it
			commit(false);
		}
	}

	private Outputs outputs() {
		return Objects.requireNonNull(this.openOutputs);
	}

	private Processing processing() {
		return Objects.requireNonNull(this.openProcessing);
	}

	private boolean isEndRequested() {
		return processing().isEndRequested();
	}

	/**
	 * Deliver the master element that is shown. Those that are skipped cost nothing here:
	 * what others wish, and whether a commit is due, is seen wherever the merge reads on,
	 * too.
	 * @return whether to go on
	 */
	private boolean deliverShown() {
		this.control.check(this.whileWaiting);
		if (this.pacer.isDue()) {
			commit(false);
		}
		deliver();
		return !isEndRequested();
	}

	private boolean closesBefore(WindowTrigger trigger) {
		while (true) {
			try {
				return trigger.closesBefore(this.join.element(), this.readKey);
			}
			catch (Throwable ex) {
				repeats(windowFailed(ex));
			}
		}
	}

	/**
	 * Deliver what is in {@link #window} and make it empty.
	 */
	private void deliver() {
		if (processing().process(this.window)) {
			this.delivered++;
			if (this.trigger != null) {
				this.join.delivered(this.window);
			}
		}
		else {
			this.counters.skippedDeliveries().increment();
			this.steps.moved();
			this.join.failed(this.window);
		}
		passed();
	}

	private void passed() {
		if (this.trigger != null) {
			this.join.release(this.window);
			this.counters.windowSize(0);
		}
		this.moved = true;
	}

	/**
	 * Where the delivery that is processed begins.
	 */
	@Nullable Position deliveryPosition() {
		return this.join.masterPosition();
	}

	/**
	 * Where it begins, for people.
	 */
	String deliveryOrigin() {
		return this.join.origin();
	}

	private ProcessingException windowFailed(Throwable cause) {
		return new ProcessingException(this.plan.name(), "the window function failed at " + this.join.elementOrigin(),
				this.join.elementPosition(), ProcessingException.Kind.WINDOW, false, cause);
	}

	/**
	 * Decide whether what failed is repeated, and pause until it shall be. What came
	 * before it is committed, so that nothing else is repeated.
	 * @return {@code false} if it is to be passed over
	 * @throws ProcessingException if the run can't go on
	 */
	boolean repeats(ProcessingException ex) {
		if (ex.isPartlyWritten() || ex.kind() == ProcessingException.Kind.FATAL || this.control.isAborted()) {
			throw ex;
		}
		commitIfMoved();
		return switch (this.failures.judge(ex)) {
			case REPEAT -> {
				this.steps.becomes(MillActivity.RETRYING);
				this.control.pauseFor(this.failures.pause(ex));
				this.control.check(this.whileWaiting);
				this.steps.becomes(MillActivity.MERGING);
				yield true;
			}
			case SKIP -> false;
			case FAIL -> throw ex;
		};
	}

	/**
	 * Commit what came before the call of the function that lasts. Called while it does,
	 * by another thread.
	 */
	private void commitDuringCall() {
		if ((isMoved() && this.pacer.isOver()) || this.pacer.isForgettable()) {
			commit(false);
		}
	}

	void commitIfMoved() {
		if (isMoved() && !this.control.isAborted()) {
			commit(false);
		}
	}

	/**
	 * Commit what is there before waiting, for however long; and again while waiting,
	 * before a broker forgets it.
	 */
	void commitBeforeWaiting() {
		if (this.openOutputs != null) {
			if (isMoved() || this.pacer.isForgettable()) {
				commit(false);
			}
		}
		else if (this.start.completed()) {
			if (this.pacer.isForgettable() || (this.join.hasMoved() && this.pacer.isOver())) {
				commitWithoutNews();
			}
		}
		else if (!this.start.fresh() && this.pacer.isForgettable()) {
			this.log.commit(this.start.from());
			this.pacer.committed(this.plan.ticker().getAsLong());
		}
	}

	/**
	 * Commit where a mill stands that had completed and found nothing new since.
	 */
	private void commitWithoutNews() {
		Checkpoint from = this.start.from();
		Checkpoint checkpoint = new Checkpoint(this.join.positionsWithoutNews(from), from.outputs(), true);
		this.log.commit(checkpoint);
		this.completion.before(checkpoint);
		this.join.committed(checkpoint);
		this.pacer.committed(this.plan.ticker().getAsLong());
	}

	private boolean isMoved() {
		return this.moved || this.join.hasMoved();
	}

	/**
	 * Bring counters up to date, which is not done for each delivery.
	 */
	private void tell() {
		this.control.skips().tick();
		this.counters.sample(this.plan.ticker().getAsLong());
		this.counters.deliveries().add(this.delivered);
		this.delivered = 0;
		if (this.openOutputs != null) {
			this.openOutputs.tell();
		}
	}

	private void commit(boolean completed) {
		if (this.control.isAborted()) {
			throw StopSignal.ABORTED;
		}
		tell();
		this.steps.becomes(MillActivity.COMMITTING);
		long start = this.plan.ticker().getAsLong();
		Map<String, Position> lengths = outputs().flush();
		Map<String, Checkpoint.Input> inputs = completed ? this.join.completedPositions(isEndRequested())
				: this.join.positions();
		Checkpoint checkpoint = new Checkpoint(inputs, lengths, completed);
		if (completed) {
			this.completion.attempted(checkpoint);
		}
		try {
			this.log.commit(checkpoint);
		}
		catch (CommitTimedOutException ex) {
			throw new CommitTimedOutException(ex.getMessage() + " It was the delivery before " + deliveryOrigin() + ".",
					ex);
		}
		if (!completed) {
			this.completion.before(checkpoint);
		}
		outputs().committed(completed);
		if (completed) {
			Commits.completed(this.plan, this.control.lane());
		}
		this.join.committed(checkpoint);
		this.control.committed(this.reporter.report(checkpoint, this.join));
		this.steps.becomes(MillActivity.MERGING);
		this.moved = false;
		long end = this.plan.ticker().getAsLong();
		this.pacer.committed(end);
		MillListener listener = this.plan.listener();
		if (listener != null) {
			listener.committed(end - start);
		}
	}

	/**
	 * Note that a stream goes on to its next page.
	 * @param consumed whether anything of it was passed
	 */
	void beforePage(boolean consumed) {
		tell();
		if (consumed) {
			this.steps.moved();
		}
		this.moved |= consumed;
		this.control.check(this.whileWaiting);
		if (isMoved() && this.pacer.isOver()) {
			commit(false);
		}
	}

	/**
	 * Note that nothing more is there for now.
	 * @return the longest wait for more, {@code next} or less
	 */
	Duration idle(Duration next) {
		if (outputs().isWritten() || (isMoved() && this.pacer.isOver()) || this.pacer.isForgettable()) {
			commit(false);
		}
		Duration wait = (isMoved() && this.plan.commitInterval().compareTo(next) < 0) ? this.plan.commitInterval()
				: next;
		return (this.trigger != null && this.window.size() > 0) ? this.trigger.untilClose(wait) : wait;
	}

	/**
	 * Deliver the open window if nothing that comes can get into it any more.
	 * @param pollTimedOut whether nothing came for as long as the poll time-out
	 */
	void timedOut(boolean pollTimedOut) {
		if (this.trigger != null && this.window.size() > 0 && closesWithout(this.trigger, pollTimedOut)) {
			deliver();
			if (isEndRequested()) {
				throw StopSignal.ENDED;
			}
		}
	}

	private boolean closesWithout(WindowTrigger trigger, boolean pollTimedOut) {
		while (true) {
			try {
				return trigger.closesWithout(pollTimedOut);
			}
			catch (Throwable ex) {
				repeats(windowFailed(ex));
			}
		}
	}

	@Override
	public String mill() {
		return this.plan.name();
	}

	@Override
	public int lane() {
		return this.control.lane().lane();
	}

	@Override
	public @Nullable Object key() {
		return (this.plan.tree().windowKey() != null) ? this.windowKey : undisturbed(this.join::key);
	}

	@Override
	public Map<String, String> positions() {
		return undisturbed(this.join::origins);
	}

	@Override
	public @Nullable ElementMetadata metadata() {
		return undisturbed(this.join::metadata);
	}

	private <V extends @Nullable Object> V undisturbed(Supplier<V> source) {
		return (this.longCalls != null) ? this.longCalls.get(source) : source.get();
	}

	@Override
	public void endOfStream() {
		processing().endOfStream();
	}

	@Override
	public void close() {
		if (this.control.isAborted()) {
			// it was for the function, and would keep clients from closing
			Thread.interrupted();
		}
		if (this.longCalls != null) {
			this.longCalls.close();
		}
		tell();
		this.control.closing();
		// the lock on the place of commits goes last, and whatever else fails
		try (CommitLog held = this.log; Outputs open = this.openOutputs) {
			this.join.close();
		}
	}

	/**
	 * Puts master elements into the open window, or the next one.
	 */
	private final class IntoWindows implements MatchConsumer.OfAll {

		private final WindowTrigger trigger;

		IntoWindows(WindowTrigger trigger) {
			this.trigger = trigger;
		}

		@Override
		public boolean arrived() {
			Lane lane = Lane.this;
			lane.control.check(lane.whileWaiting);
			lane.readKey = (lane.plan.tree().windowKey() != null) ? lane.join.windowKey() : null;
			if (closesBefore(this.trigger) && lane.window.size() > 0) {
				deliver();
				if (isEndRequested()) {
					return false;
				}
			}
			if (lane.pacer.isDue()) {
				commit(false);
			}
			return true;
		}

		@Override
		public boolean matched() {
			Lane lane = Lane.this;
			if (lane.window.size() == 0) {
				this.trigger.opened();
				lane.windowKey = lane.readKey;
			}
			else if (lane.window.size() == lane.plan.maxWindowSize()) {
				throw new StreamException(lane.plan.tree().nodes().get(0).stream(),
						"at " + lane.join.elementOrigin() + ": the open window has more than "
								+ lane.plan.maxWindowSize()
								+ " elements. Choose smaller windows, or raise max-window-size.",
						null);
			}
			lane.join.addTo(lane.window);
			lane.counters.windowSize(lane.window.size());
			return true;
		}

	}

}
