package dev.watermill.engine.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.count.internal.CommittedCounter;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.count.internal.OneWriterCounter;
import dev.watermill.join.internal.StreamAccount;
import dev.watermill.join.internal.StreamAccount.TakenUp;
import org.jspecify.annotations.Nullable;

/**
 * What one lane of a mill counted since the mill was made. Written by the lane's thread;
 * all others see what is committed, so that a run that is thrown away takes along what it
 * counted.
 */
final class LaneCounters {

	private final MillSums mill;

	private final Map<String, NodeCounters> nodes = new LinkedHashMap<>();

	private final Map<String, StreamAccount> accounts = new LinkedHashMap<>();

	private final Map<String, CommittedCounter> results = new LinkedHashMap<>();

	private final CommittedCounter deliveries = new CommittedCounter();

	private final CommittedCounter skippedDeliveries = new CommittedCounter();

	private final OneWriterCounter restarts = new OneWriterCounter();

	/** What was committed last, {@code null} if nothing is known of that. */
	private @Nullable Checkpoint committed;

	/** What was to be committed, until that is known to have happened. */
	private @Nullable Checkpoint tried;

	/** Who tries to commit in this run. */
	private String session = "";

	private volatile int windowSize;

	private volatile int inFlight;

	LaneCounters(MillSums mill, Collection<String> nodes, Collection<String> outputs) {
		this.mill = mill;
		nodes.forEach((stream) -> this.nodes.put(stream, new NodeCounters()));
		this.nodes.forEach((stream, counters) -> this.accounts.put(stream, new StreamAccount(counters)));
		outputs.forEach((stream) -> this.results.put(stream, new CommittedCounter()));
	}

	/**
	 * A run begins. What another one counted before it is what that has committed.
	 * @param start where it begins
	 * @param nextSession who commits in it
	 */
	void begins(Commits.Resumption start, String nextSession) {
		boolean happened = isAt(this.tried, start) && isOwn(start.reachedIn());
		if (happened) {
			publish();
		}
		else {
			rollBack();
		}
		TakenUp taken = happened ? TakenUp.TRIED_COMMIT
				: isAt(this.committed, start) ? TakenUp.LAST_COMMIT : TakenUp.ELSEWHERE;
		this.accounts.values().forEach((account) -> account.begins(taken));
		this.tried = null;
		this.session = nextSession;
		this.committed = start.fresh() ? null : start.from();
	}

	private static boolean isAt(@Nullable Checkpoint known, Commits.Resumption start) {
		return known != null && !start.fresh() && known.completed() == start.from().completed()
				&& places(known).equals(places(start.from()));
	}

	/**
	 * What tells one commit from another. Some keys are too long to be kept.
	 */
	private static Map<String, Checkpoint.Input> places(Checkpoint checkpoint) {
		Map<String, Checkpoint.Input> places = new LinkedHashMap<>();
		checkpoint.inputs()
			.forEach((stream, input) -> places.put(stream,
					new Checkpoint.Input(input.position(), Map.of(), input.letters())
						.withDelivered(input.delivered())));
		return places;
	}

	/**
	 * Whether it was this instance that got to where commits stand: another one that had
	 * the lane meanwhile may have come to just where this one could not commit.
	 */
	private boolean isOwn(String reachedIn) {
		return reachedIn.isEmpty() || reachedIn.equals(this.session);
	}

	/**
	 * What was counted is about to be committed.
	 */
	void tries(Checkpoint checkpoint) {
		this.tried = checkpoint;
	}

	/**
	 * What was counted is committed, so that all may see it.
	 */
	void committed(Checkpoint checkpoint) {
		this.committed = checkpoint;
		this.tried = null;
		publish();
	}

	/**
	 * The last commit of all happened, which was not answered.
	 * @param reachedIn by whom
	 */
	void happened(String reachedIn) {
		if (this.tried != null && isOwn(reachedIn)) {
			this.accounts.values().forEach((account) -> account.begins(TakenUp.TRIED_COMMIT));
			committed(this.tried);
		}
	}

	private void publish() {
		this.results.values().forEach(CommittedCounter::publish);
		this.deliveries.publish();
		this.skippedDeliveries.publish();
	}

	private void rollBack() {
		this.results.values().forEach(CommittedCounter::rollBack);
		this.deliveries.rollBack();
		this.skippedDeliveries.rollBack();
	}

	/**
	 * What keeps account of the elements at each node of the join tree.
	 * @return the accounts by the name of the stream
	 */
	Map<String, StreamAccount> accounts() {
		return Collections.unmodifiableMap(this.accounts);
	}

	/**
	 * What is counted at each node of the join tree.
	 * @return the counters by the name of the stream
	 */
	Map<String, NodeCounters> nodes() {
		return Collections.unmodifiableMap(this.nodes);
	}

	/**
	 * The results that were written.
	 * @return the counters by the name of the output stream
	 */
	Map<String, CommittedCounter> results() {
		return Collections.unmodifiableMap(this.results);
	}

	/**
	 * The deliveries that were processed.
	 * @return the counter
	 */
	CommittedCounter deliveries() {
		return this.deliveries;
	}

	/**
	 * The deliveries that were passed over since the function failed for them.
	 * @return the counter
	 */
	CommittedCounter skippedDeliveries() {
		return this.skippedDeliveries;
	}

	/**
	 * The times that the lane was started again by itself.
	 * @return the counter
	 */
	OneWriterCounter restarts() {
		return this.restarts;
	}

	/**
	 * Whether nothing that was read got into any delivery so far.
	 * @return {@code true} if so
	 */
	boolean isNothingMatched() {
		return this.deliveries.get() + this.skippedDeliveries.get() + this.windowSize + this.inFlight == 0;
	}

	/**
	 * Set how many elements the open windows have.
	 * @param size the number
	 */
	void windowSize(int size) {
		this.windowSize = size;
	}

	/**
	 * Set how many deliveries are open.
	 * @param deliveries the number
	 */
	void inFlight(int deliveries) {
		this.inFlight = deliveries;
	}

	int inFlight() {
		return this.inFlight;
	}

	int windowSize() {
		return this.windowSize;
	}

	/**
	 * Take samples of the rates of the mill, after the counters were brought up to date.
	 * @param now the time in nanoseconds
	 */
	void sample(long now) {
		this.mill.sample(now);
	}

}
