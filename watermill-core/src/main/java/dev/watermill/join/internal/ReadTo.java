package dev.watermill.join.internal;

import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * How far a stream was read, though it is to be taken up again before that, where
 * something is held. If nobody asks for what was held, since the streams above it are
 * over, it goes on there: whether the mill was stopped meanwhile or not, what belongs to
 * a run that is over is not met in the next one. Immutable.
 *
 * @param number the number of the next element, counted from where it is taken up
 * @param atMark whether all up to the mark was read, and the mark seen
 * @param position where that is
 */
record ReadTo(long number, boolean atMark, Position position) {

	/**
	 * Return what is known where a stream is taken up, {@code null} if it was not read
	 * beyond that.
	 */
	static @Nullable ReadTo of(Checkpoint.Input from) {
		String text = from.read();
		if (text == null) {
			return null;
		}
		int end = text.indexOf(' ');
		boolean atMark = text.charAt(end - 1) == '!';
		return new ReadTo(Long.parseLong(text.substring(0, atMark ? end - 1 : end)), atMark,
				Position.parse(text.substring(end + 1)));
	}

	/**
	 * Whether this is ahead of where a run stands that took the stream up.
	 * @param reached the number of its next element
	 * @param shownMark whether it has seen the mark
	 */
	boolean isAheadOf(long reached, boolean shownMark) {
		return reached < this.number || (reached == this.number && this.atMark && !shownMark);
	}

	/**
	 * Return a text for a stream that is taken up later.
	 * @param resumed the number of the element there
	 */
	String text(long resumed) {
		return (this.number - resumed) + (this.atMark ? "! " : " ") + this.position;
	}

}
