package dev.watermill.broker.memory;

import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader is.
 *
 * @param offset how many elements stand before it
 * @param marks how many marks it has passed
 * @param owes whether the stream was over for the mill without showing its mark, so that
 * the next one is passed over
 * @param segmentStart whether a mark was passed over just before it
 * @param atMark whether a mark is known to stand here
 */
record InMemoryPlace(int offset, int marks, boolean owes, boolean segmentStart, boolean atMark) {

	private static final String OFFSET = "offset";

	private static final String MARKS = "marks";

	private static final String OWES = "owes";

	private static final String AT_MARK = "atMark";

	static InMemoryPlace of(@Nullable Position position) {
		return new InMemoryPlace(number(position, OFFSET), number(position, MARKS),
				position != null && position.has(OWES), false, position != null && position.has(AT_MARK));
	}

	private static int number(@Nullable Position position, String field) {
		return (position != null && position.has(field)) ? (int) position.number(field) : 0;
	}

	InMemoryPlace plus(int elements) {
		return new InMemoryPlace(this.offset + elements, this.marks, this.owes, this.segmentStart && elements == 0,
				false);
	}

	/**
	 * The same place, once it was said that a segment begins here.
	 */
	InMemoryPlace begun() {
		return this.segmentStart ? new InMemoryPlace(this.offset, this.marks, this.owes, false, this.atMark) : this;
	}

	InMemoryPlace behindMark() {
		return new InMemoryPlace(this.offset, this.marks + 1, false, true, false);
	}

	InMemoryPlace beforeMark() {
		return new InMemoryPlace(this.offset, this.marks, this.owes, this.segmentStart, true);
	}

	static Position owing(Position position) {
		return position.with(OWES, 1);
	}

	Position position() {
		Position position = Position.of(OFFSET, this.offset);
		if (this.marks > 0) {
			position = position.with(MARKS, this.marks);
		}
		if (this.atMark) {
			position = position.with(AT_MARK, 1);
		}
		return this.owes ? position.with(OWES, 1) : position;
	}

}
