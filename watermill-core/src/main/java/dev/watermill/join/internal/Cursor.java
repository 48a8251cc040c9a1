package dev.watermill.join.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamReader;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.JoinNode;
import dev.watermill.join.KeyRange;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the next element of a stream. Moving on within a page costs an addition;
 * only a new page asks the broker, and only there the merge waits.
 */
final class Cursor implements AutoCloseable {

	private final JoinNode node;

	private final Acceptance acceptance;

	private final NodeCounters counters;

	private final Waiting waiting;

	private final LaneId lane;

	private @Nullable StreamReader<?> reader;

	/** How often the broker did not answer, since it last did. */
	private int failures;

	/** How long this stream was waited for since something came. */
	private Duration silent = Duration.ZERO;

	/** Whether the stream counts as over, although it shows no mark. */
	private boolean silenced;

	/** Whether the stream had not shown its mark when the mill completed. */
	private final boolean owing;

	/**
	 * Whether the position moved, since the last commit, over what no element stands for.
	 */
	private boolean passed;

	/** Whether anything came that was not there before: an element, or a mark. */
	private boolean news;

	Page page;

	int index;

	/**
	 * Before which element of the page something has to be done: rejected ones are
	 * passed, the order is checked beyond the page, or the next page is read.
	 */
	int limit;

	/** Before which element the order is checked beyond the page. */
	private int orderLimit;

	/** How many of the rejected elements of the page were passed. */
	private int rejectedPassed;

	/** The keys of the first element. */
	private @Nullable Object[] firstKeys;

	/** What was read behind the page, to check the order. */
	private @Nullable Page following;

	/** What went wrong when the order was checked, until the merge gets there. */
	private @Nullable StreamException postponed;

	/** Is asked to take a mark of what is held of a page, before it goes. */
	private Consumer<Page> beforeLettingGo = (page) -> {
	};

	/** Whether there is anything to wait for is up to the merge. */
	private Runnable beforeWaiting = () -> {
	};

	/** How many elements of the page are in the counter. */
	private int counted;

	Cursor(JoinNode node, LaneId lane, Acceptance acceptance, NodeCounters counters, Waiting waiting,
			Checkpoint.@Nullable Input from) {
		this.node = node;
		this.lane = lane;
		this.acceptance = acceptance;
		this.counters = counters;
		this.waiting = waiting;
		this.owing = from != null && !from.lastKeys().isEmpty();
		@Nullable Object[] lastKeys = acceptance.keys().parse((from != null) ? from.lastKeys() : Map.of());
		Position position = (from != null && !from.position().equals(Position.empty())) ? from.position() : null;
		this.page = new Page(position, acceptance.keys(), lastKeys);
		this.firstKeys = acceptance.keys().none();
	}

	/**
	 * Whether there is an element, after waiting for it as long as it takes.
	 * @return {@code false} if the stream is over
	 * @throws StreamException if there is one that stops the mill
	 */
	boolean hasNext() {
		return this.index < this.limit || turn();
	}

	void beforeLettingGo(Consumer<Page> task) {
		this.beforeLettingGo = task;
	}

	/**
	 * Set what is done before the stream is waited for. This cursor is in the middle of
	 * nothing then, and may be read on, too.
	 */
	void beforeWaiting(Runnable task) {
		this.beforeWaiting = task;
	}

	Object element() {
		return this.page.elements[this.index];
	}

	void advance() {
		this.index++;
	}

	/**
	 * Bring the count of elements read up to date, which is not done for each of them.
	 */
	void count() {
		this.counters.read().add(this.index - this.counted);
		this.counted = this.index;
	}

	/**
	 * Whether elements were passed that are not in the count yet.
	 */
	boolean isUncounted() {
		return this.index > this.counted;
	}

	/**
	 * Whether the position moved, since the last commit, over what is no element. Nobody
	 * may keep it, so it must not be read again.
	 */
	boolean hasPassed() {
		return this.passed;
	}

	/**
	 * Whether the stream is read anew when its mill is started again after it completed.
	 */
	boolean isBatch() {
		return this.node.source().isBatch();
	}

	/**
	 * Fail if the broker found that it can't go on, though the stream is not waited for.
	 */
	void verify() {
		if (this.reader != null) {
			try {
				this.reader.verify();
			}
			catch (BrokerUnavailableException ex) {
				// it is waited for when the stream is read
			}
			catch (BrokerException ex) {
				throw failure(ex);
			}
		}
	}

	/**
	 * Whether the stream is known to be over, after asking the broker once without
	 * waiting if nothing else is known.
	 */
	boolean isOver() {
		if (this.index >= this.limit) {
			arrive();
		}
		if (isAtHand() || this.page.failure != null) {
			return false;
		}
		if (!isKnownOver()) {
			readOn();
		}
		return isKnownOver();
	}

	boolean isAtHand() {
		return this.index < this.page.size;
	}

	/**
	 * The least key that the current element or any later one can have.
	 * @param column the column of the key
	 * @return the key, {@code null} if it is not known yet
	 */
	@Nullable Object leastKey(int column) {
		return isAtHand() ? this.page.keys[column].get(this.index) : this.page.keysBefore(this.page.size)[column];
	}

	/**
	 * Between which keys the stream was read.
	 * @param column the column of the key
	 * @return the keys, {@code null} if nothing was read since reading began
	 */
	@Nullable KeyRange range(int column) {
		Object first = this.firstKeys[column];
		Page page = (this.following != null && this.following.size > 0) ? this.following : this.page;
		Object last = page.keysBefore(page.size)[column];
		return (first != null && last != null) ? new KeyRange(first, last) : null;
	}

	/**
	 * Whether the stream is known to be over without asking.
	 */
	boolean isKnownOver() {
		return this.index == this.page.size && (this.page.isEnded() || this.silenced) && this.following == null;
	}

	/**
	 * Whether everything up to the mark was passed, and the mark was seen.
	 */
	boolean hasShownMark() {
		return this.index == this.page.size && this.page.isEnded() && this.rejectedPassed == this.page.rejectedCount();
	}

	/**
	 * Where the stream is taken up again so that what comes next is what stands here.
	 */
	Checkpoint.Input checkpoint() {
		return this.page.checkpoint(this.index, this.rejectedPassed);
	}

	@Nullable Position position() {
		return this.page.position(this.index, this.rejectedPassed);
	}

	/**
	 * Look, without moving on, whether anything came since the mill completed.
	 * @param timeout how long to wait for it
	 * @return whether it is known now if anything did
	 */
	boolean look(Duration timeout) {
		if (!this.news && !this.page.isEnded()) {
			take(read(timeout));
		}
		return this.news || this.page.isEnded() || this.page.isCaughtUp();
	}

	/**
	 * Whether anything came since reading began: an element, or the mark of a stream that
	 * can go on behind it.
	 */
	boolean hasNews() {
		return this.news;
	}

	/**
	 * Whether the stream had not shown its mark when the mill completed, so that what
	 * comes may be the rest of what was there.
	 */
	boolean isOwing() {
		return this.owing;
	}

	/**
	 * The key at which the stream stands, of its first expression.
	 */
	@Nullable Object key() {
		return (this.acceptance.keys().size() > 0) ? leastKey(0) : null;
	}

	/**
	 * How many elements are known to stand behind those that were passed. Other threads
	 * may ask, too: what they see of the place of this one may be of a moment ago.
	 */
	@Nullable Long remaining() {
		StreamReader<?> open = this.reader;
		OptionalLong behind = (open != null) ? open.remaining() : OptionalLong.empty();
		if (behind.isEmpty()) {
			return null;
		}
		Page current = this.page;
		Page next = this.following;
		int ahead = (next != null) ? next.batchSize() : 0;
		int rejected = current.rejectedCount() - this.rejectedPassed;
		return behind.getAsLong() + Math.max(0, current.size - this.index) + Math.max(0, rejected) + ahead;
	}

	private boolean isSomethingThere() {
		Long remaining = remaining();
		return remaining != null && remaining > 0 && !this.page.isCaughtUp();
	}

	/**
	 * How much of the stream stands before the place where it would be taken up again.
	 */
	@Nullable Double progress(Checkpoint.@Nullable Input input) {
		if (this.reader == null || input == null) {
			return null;
		}
		OptionalDouble progress = this.reader.progress(input.position());
		return progress.isPresent() ? progress.getAsDouble() : null;
	}

	/**
	 * Open the stream, after waiting for its broker as long as it takes.
	 */
	void open() {
		while (this.reader == null) {
			try {
				Page last = (this.following != null) ? this.following : this.page;
				this.reader = this.node.source().open(this.lane, last.position(last.size));
			}
			catch (BrokerUnavailableException ex) {
				waitFor(ex);
			}
			catch (BrokerException ex) {
				throw failed(ex);
			}
		}
	}

	private boolean turn() {
		while (!arrive()) {
			if (this.page.failure != null) {
				throw this.page.failure;
			}
			if (isKnownOver()) {
				return false;
			}
			readOn();
			if (isAwaited()) {
				this.beforeWaiting.run();
			}
			if (isAwaited()) {
				await(this.waiting.idle(isSomethingThere()));
			}
		}
		return true;
	}

	/**
	 * Do what has to be done at this place before the merge looks at what stands here.
	 * @return whether an element stands here
	 */
	private boolean arrive() {
		passRejected();
		if (!isAtHand()) {
			return false;
		}
		if (this.index >= this.orderLimit) {
			lookBeyond();
		}
		this.limit = Math.min(this.orderLimit, this.page.placeOfRejected(this.rejectedPassed));
		return true;
	}

	/**
	 * Pass the rejected elements that stand before this place.
	 */
	void passRejected() {
		while (this.page.placeOfRejected(this.rejectedPassed) <= this.index) {
			Rejected rejected = this.page.rejected(this.rejectedPassed);
			this.waiting.rejected(this.node.stream(), rejected);
			this.counters.read().increment();
			this.counters.skipped(rejected.reason()).increment();
			this.rejectedPassed++;
			this.passed = true;
		}
	}

	/**
	 * Go on behind the page, which was used up, without waiting.
	 */
	private void readOn() {
		this.waiting.beforePage(this.page.isRead());
		Page next = this.following;
		if (this.postponed != null) {
			throw this.postponed;
		}
		if (next != null) {
			this.following = null;
			turnTo(next);
		}
		else {
			take(read(Duration.ZERO));
		}
	}

	/**
	 * Check the order beyond what the merge needs: it is about to act upon the last key
	 * of the page, or to wait, or to end, and may never come to the element that shows
	 * that this key, or one behind it, is not where it belongs. Reads at most one page
	 * ahead, and does not wait for it.
	 * @throws StreamException if a key goes back next to where the merge stands
	 */
	private void lookBeyond() {
		this.orderLimit = this.page.size;
		if (!this.acceptance.failsOnDisorder()) {
			return;
		}
		if (this.page.disorder != null) {
			throw this.page.disorder;
		}
		peek();
		Page next = this.following;
		if (next != null && next.disorder != null && (next.size == 0 || next.lastRun() < 0)) {
			throw next.disorder;
		}
	}

	/**
	 * Check the order as far as it was read, and beyond where the merge stands, since it
	 * may stay there.
	 * @throws StreamException if a key goes back
	 */
	void checkOrder() {
		if (!this.acceptance.failsOnDisorder()) {
			return;
		}
		if (this.page.disorder == null && this.index >= Math.max(this.page.lastRun(), 0)) {
			peek();
		}
		StreamException found = (this.page.disorder == null && this.following != null) ? this.following.disorder
				: this.page.disorder;
		if (found != null) {
			throw found;
		}
	}

	/**
	 * Read what stands behind the page, if it is there.
	 */
	private void peek() {
		StreamReader<?> open = this.reader;
		if (this.following != null || this.postponed != null || open == null || this.page.failure != null
				|| this.page.isEnded() || this.silenced) {
			return;
		}
		try {
			Batch<?> batch = open.read(Duration.ZERO);
			answered(batch);
			note(batch);
			if (batch.size() > 0 || batch.isSegmentStart()) {
				this.following = accept(batch);
			}
			else {
				this.page.append(batch);
			}
		}
		catch (BrokerUnavailableException ex) {
			// it is waited for where the merge has nothing else to do
			close();
		}
		catch (MillTakenOverException ex) {
			throw ex;
		}
		catch (BrokerException ex) {
			this.postponed = failure(ex);
		}
		catch (InterruptedException ex) {
			this.waiting.interrupted();
		}
	}

	/**
	 * Whether nothing is known of the stream behind this place, not even that it is over.
	 */
	private boolean isAwaited() {
		return !this.page.isRead() && this.following == null && this.postponed == null && !isKnownOver();
	}

	private void await(Duration wait) {
		take(read(wait));
		if (isAwaited()) {
			timedOut(wait);
		}
	}

	private void timedOut(Duration wait) {
		if (this.page.isCaughtUp()) {
			// while nobody knows whether something is there the stream isn't silent
			this.silent = this.silent.plus(wait);
		}
		if (this.page.isCaughtUp() && !this.node.source().isBatch() && this.waiting.countsAsOver(this.silent)) {
			this.silenced = true;
		}
		else {
			this.waiting.timedOut();
		}
	}

	private void take(Batch<?> batch) {
		note(batch);
		turnTo(accept(batch));
	}

	private void note(Batch<?> batch) {
		if (batch.droppedOfSegment() > 0) {
			this.counters.read().add(batch.droppedOfSegment());
			this.counters.skipped(SkipReason.SEGMENT).add(batch.droppedOfSegment());
		}
		if (batch.size() > 0 || batch.status() == Batch.Status.ENDED) {
			this.silent = Duration.ZERO;
			this.news |= batch.size() > 0 || !this.node.source().isBatch();
		}
		if (batch.size() == 0 && !this.node.source().isBatch()) {
			Position before = this.page.position(this.page.size);
			this.passed |= before != null && !before.equals(batch.position(0));
		}
	}

	private Page accept(Batch<?> batch) {
		Page accepted = this.acceptance.accept(batch,
				batch.isSegmentStart() ? this.acceptance.keys().none() : this.page.keysBefore(this.page.size));
		// decoders and key functions are others' code too, and only a stop is a stop
		Thread.interrupted();
		return accepted;
	}

	private void turnTo(Page next) {
		count();
		this.beforeLettingGo.accept(this.page);
		this.page.letGo();
		this.page = next;
		if (next.size > 0 && this.firstKeys.length > 0 && this.firstKeys[0] == null) {
			this.firstKeys = next.keysAt(0);
		}
		this.index = 0;
		this.counted = 0;
		this.rejectedPassed = 0;
		this.orderLimit = this.acceptance.failsOnDisorder() ? Math.max(next.lastRun(), 0) : next.size;
		this.limit = Math.min(this.orderLimit, next.placeOfRejected(0));
	}

	private Batch<?> read(Duration timeout) {
		while (true) {
			open();
			try {
				Batch<?> batch = Objects.requireNonNull(this.reader).read(timeout);
				answered(batch);
				return batch;
			}
			catch (BrokerUnavailableException ex) {
				close();
				waitFor(ex);
			}
			catch (BrokerException ex) {
				throw failed(ex);
			}
			catch (InterruptedException ex) {
				this.waiting.interrupted();
			}
		}
	}

	private void answered(Batch<?> batch) {
		// an empty batch alone does not tell whether the broker is there
		if (this.failures > 0 && (batch.size() > 0 || batch.status() != Batch.Status.OPEN)) {
			this.failures = 0;
			this.waiting.available(this.node.stream());
		}
	}

	private void waitFor(BrokerUnavailableException problem) {
		this.failures++;
		this.waiting.unavailable(this.node.stream(), problem, this.failures);
	}

	private RuntimeException failed(BrokerException problem) {
		return (problem instanceof MillTakenOverException) ? problem : failure(problem);
	}

	private StreamException failure(BrokerException problem) {
		return new StreamException(this.node.stream(), String.valueOf(problem.getMessage()), problem);
	}

	/**
	 * Tell the broker how far the stream was read for good.
	 */
	void committed(Checkpoint.@Nullable Input input) {
		this.passed = false;
		if (this.reader != null && input != null) {
			this.reader.committed(input.position());
		}
	}

	/**
	 * Where the stream is taken up again when the mill completed.
	 * @param from where it would go on had the mill been stopped
	 */
	Checkpoint.Input completed(Checkpoint.Input from) {
		boolean shown = hasShownMark();
		return new Checkpoint.Input(this.node.source().completed(from.position(), shown), from.lastKeys());
	}

	/**
	 * Where the stream is taken up again behind its mark, where the order begins anew.
	 */
	Checkpoint.Input behindMark() {
		return new Checkpoint.Input(checkpoint().position(), Map.of());
	}

	@Override
	public void close() {
		if (this.reader != null) {
			this.reader.close();
			this.reader = null;
		}
	}

}
