package dev.watermill.join.internal;

import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a commit has to know of a cursor: where its stream is taken up again, what has
 * become of elements behind that place, and whether anything has changed. Used by one
 * thread.
 */
final class CursorPlace {

	private final Cursor cursor;

	private final Pages reader;

	private final RejectedElements rejected;

	/** Where the stream was taken up. */
	private final Checkpoint.Input start;

	/** How far it had been read before, {@code null} if that was no further. */
	private final @Nullable ReadTo former;

	/** Whether elements of pages before this one were passed since the last commit. */
	private boolean turned;

	/** What was closed while this stream was silent, {@code null} if nothing ever is. */
	private @Nullable ClosedGroups closed;

	private int closedColumn;

	CursorPlace(Cursor cursor, Pages reader, RejectedElements rejected, Checkpoint.Input start) {
		this.cursor = cursor;
		this.reader = reader;
		this.rejected = rejected;
		this.start = start;
		this.former = ReadTo.of(start);
	}

	/**
	 * Let groups of elements be closed when the stream is silent.
	 * @param column the column of the key of which their elements have an equal one
	 * @param description how their keys are computed
	 * @return those groups
	 */
	ClosedGroups groupBy(int column, String description) {
		ClosedGroups groups = new ClosedGroups(description, this.start.delivered());
		this.closed = groups;
		this.closedColumn = column;
		return groups;
	}

	/**
	 * Close a group, since the stream is silent.
	 * @param key the key of the group
	 */
	void close(Object key) {
		if (this.closed != null) {
			Page page = this.cursor.page;
			this.closed.close(key, page.keysBefore(page.size)[this.closedColumn], position());
		}
	}

	/**
	 * What a restart has to know of groups that were closed.
	 * @param resumed where it takes the stream up
	 * @return a text, {@code null} if there is nothing to be known
	 */
	@Nullable String closed(Position resumed) {
		ClosedGroups groups = this.closed;
		if (groups == null || groups.closings() == 0) {
			return null;
		}
		Object last = this.cursor.page.keysBefore(this.cursor.index)[this.closedColumn];
		boolean passed = resumed.equals(position()) && last != null && groups.isPast(last);
		return passed ? null : groups.text();
	}

	/**
	 * Where the stream is taken up again so that what comes next is what stands here.
	 */
	Checkpoint.Input checkpoint() {
		return from(this.cursor.page.checkpoint(this.cursor.index, this.rejected.passed()), this.cursor.number());
	}

	/**
	 * Where the stream is taken up again at an element that is held, or else where it
	 * stands.
	 * @param input its position and keys
	 * @param resumed its number
	 * @return the same, with the dead letters that stand behind it
	 */
	Checkpoint.Input from(Checkpoint.Input input, long resumed) {
		return this.rejected.addLetters(input, resumed, position());
	}

	@Nullable Position position() {
		return this.cursor.page.position(this.cursor.index, this.rejected.passed());
	}

	/**
	 * Whether everything up to the mark was passed, and the mark was seen.
	 */
	boolean hasShownMark() {
		Page page = this.cursor.page;
		return this.cursor.index == page.size && page.behind() == Behind.MARK && this.rejected.areAllPassed(page);
	}

	/**
	 * How far the stream had been read before it was taken up, if it has not come as far
	 * again.
	 * @return {@code null} otherwise
	 */
	@Nullable ReadTo former() {
		ReadTo known = this.former;
		return (known != null && known.isAheadOf(this.cursor.number(), hasShownMark())) ? known : null;
	}

	/**
	 * Whether the stream is known to be over, or was when it was read before.
	 */
	boolean isKnownOver() {
		ReadTo ahead = former();
		return this.cursor.isKnownOver() || (ahead != null && ahead.atMark());
	}

	/**
	 * Add how far the stream was read.
	 * @param input where it is taken up again
	 * @param resumed the number of the element there
	 */
	Checkpoint.Input withRead(Checkpoint.Input input, long resumed) {
		ReadTo ahead = former();
		if (ahead != null) {
			return input.withRead(ahead.text(resumed));
		}
		Position standing = position();
		long number = this.cursor.number();
		boolean shownMark = hasShownMark();
		if (standing == null || (number == resumed && !shownMark)) {
			return input;
		}
		return input.withRead(new ReadTo(number, shownMark, standing).text(resumed));
	}

	/**
	 * Whether the position moved, since the last commit, over what does not go into the
	 * merge. Nobody may keep it, so it must not be read again.
	 */
	boolean hasPassed() {
		return this.rejected.hasMoved() || this.reader.hasMoved();
	}

	/**
	 * Whether anything was passed since the last commit, though others may hold it.
	 */
	boolean hasMoved() {
		return this.turned || this.cursor.isUncounted() || hasPassed();
	}

	/**
	 * The cursor turns to another page.
	 */
	void turnsTo(Page next) {
		if (next.isSegmentStart() && this.closed != null) {
			this.closed.clear();
		}
		this.turned |= this.cursor.index > 0;
	}

	/**
	 * Note down, for those who ask the broker, how far the stream was read for good.
	 */
	void committed(Checkpoint.@Nullable Input input) {
		this.rejected.committed(input);
		this.turned = false;
		this.reader.committed(input);
	}

}
