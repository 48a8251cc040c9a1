package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream page by page, each behind the one before, whoever asks for it: the
 * cursor that has used up its page, or who looks ahead of it. Used by one thread.
 */
final class PageReader implements Pages {

	private final Acceptance acceptance;

	private final NodeCounters counters;

	private final Waiting waiting;

	private final Connection connection;

	/** Whether the stream is read anew when its mill starts again after it completed. */
	private final boolean batch;

	/** What was read last. */
	private Page last;

	/** The keys of the first element. */
	private @Nullable Object[] firstKeys;

	/** What was held of a stream that is over since it was silent. */
	private final Deque<Batch<Object>> released = new ArrayDeque<>();

	/** How long this stream was waited for since something came. */
	private Duration silence = Duration.ZERO;

	/** Whether the position moved, since the last commit, over what is no element. */
	private boolean moved;

	/** Whether anything came since reading began. */
	private boolean news;

	/** What came when the stream was over. */
	private final LateElements late;

	PageReader(JoinNode node, LaneId lane, Acceptance acceptance, NodeCounters counters, Waiting waiting,
			Checkpoint.Input from) {
		this(node, lane, acceptance, counters, new LateElements(node.stream(), counters), waiting, from);
	}

	/**
	 * Create a reader of a part of a stream.
	 * @param late what came of the stream when it was over, or part of it
	 */
	PageReader(JoinNode node, LaneId lane, Acceptance acceptance, NodeCounters counters, LateElements late,
			Waiting waiting, Checkpoint.Input from) {
		this.late = late;
		this.acceptance = acceptance;
		this.counters = counters;
		this.waiting = waiting;
		this.connection = new Connection(node, lane,
				new Arrivals(node, acceptance.keys().expressions(), counters.reorder()), waiting, this::position);
		this.batch = node.source().isBatch();
		this.last = Page.before(from, acceptance.keys().ordered());
		this.firstKeys = acceptance.keys().ordered().none();
	}

	private @Nullable Position position() {
		return this.last.position(this.last.size);
	}

	@Override
	public void open() {
		this.connection.open();
	}

	@Override
	public void verify() {
		this.connection.verify();
	}

	@Override
	public void reuse(KeyColumn[] columns) {
		this.acceptance.keys().reuse(columns);
	}

	@Override
	public Page last() {
		return this.last;
	}

	@Override
	public Page read(Duration timeout) {
		Page held = released();
		return (held != null) ? held : take(this.connection.read(timeout));
	}

	@Override
	public Page await(Duration timeout) {
		Page page = read(timeout);
		silentFor(timeout);
		return page;
	}

	/**
	 * Take note that this stream was waited for, be it beside another one.
	 * @param waited how long
	 */
	void silentFor(Duration waited) {
		if (this.last.behind() == Behind.NOTHING_YET && !this.last.isRead()) {
			this.silence = this.silence.plus(waited);
			if (!this.batch && this.waiting.countsAsOver(this.silence)) {
				this.released.addAll(this.connection.release());
				if (this.released.isEmpty()) {
					this.last.endInSilence();
				}
			}
		}
	}

	@Override
	public Duration silence() {
		return this.silence;
	}

	/**
	 * The next page of what was held, which is the end once all of it was.
	 */
	private @Nullable Page released() {
		Batch<Object> next = this.released.poll();
		if (next == null) {
			return null;
		}
		Page page = take(next);
		if (this.released.isEmpty()) {
			page.endInSilence();
		}
		return page;
	}

	/**
	 * {@inheritDoc}
	 * @return the next page, {@code null} if nothing is there; if the stream can't be
	 * read on a page that says so, since the merge may never get there
	 */
	@Override
	public @Nullable Page peek() {
		if (!this.last.isOpen()) {
			return null;
		}
		Page held = released();
		if (held != null) {
			return held;
		}
		try {
			Batch<?> read = this.connection.readAtOnce();
			if (read == null) {
				return null;
			}
			if (read.size() > 0 || read.isSegmentStart()) {
				return take(read);
			}
			note(read);
			this.last.append(read);
			return null;
		}
		catch (MillTakenOverException ex) {
			throw ex;
		}
		catch (BrokerException ex) {
			this.last = this.last.unreadable((StreamException) this.connection.failure(ex));
			return this.last;
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * It is counted, and reported once.
	 */
	@Override
	public void passLate() {
		Batch<?> read = readBehindSilence();
		while (read != null) {
			countLate(read);
			this.last.appendLate(read);
			this.moved = true;
			read = readBehindSilence();
		}
	}

	private void countLate(Batch<?> read) {
		this.late.count(LateElements.Reason.OVER, read.size(), () -> read.origin(0));
	}

	/**
	 * What came since the stream is over because it was silent, if anything did.
	 */
	private @Nullable Batch<?> readBehindSilence() {
		if (!this.last.isEndedInSilence() || !this.released.isEmpty()) {
			return null;
		}
		try {
			Batch<?> read = this.connection.readAtOnce();
			return (read == null || (read.size() == 0 && read.status() != Batch.Status.ENDED)) ? null : read;
		}
		catch (MillTakenOverException ex) {
			throw ex;
		}
		catch (BrokerException ex) {
			throw this.connection.failure(ex);
		}
	}

	/**
	 * Go on though the stream is over because it was silent, if anything came since.
	 * @return the next page, {@code null} if there is none
	 */
	@Nullable Page goOn() {
		Batch<?> read = readBehindSilence();
		return (read != null) ? take(read) : null;
	}

	/**
	 * Take note that elements were passed, since they came too late.
	 */
	void passes() {
		this.moved = true;
	}

	private Page take(Batch<?> read) {
		note(read);
		Page accepted = this.acceptance.accept(read,
				read.isSegmentStart() ? this.acceptance.keys().ordered().none() : this.last.keysBefore(this.last.size));
		// decoders and key functions are others' code too, and only a stop is a stop
		Thread.interrupted();
		if (accepted.size > 0 && this.firstKeys.length > 0 && this.firstKeys[0] == null) {
			this.firstKeys = accepted.keysAt(0);
		}
		this.last = accepted;
		return accepted;
	}

	private void note(Batch<?> read) {
		this.counters.lost().add(this.connection.lost());
		if (read.droppedOfSegment() > 0) {
			this.counters.read().add(read.droppedOfSegment());
			this.counters.skipped(SkipReason.SEGMENT).add(read.droppedOfSegment());
		}
		boolean arrived = read.size() > 0 || this.connection.hasTakenIn();
		if (arrived || read.status() == Batch.Status.ENDED) {
			this.silence = Duration.ZERO;
			this.news |= arrived || !this.batch;
		}
		if (read.size() == 0 && !this.batch) {
			Position before = position();
			this.moved |= before != null && !before.equals(read.position(0));
		}
	}

	@Override
	public boolean isChecked() {
		return false;
	}

	@Override
	public void checkOrder() {
	}

	@Override
	public boolean hasNews() {
		return this.news;
	}

	@Override
	public boolean hasMoved() {
		return this.moved;
	}

	@Override
	public InputStatus.@Nullable KeyRange range(int column) {
		return this.last.range(this.firstKeys[column], column);
	}

	@Override
	public void committed(Checkpoint.@Nullable Input input) {
		this.moved = false;
		if (input != null) {
			this.connection.committed(input.position());
		}
	}

	@Override
	public void wakeUp() {
		this.connection.wakeUp();
	}

	@Override
	public OptionalLong remaining() {
		return this.connection.remaining();
	}

	@Override
	public OptionalDouble progress(Position position) {
		return this.connection.progress(position);
	}

	@Override
	public @Nullable String heldBackBy() {
		return null;
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
