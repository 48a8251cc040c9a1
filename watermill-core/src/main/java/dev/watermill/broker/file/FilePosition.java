package dev.watermill.broker.file;

import dev.watermill.broker.BrokerException;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where reading goes on in a file.
 *
 * @param offset how many bytes stand before it, uncompressed
 * @param count how many elements stand before it
 * @param line how many line breaks stand before it
 * @param checksum the checksum of the last bytes before it
 * @param content the checksum of all bytes before it
 * @param whole what the file is if it was read to its end, else {@code null}
 */
record FilePosition(long offset, long count, long line, long checksum, long content, @Nullable Whole whole) {

	private static final String OFFSET = "offset";

	private static final String COUNT = "count";

	private static final String LINE = "line";

	private static final String CHECKSUM = "crc";

	private static final String CONTENT = "content";

	private static final String SIZE = "size";

	private static final String WHOLE = "whole";

	static FilePosition start() {
		return new FilePosition(0, 0, 0, TailChecksum.of(new byte[0], 0), ContentChecksum.NOTHING, null);
	}

	/**
	 * Return the position at a buffer's mark.
	 */
	static FilePosition at(ReadBuffer buffer, long count, long line) {
		return new FilePosition(buffer.origin() + buffer.mark(), count, line,
				TailChecksum.of(buffer.bytes(), buffer.mark()), buffer.content(), null);
	}

	FilePosition with(Whole file) {
		return new FilePosition(this.offset, this.count, this.line, this.checksum, this.content, file);
	}

	static FilePosition of(Position position, BoundFile file) {
		try {
			Whole whole = position.has(SIZE) ? new Whole(position.count(SIZE), position.number(WHOLE)) : null;
			return new FilePosition(position.count(OFFSET), position.count(COUNT), position.count(LINE),
					position.number(CHECKSUM), position.number(CONTENT), whole);
		}
		catch (IllegalArgumentException ex) {
			throw new BrokerException("Stream '" + file.stream() + "': " + position + " is no position in the file "
					+ file.path() + ". Bind the stream to what it was read from before, or reset the mill.", ex);
		}
	}

	/**
	 * Whether a file was read to its end before a position.
	 */
	static boolean isAtEnd(Position position) {
		return position.has(SIZE);
	}

	/**
	 * How many bytes stand before a position, uncompressed.
	 */
	static long offset(Position position) {
		return position.has(OFFSET) ? position.number(OFFSET) : 0;
	}

	/**
	 * How many elements stand before a position.
	 */
	static long count(Position position) {
		return position.has(COUNT) ? position.number(COUNT) : 0;
	}

	Position toPosition() {
		Position position = Position.of(OFFSET, this.offset)
			.with(COUNT, this.count)
			.with(LINE, this.line)
			.with(CHECKSUM, this.checksum)
			.with(CONTENT, this.content);
		return (this.whole != null) ? position.with(SIZE, this.whole.size()).with(WHOLE, this.whole.content())
				: position;
	}

	/**
	 * All of a file.
	 *
	 * @param size how many bytes it has, uncompressed
	 * @param content their checksum
	 */
	record Whole(long size, long content) {

	}

}
