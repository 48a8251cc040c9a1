package dev.watermill.join.internal;

import dev.watermill.count.internal.NodeCounters;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * Keeps account of the elements of one stream in one lane, over all runs of the lane, so
 * that always: read = in a delivery that succeeded + skipped + dead-lettered + still
 * held. Used by the lane's thread.
 * <p>
 * <b>Within a run</b> elements have numbers, from 0 on in the order of the stream. Each
 * is counted twice: when it is read, and, unless a delivery of it succeeded, when it is
 * let go. In between it is held.
 * <p>
 * <b>When a run is thrown away</b>, or ends with elements that are held, the counters go
 * back to the last commit. The next run takes the stream up before what was held then,
 * and reads again what stands behind that. Some of it was <em>settled</em> by that
 * commit: let go, or delivered. It is not counted any more. All others were held: they
 * were counted as read, and what becomes of them is counted as ever. So what a commit has
 * to tell the next run ({@link Again}) is how far the stream was read, and which of those
 * elements were not settled. It is known when the run ends: what is held then, and what
 * was settled since the commit. Nothing is noted for each element.
 *
 * @since 0.1.0
 */
public final class StreamAccount {

	private final NodeCounters counters;

	/** What this run reads again. */
	private Again again = Again.NOTHING;

	/** Before which number something else is to be done than to count. */
	private long watched;

	/** How often this run has committed. */
	private int commits = 1;

	/**
	 * Where the stream was at the last commit, and when positions were asked for last.
	 */
	private Place committed = Again.NOTHING.begin();

	private Place asked = Again.NOTHING.begin();

	/** What was not settled at the last commit and was since. */
	private final NumberRanges since = new NumberRanges();

	/** What is let go since the run ends. */
	private @Nullable NumberRanges held;

	/** Whether everything of the stream is settled, and whether that is committed. */
	private boolean finished;

	private boolean finishedForGood;

	/** Up to where rejected elements were counted by a run before this one. */
	private @Nullable Position rejectedTo;

	/**
	 * How many elements were counted as read that the lane held when it ended, and that
	 * are read by others since, or anew: the next ones are taken for them.
	 */
	private long owed;

	/** What is read again behind the last commit, and behind the one that was tried. */
	private Again afterCommit = Again.NOTHING;

	private Again afterTried = Again.NOTHING;

	/**
	 * Create an account of a stream of which nothing was read.
	 * @param counters where all is counted
	 */
	public StreamAccount(NodeCounters counters) {
		this.counters = counters;
	}

	NodeCounters counters() {
		return this.counters;
	}

	/**
	 * A run begins.
	 * @param taken where it takes the stream up
	 */
	public void begins(TakenUp taken) {
		if (taken == TakenUp.TRIED_COMMIT) {
			this.counters.publish();
		}
		else {
			this.counters.rollBack();
		}
		this.again = switch (taken) {
			case LAST_COMMIT -> this.afterCommit;
			case TRIED_COMMIT -> this.afterTried;
			case ELSEWHERE -> Again.owing(this.afterCommit.owed() + this.afterCommit.held().count(0));
		};
		this.afterCommit = this.again;
		this.afterTried = this.again;
		this.rejectedTo = this.again.rejectedTo();
		this.owed = this.again.owed();
		this.committed = this.again.begin();
		this.asked = this.committed;
		this.since.clear();
		this.held = null;
		this.finished = false;
		this.finishedForGood = false;
		this.commits = 1;
		this.watched = this.again.count();
	}

	/**
	 * Elements were passed by the cursor.
	 * @param from the number of the first of them
	 * @param to behind the last one
	 */
	void read(long from, long to) {
		long count = to - Math.max(from, Math.min(to, this.again.count()));
		if (this.owed > 0) {
			long taken = Math.min(this.owed, count);
			this.owed -= taken;
			count -= taken;
		}
		this.counters.read().add(count);
	}

	/**
	 * A rejected element was passed.
	 * @return whether it is counted, since no run before this one has
	 */
	boolean passes(Rejected rejected) {
		Position known = this.rejectedTo;
		if (known != null) {
			if (rejected.isBefore(known)) {
				return false;
			}
			this.rejectedTo = null;
		}
		this.counters.read().increment();
		(rejected.isDeadLetter() ? this.counters.deadLettered(rejected.reason())
				: this.counters.skipped(rejected.reason()))
			.increment();
		return true;
	}

	/**
	 * The number of the last commit. Deliveries succeed after one and before the next.
	 */
	int commits() {
		return this.commits;
	}

	/**
	 * Elements that were in no delivery that succeeded are let go.
	 * @param first the number of the first of them, which stand side by side
	 */
	void letGo(long first, int count, SkipReason reason, boolean deadLettered) {
		long counted = isWatched(first) ? settle(first, count) : count;
		(deadLettered ? this.counters.deadLettered(reason) : this.counters.skipped(reason)).add(counted);
	}

	/**
	 * Elements are let go that were held.
	 * @param first the number of the first of them, which stand side by side
	 * @param deliveredIn the number of the commit after which a delivery of them
	 * succeeded, 0 if none has
	 * @param failed whether one failed and was passed over
	 */
	void letGoHeld(long first, int count, int deliveredIn, boolean failed) {
		if (deliveredIn == 0) {
			letGo(first, count, failed ? SkipReason.FAILED : SkipReason.UNMATCHED, false);
		}
		else {
			letGoDelivered(first, count, deliveredIn);
		}
	}

	/**
	 * Whether there is more to do than to count, when an element is let go.
	 */
	boolean isWatched(long number) {
		return number < this.watched;
	}

	/**
	 * Elements are let go that were in a delivery that succeeded.
	 * @param first the number of the first of them, which stand side by side
	 * @param deliveredIn the number of the commit after which it did
	 */
	void letGoDelivered(long first, int count, int deliveredIn) {
		if (isWatched(first) && deliveredIn == this.commits) {
			for (long number = first; number < first + count; number++) {
				if (isOpen(number) && number < this.committed.number()) {
					this.since.add(number, number + 1);
				}
			}
		}
	}

	private long settle(long first, int count) {
		long settled = 0;
		for (long number = first; number < first + count; number++) {
			if (!isOpen(number)) {
				continue;
			}
			if (this.held != null) {
				this.held.add(number, number + 1);
				continue;
			}
			if (number < this.committed.number()) {
				this.since.add(number, number + 1);
			}
			settled++;
		}
		return settled;
	}

	/**
	 * Whether no run before this one has settled an element.
	 */
	private boolean isOpen(long number) {
		return number >= this.again.count() || this.again.held().contains(number);
	}

	/**
	 * Positions are asked for, and may be committed.
	 * @param resumed the number of the element at which the stream is taken up again
	 * @param number that of the next one that is read
	 * @param standing where that is
	 */
	void asked(long resumed, long number, @Nullable Position standing) {
		this.asked = new Place(resumed, number, (this.rejectedTo != null) ? this.rejectedTo : standing, this.owed);
	}

	/**
	 * What was asked for last was committed, so what was counted is so for good.
	 */
	void committed() {
		this.committed = this.asked;
		this.finishedForGood = this.finished;
		this.since.clear();
		this.commits++;
		this.watched = Math.max(this.again.count(), this.committed.number());
		this.counters.publish();
	}

	/**
	 * The merge has finished, and reads no more. What was held of a stream, that no other
	 * stream asked for again, matches nothing.
	 * @param number the number of the next element, up to which all is let go
	 */
	void finishes(long number) {
		this.counters.skipped(SkipReason.UNMATCHED).add(this.again.held().count(number));
		this.finished = true;
	}

	/**
	 * The run ends. All that is let go from now on was held.
	 */
	void ends() {
		this.held = new NumberRanges();
		this.watched = Long.MAX_VALUE;
	}

	/**
	 * The run has ended, and nothing is held any more.
	 */
	void ended() {
		NumberRanges open = this.held;
		if (open == null) {
			return;
		}
		this.afterTried = this.finished ? afterEnd(this.asked) : after(this.asked, open);
		this.since.addAll(open, 0, this.committed.number());
		this.afterCommit = this.finishedForGood ? afterEnd(this.committed) : after(this.committed, this.since);
	}

	/**
	 * What is read behind the end is new, also what a run before this one had read.
	 */
	private static Again afterEnd(Place place) {
		return new Again(0, NumberRanges.NONE, place.standing(), place.owed());
	}

	private Again after(Place place, NumberRanges open) {
		NumberRanges all = new NumberRanges();
		all.addAll(open, place.resumed(), place.number());
		all.addAll(this.again.held(), Math.max(place.resumed(), place.number()), Long.MAX_VALUE);
		long end = Math.max(place.number(), this.again.count());
		return new Again(end - place.resumed(), all.sortedFrom(place.resumed()), place.standing(), place.owed());
	}

	/**
	 * Where a run takes a stream up.
	 */
	public enum TakenUp {

		/** Where the last commit of this lane left it. */
		LAST_COMMIT,

		/** Where a commit left it of which nobody knew whether it happened. */
		TRIED_COMMIT,

		/** Somewhere else: at the start, or where another instance left it. */
		ELSEWHERE

	}

	/**
	 * A moment of a run.
	 *
	 * @param resumed the number of the element at which the stream is taken up again
	 * @param number that of the next one that is read
	 * @param standing up to where rejected elements are counted
	 * @param owed how many elements are owed
	 */
	private record Place(long resumed, long number, @Nullable Position standing, long owed) {

	}

	/**
	 * What a run reads that another one has read before it.
	 *
	 * @param count how many elements, from the first on
	 * @param held those of them that were held, and are not settled
	 * @param rejectedTo up to where rejected elements are counted
	 * @param owed how many elements are owed
	 */
	private record Again(long count, NumberRanges held, @Nullable Position rejectedTo, long owed) {

		static final Again NOTHING = owing(0);

		static Again owing(long owed) {
			return new Again(0, new NumberRanges(), null, owed);
		}

		Place begin() {
			return new Place(0, 0, this.rejectedTo, this.owed);
		}

	}

}
