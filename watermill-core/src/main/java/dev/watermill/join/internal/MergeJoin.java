package dev.watermill.join.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.OriginalElement;
import dev.watermill.join.JoinTree;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * The inner join of a tree of streams, in the order of the master: steps from one master
 * element to the next and finds the matches of each, and knows where the streams are to
 * be taken up again. How the merge works is explained in {@link EqualEdge}. Used by one
 * thread.
 *
 * @since 0.1.0
 */
public final class MergeJoin implements AutoCloseable {

	private final List<Branch> branches;

	private final Branch master;

	private final @Nullable MatchRun run;

	private final JoinPositions positions;

	private final Waiting waiting;

	private final int windowColumn;

	private final HeldWindows windows;

	/** Whether nothing is held any more, and nothing will be. */
	private boolean finished;

	/** What shows one master element after another, where none is held. */
	private @Nullable Group single;

	/**
	 * Create a merge.
	 * @param tree what is joined
	 * @param lane who joins
	 * @param from where each stream is taken up again, {@code null} for the starts
	 * @param accounts what keeps account of each stream, by its name
	 * @param holdsMatches whether elements with their matches are held beyond the next
	 * element, as a window does
	 * @param waiting knows how to wait
	 */
	public MergeJoin(JoinTree tree, LaneId lane, @Nullable Checkpoint from, Map<String, StreamAccount> accounts,
			boolean holdsMatches, Waiting waiting) {
		this.waiting = waiting;
		JoinColumns columns = new JoinColumns(tree);
		this.branches = Branch.of(tree, columns, lane, from, accounts, holdsMatches, waiting);
		this.master = this.branches.get(0);
		this.windowColumn = columns.window();
		this.windows = new HeldWindows(this.master);
		this.run = holdsMatches ? null : MatchRun.of(this.master);
		this.positions = new JoinPositions(this.master, this.branches);
		resume(this.master, ResumePoint.ofMaster(this.master, this.windows.open()));
		this.branches.forEach((branch) -> branch.cursor.beforeWaiting(this::beforeWaiting));
	}

	private static void resume(Branch branch, ResumePoint point) {
		branch.resumesAt(point);
		for (int i = 0; i < branch.edges.length; i++) {
			resume(branch.edges[i].child, point.below(branch, i));
		}
	}

	/**
	 * Set what tells by the window key which elements of the master are late.
	 * @param lateness tells
	 */
	public void windowsAreClosed(Lateness lateness) {
		this.master.cursor.checkLate(this.windowColumn, lateness);
	}

	/**
	 * Open all streams, so that a broker knows of all of them before the first is read.
	 */
	public void open() {
		this.branches.forEach((branch) -> branch.cursor.open());
	}

	/**
	 * Wait, without moving on, for what came since the mill completed.
	 * @param timeout how long to wait for each stream
	 * @return what is known of it
	 */
	public News awaitNews(Duration timeout) {
		return StreamCompletion.awaitNews(this.branches.stream().map((branch) -> branch.cursor.completion()).toList(),
				timeout);
	}

	/**
	 * See, before a stream is waited for, whether there is anything to wait for. Reads
	 * what is there of any stream, but waits for none.
	 */
	private void beforeWaiting() {
		if (this.master.isSeenOver()) {
			this.waiting.nothingMatches();
		}
		checkOrder();
		verify();
		passLate(this.master, false);
	}

	/**
	 * Pass what comes late of streams whose end ended nothing.
	 */
	private static void passLate(Branch branch, boolean optional) {
		if (optional) {
			branch.cursor.passLate();
		}
		for (Edge edge : branch.edges) {
			passLate(edge.child, optional || !edge.required);
		}
	}

	/**
	 * The current master element.
	 * @return the element
	 */
	public Object element() {
		return this.master.cursor.element();
	}

	/**
	 * The window key of the current master element, if windows are made by key.
	 * @return the normal form of the key
	 */
	public Object windowKey() {
		return this.master.cursor.page.keys[this.windowColumn].get(this.master.cursor.index);
	}

	/**
	 * The element at which a delivery begins: the first of the earliest window, or else
	 * the current one.
	 * @return where it stands
	 */
	public Standing start() {
		return this.master.resumePoint().standing();
	}

	/**
	 * The current master element.
	 * @return where it stands
	 */
	public Standing current() {
		return this.master.cursor.standing();
	}

	/**
	 * The windows that hold master elements.
	 * @return the windows, none of which is open at first
	 */
	public HeldWindows windows() {
		return this.windows;
	}

	/**
	 * Return a group that shows one master element after another, the only one for this
	 * merge, which holds no matches.
	 * @return the group
	 */
	public HeldMatches newSingle() {
		Group created = Group.single(this.master.edges);
		this.single = created;
		return created;
	}

	/**
	 * Keep what groups of master elements are made of as it was read, since it may be
	 * {@linkplain #originals asked for}.
	 */
	public void keepOriginals() {
		this.windows.keepOriginals();
	}

	/**
	 * The master elements of a delivery as they were read, after
	 * {@link #keepOriginals()}.
	 * @param elements the window that holds them, or what shows the current one
	 * @return the originals, in order
	 */
	public List<OriginalElement> originals(HeldMatches elements) {
		return (elements instanceof HeldWindow window) ? this.windows.originals(window)
				: List.of(this.master.cursor.original());
	}

	/**
	 * Note that the function failed for a delivery, and that it is passed over.
	 * @param elements the window, or what shows the current master element
	 * @param deadLettered whether the master elements are in the dead letters, where they
	 * count then
	 */
	public void failed(HeldMatches elements, boolean deadLettered) {
		if (elements instanceof HeldWindow window) {
			this.windows.failed(window, deadLettered);
		}
		else {
			elements.fail(this.master);
			this.master.account.letGo(this.master.cursor.number(), 1, SkipReason.FAILED, deadLettered);
		}
	}

	/**
	 * Check the order of all streams as far as they were read, and beyond where the merge
	 * stands as far as that is within reach: it is going to wait or to end.
	 * @throws StreamException if a key goes back where that stops the mill
	 */
	public void checkOrder() {
		this.branches.forEach((branch) -> branch.cursor.checkOrder());
	}

	/**
	 * Let go of everything after the last delivery of all, so that it is counted, and
	 * pass what was rejected at the ends of streams.
	 */
	public void finish() {
		this.branches.forEach((branch) -> branch.cursor.passRejected());
		passLate(this.master, false);
		this.master.release();
		this.branches.forEach((branch) -> {
			branch.cursor.count();
			branch.account.finishes(branch.cursor.number());
		});
		this.finished = true;
	}

	/**
	 * Keep account of what is held, since it will be read again: this merge ends without
	 * having {@linkplain #finish() finished}, or it ends for good.
	 */
	public void abandon() {
		this.branches.forEach((branch) -> branch.account.ends());
		if (!this.finished) {
			this.windows.releaseAll();
			this.master.release();
		}
		this.branches.forEach((branch) -> branch.account.ended());
	}

	/**
	 * Walk along the master from its current element on, to its end if nothing ends the
	 * merge before, and show each element that has its matches together with them.
	 * @param consumer is given each of them, and each of all if it asks for that
	 * @throws StreamException if an element stops the mill
	 */
	public void run(MatchConsumer consumer) {
		Cursor cursor = this.master.cursor;
		MatchConsumer.OfAll all = (consumer instanceof MatchConsumer.OfAll ofAll) ? ofAll : null;
		boolean goesOn = true;
		while (goesOn && cursor.hasNext() && (all == null || all.arrived())) {
			Answer answer = this.master.resolve();
			if (answer == Answer.MATCH) {
				goesOn = matched(consumer, all == null);
			}
			else {
				this.master.skip(SkipReason.UNMATCHED);
				goesOn = answer != Answer.OVER;
			}
		}
	}

	private boolean matched(MatchConsumer consumer, boolean runsToo) {
		Cursor cursor = this.master.cursor;
		Group shown = this.single;
		if (shown == null) {
			// who holds it passes it
			return consumer.matched();
		}
		shown.show(cursor.element());
		boolean goesOn = consumer.matched();
		boolean succeeded = shown.markShown();
		if (succeeded) {
			shown.markDelivered(this.master.account.commits());
		}
		cursor.advance();
		return goesOn && (!succeeded || !runsToo || this.run == null || this.run.run(shown, consumer));
	}

	/**
	 * How many master elements, right behind the current one, are known to have their
	 * matches. A consumer can {@linkplain #next() go on} to them by itself.
	 * @param most how many of them matter
	 * @return the number, {@code most} or less
	 */
	public int ahead(int most) {
		return (this.run != null) ? this.run.ahead(most) : 0;
	}

	/**
	 * Go on behind the current master element, whose delivery succeeded, to one that is
	 * known to be {@linkplain #ahead ahead}.
	 */
	public void next() {
		Objects.requireNonNull(this.run).next(Objects.requireNonNull(this.single));
	}

	/**
	 * Let whatever waits for a stream return at once, since the merge is to end. Called
	 * by other threads.
	 */
	public void wakeUp() {
		this.branches.forEach((branch) -> branch.cursor.wakeUp());
	}

	/**
	 * Fail if a broker found that a stream can't be read on, though it is not waited for.
	 */
	private void verify() {
		for (Branch branch : this.branches) {
			branch.cursor.verify();
		}
	}

	/**
	 * Where the streams are to be taken up again.
	 * @return the positions, which are those of the moment at which they are asked for
	 */
	public JoinPositions positions() {
		return this.positions;
	}

	/**
	 * What there is to know of this merge, for people.
	 * @return a report that stays up to date
	 */
	public JoinReport report() {
		return new JoinReport(this.master);
	}

	@Override
	public void close() {
		this.branches.forEach((branch) -> branch.cursor.close());
	}

}
