package dev.watermill;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Membership;
import dev.watermill.broker.ReservedName;
import dev.watermill.count.MillCounters;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.Output;
import dev.watermill.engine.internal.MillPlan;
import dev.watermill.engine.internal.MillRunner;
import dev.watermill.join.JoinTree;
import dev.watermill.window.WindowPolicy;

/**
 * One processing function at work on the join of ordered streams: exactly once,
 * restartable, in constant memory. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Mill {

	private final MillRunner runner;

	Mill(MillPlan plan) {
		this.runner = new MillRunner(plan);
	}

	/**
	 * Begin to build a mill.
	 * @param name its name, by which its positions are known
	 * @return a builder
	 */
	public static MillBuilder builder(String name) {
		return new MillBuilder(name);
	}

	/**
	 * The name of the mill.
	 * @return the name
	 */
	public String name() {
		return this.runner.plan().name();
	}

	/**
	 * What is joined with what.
	 * @return the join tree
	 */
	public JoinTree tree() {
		return this.runner.plan().tree();
	}

	/**
	 * How the master is cut into windows.
	 * @return the policy
	 */
	public WindowPolicy window() {
		return this.runner.plan().window();
	}

	/**
	 * How many deliveries each of its lanes may have open at once.
	 * @return the number, empty if its function answers at once
	 */
	public OptionalInt maxInFlight() {
		MillPlan plan = this.runner.plan();
		return plan.asynchronous() ? OptionalInt.of(plan.settings().limits().maxInFlight()) : OptionalInt.empty();
	}

	/**
	 * Where results go.
	 * @return the output streams
	 */
	public List<Output> outputs() {
		return this.runner.plan().outputs();
	}

	/**
	 * Where dead letters go.
	 * @return the places by the names of the streams whose dead letters are written
	 * there; those of one place are one object, and streams that can have no dead letters
	 * are not among them
	 */
	public Map<String, Output> deadLetters() {
		Map<String, Output> places = new LinkedHashMap<>();
		this.runner.plan()
			.deadLetters()
			.forEach((place) -> place.streams().forEach((stream) -> places.put(stream, place.output())));
		return Collections.unmodifiableMap(places);
	}

	/**
	 * Where positions are committed.
	 * @return a text for people
	 */
	public String commitPlace() {
		return this.runner.commitPlace();
	}

	/**
	 * The names under which brokers keep what belongs to this mill alone; another mill
	 * that has one of them would be in its way.
	 * @return what of the mill each belongs to, for people
	 */
	public Map<ReservedName, String> reservedNames() {
		return this.runner.reservedNames();
	}

	/**
	 * What is known of the mill now.
	 * @return the status
	 */
	public MillStatus status() {
		return this.runner.status();
	}

	/**
	 * What the mill is doing.
	 * @return the state
	 */
	public MillState state() {
		return status().state();
	}

	/**
	 * What was counted.
	 * @return the counters
	 */
	public MillCounters counters() {
		return this.runner.counters();
	}

	/**
	 * What is known of the mill's lanes, as of their last commits.
	 * @return a status for each lane that has committed, also at an earlier start, in the
	 * order of their numbers
	 */
	public List<LaneStatus> lanes() {
		return this.runner.lanes();
	}

	/**
	 * The instances among which the lanes of this mill are shared out, with the lanes
	 * that each has. Asks the broker.
	 * @return the instances, none if one has all lanes
	 * @throws BrokerUnavailableException if the broker does not answer now
	 */
	public List<Membership.Peer> members() {
		return this.runner.members();
	}

	/**
	 * How many elements stand behind those that the mill has passed of each stream, up to
	 * the newest end that is known: as it is now, also while the mill itself hangs; of
	 * one that is not at work as of its last commit.
	 * @return the numbers by the names of the streams, without those that are unknown
	 */
	public Map<String, Long> lags() {
		return this.runner.lags();
	}

	/**
	 * Whether the mill gets on: what its thread does, since when nothing came of it, and
	 * how long the call of the function takes in which it is.
	 * @return what is seen of it now
	 */
	public MillLiveness liveness() {
		return this.runner.liveness();
	}

	/**
	 * Start the mill on threads of its own, unless it is at work. One that is at work
	 * takes up the lanes again that have failed, and one that is about to stop starts
	 * again when it has stopped. Returns at once; what happens is told by
	 * {@link #status()}.
	 * @throws IllegalStateException if it must not be started now, as when its
	 * application is about to close
	 */
	public void start() {
		this.runner.start();
	}

	/**
	 * Say that the mill is going to be started once something has happened; until then it
	 * is {@link MillState#STARTING}.
	 * @param detail what it waits for
	 */
	public void waitFor(String detail) {
		this.runner.waitFor(detail);
	}

	/**
	 * Run the mill on the calling thread until it completed, failed or was stopped. A
	 * mill whose streams have partitions gives each of its lanes a thread of its own, and
	 * the caller's waits for them.
	 * @return the state in which it ended
	 * @throws IllegalStateException if it is at work already
	 */
	public MillState run() {
		return this.runner.run();
	}

	/**
	 * Tell the mill to stop: it finishes the delivery it is at, commits and stops.
	 * Returns at once.
	 */
	public void stop() {
		this.runner.stop();
	}

	/**
	 * End the mill now: its function is interrupted, and nothing is committed any more,
	 * so that the next start repeats what came after the last commit. For when what the
	 * function uses is about to go away; else {@link #stop()} is the way. Returns at
	 * once.
	 */
	public void abort() {
		this.runner.abort();
	}

	/**
	 * Tell the mill to pause, with its streams open. Returns at once.
	 */
	public void pause() {
		this.runner.pause();
	}

	/**
	 * Tell the mill to go on after a pause.
	 */
	public void resume() {
		this.runner.resume();
	}

	/**
	 * Forget the positions of a mill that is not at work; it starts from the beginning
	 * then.
	 * @throws IllegalStateException if it is at work, here or on another instance
	 * @throws BrokerUnavailableException if the broker does not answer now
	 */
	public void reset() {
		this.runner.reset();
	}

	/**
	 * Whether the mill works on the calling thread, which can't wait for its end then.
	 * @return {@code true} within its function, and within a listener that it calls
	 */
	public boolean isCurrentThread() {
		return this.runner.isCurrentThread();
	}

	/**
	 * Wait until the mill is not at work. Returns at once on a
	 * {@linkplain #isCurrentThread() thread of its own}.
	 * @param timeout how long to wait at most
	 * @return whether it is so
	 * @throws InterruptedException if the thread was interrupted
	 */
	public boolean awaitEnd(Duration timeout) throws InterruptedException {
		return this.runner.awaitEnd(timeout);
	}

}
