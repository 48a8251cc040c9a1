package dev.watermill.join.internal;

import java.util.Map;
import java.util.function.Consumer;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.OriginalElement;
import dev.watermill.join.JoinNode;
import dev.watermill.stream.Position;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the next element of a stream. Moving on within a page costs an addition;
 * whatever else has to be done on the way is done at the places that {@link #limit}
 * names: what was rejected is passed, the order is checked, the next page is read, and
 * only there the merge waits.
 */
final class Cursor implements AutoCloseable {

	private static final Checkpoint.Input START = new Checkpoint.Input(Position.empty(), Map.of());

	private final Acceptance acceptance;

	private final StreamAccount account;

	private final Waiting waiting;

	private final Pages reader;

	private final Silence silence;

	private final OrderCheck order;

	private final StreamCompletion completion;

	private final RejectedElements rejected;

	private final BadRate badRate;

	/** What a commit has to know of this, and what people want to. */
	private final CursorPlace place;

	private final CursorProgress progress;

	Page page;

	int index;

	/** Before which element of the page something has to be done. */
	int limit;

	/** Before which element the order is checked beyond the page. */
	private int orderLimit;

	/** How many elements of the page are in the counter. */
	private int counted;

	/** The next page, if it was read already. */
	@Nullable Page following;

	/** Notes what is held of a page, before it goes. */
	private Consumer<Page> beforeLettingGo = (page) -> {
	};

	/** Whether there is anything to wait for is up to the merge. */
	private Runnable beforeWaiting = () -> {
	};

	Cursor(JoinNode node, LaneId lane, Acceptance acceptance, StreamAccount account, Waiting waiting,
			Checkpoint.@Nullable Input from) {
		this.acceptance = acceptance;
		this.account = account;
		this.waiting = waiting;
		Checkpoint.Input start = (from != null) ? from : START;
		KnownLetters known = KnownLetters.of(start, node.source().merged().isEmpty());
		acceptance.checkAgainst(known);
		this.reader = node.source().merged().isPresent()
				? new MergedPages(node, lane, acceptance, account.counters(), waiting, start)
				: new PageReader(node, lane, acceptance, account.counters(), waiting, start);
		this.silence = new Silence(this.reader);
		this.order = new OrderCheck(acceptance.failsOnDisorder() && !this.reader.isChecked(), this::following);
		this.rejected = new RejectedElements(node, lane, account, waiting, known);
		this.place = new CursorPlace(this, this.reader, this.rejected, start);
		this.progress = new CursorProgress(this, this.reader, this.rejected, acceptance.keys().ordered().size() > 0);
		this.completion = new StreamCompletion(node.source(), this, this.reader, start);
		this.badRate = new BadRate(node.stream(), node.arrival().maxBadRate());
		this.page = this.reader.last();
	}

	/**
	 * Set who notes what is held of a page, before it goes.
	 */
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

	/**
	 * Set the stream whose elements ask for those of this one.
	 */
	void below(Cursor parent) {
		this.silence.below(parent.silence);
	}

	/**
	 * Let groups of elements be closed when the stream is silent.
	 * @param column the column of the key of which their elements have an equal one
	 * @param description how their keys are computed
	 */
	void groupBy(int column, String description) {
		checkLate(column, this.place.groupBy(column, description));
	}

	/**
	 * Set what tells which elements are late.
	 * @param column the column of the key that tells
	 */
	void checkLate(int column, Lateness lateness) {
		this.acceptance.check(new LateCheck(column, lateness));
	}

	/**
	 * What a commit has to know of this.
	 */
	CursorPlace place() {
		return this.place;
	}

	/**
	 * What people want to know of this.
	 */
	CursorProgress progress() {
		return this.progress;
	}

	StreamCompletion completion() {
		return this.completion;
	}

	/**
	 * Open the stream, after waiting for its broker as long as it takes.
	 */
	void open() {
		this.reader.open();
	}

	/**
	 * Fail if the broker found that it can't go on, though the stream is not waited for.
	 */
	void verify() {
		this.reader.verify();
	}

	/**
	 * Pass what came since the stream is over because it was silent.
	 */
	void passLate() {
		if (isKnownOver() && this.rejected.areAllPassed(this.page)) {
			this.reader.passLate();
		}
	}

	/**
	 * Whether there is an element, after waiting for it as long as it takes.
	 * @return {@code false} if the stream is over
	 * @throws StreamException if there is one that stops the mill
	 */
	boolean hasNext() {
		return this.index < this.limit || move(null);
	}

	/**
	 * Whether there is an element, after waiting for it as long as it takes: unless the
	 * stream is silent, and an edge goes on without it.
	 * @param edge the edge that asks
	 * @return {@code false} if the stream is over, or as good as over for now
	 * @throws StreamException if there is one that stops the mill
	 */
	boolean hasNext(Edge edge) {
		return this.index < this.limit || move(edge);
	}

	/**
	 * Whether nothing stands here though the stream is not over: it is silent.
	 */
	boolean isSilentHere() {
		return !isAtHand() && !isKnownOver();
	}

	Object element() {
		return this.page.elements[this.index];
	}

	/**
	 * The number of the current element among all of the stream in this run.
	 */
	long number() {
		return this.page.number + this.index;
	}

	/**
	 * The current element as it was read.
	 */
	OriginalElement original() {
		return this.page.original(this.index);
	}

	void advance() {
		this.index++;
	}

	private boolean move(@Nullable Edge edge) {
		boolean waited = false;
		while (!arrive()) {
			if (this.page.failure != null) {
				throw this.page.failure;
			}
			if (isKnownOver()) {
				break;
			}
			readOn();
			if (isAwaited()) {
				this.beforeWaiting.run();
			}
			if (isAwaited() && this.waiting.countsAsAll(this.silence.get())) {
				if (edge != null && edge.isContent()) {
					break;
				}
				this.waiting.silent(this.silence.isMaster());
			}
			if (isAwaited()) {
				waited = true;
				await();
			}
		}
		if (waited) {
			this.waiting.goesOn();
		}
		return isAtHand();
	}

	/**
	 * Do what has to be done at this place before the merge acts upon what stands here.
	 * @return whether an element stands here
	 */
	private boolean arrive() {
		passRejected();
		if (!isAtHand()) {
			return false;
		}
		if (this.index >= this.orderLimit) {
			this.orderLimit = this.page.size;
			this.order.atLastKey(this.page);
		}
		this.limit = Math.min(this.orderLimit, this.rejected.next(this.page));
		return true;
	}

	/**
	 * Pass the rejected elements that stand before this place.
	 */
	void passRejected() {
		this.rejected.passBefore(this.index, this.page);
	}

	/**
	 * Go on behind the page, which was used up, without waiting for the stream.
	 */
	private void readOn() {
		this.waiting.beforePage(this.page.isRead());
		Page next = this.following;
		if (next == null) {
			turnTo(this.reader.read());
		}
		else if (next.isUnreadable()) {
			throw next.failure();
		}
		else {
			this.following = null;
			turnTo(next);
		}
	}

	/**
	 * Whether nothing is known of the stream behind this place, not even that it is over.
	 */
	private boolean isAwaited() {
		return !this.page.isRead() && this.following == null && !isKnownOver();
	}

	private void await() {
		this.silence.waits();
		turnTo(this.reader.await(this.waiting.idle(awaited())));
		if (isAwaited()) {
			this.waiting.timedOut();
		}
	}

	private Waiting.Awaited awaited() {
		if (this.progress.heldBackBy() != null) {
			return Waiting.Awaited.HELD_BACK;
		}
		Long remaining = this.progress.remaining();
		return (remaining != null && remaining > 0 && this.page.behind() != Behind.NOTHING_YET)
				? Waiting.Awaited.ON_ITS_WAY : Waiting.Awaited.NOTHING;
	}

	/**
	 * Let go of this page, which was used up or has nothing in it, for the next.
	 */
	void turnTo(Page read) {
		Page next = this.badRate.judge(read);
		this.place.turnsTo(next);
		count();
		this.beforeLettingGo.accept(this.page);
		next.number = number();
		this.reader.reuse(this.page.letGo());
		this.page = next;
		this.rejected.turnTo(next);
		this.index = 0;
		this.counted = 0;
		this.orderLimit = this.order.limit(next);
		this.limit = Math.min(this.orderLimit, this.rejected.next(next));
	}

	/**
	 * The next page if it is there, without moving on to it.
	 */
	private @Nullable Page following() {
		if (this.following == null) {
			this.following = this.reader.peek();
		}
		return this.following;
	}

	/**
	 * Check the order as far as it was read, and beyond where the merge stands, since it
	 * may stay there.
	 * @throws StreamException if a key goes back
	 */
	void checkOrder() {
		this.order.whereItStands(this.page, this.index);
		this.reader.checkOrder();
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
	 * Whether the stream is known to be over without asking.
	 */
	boolean isKnownOver() {
		return this.index == this.page.size && this.page.isOver();
	}

	/**
	 * Where the stream stands.
	 */
	Standing standing() {
		return this.page.standing(this.index);
	}

	/**
	 * Bring the count of elements read up to date, which is not done for each of them.
	 */
	void count() {
		if (isUncounted()) {
			this.account.read(this.page.number + this.counted, number());
			this.counted = this.index;
		}
	}

	/**
	 * Whether elements were passed that are not in the count yet.
	 */
	boolean isUncounted() {
		return this.index > this.counted;
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
	 * Let a read that waits return at once. Called by other threads.
	 */
	void wakeUp() {
		this.reader.wakeUp();
	}

	@Override
	public void close() {
		this.reader.close();
	}

}
