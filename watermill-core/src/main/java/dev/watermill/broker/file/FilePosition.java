package dev.watermill.broker.file;

import dev.watermill.broker.BrokerException;
import dev.watermill.stream.Position;

/**
 * Where reading goes on in a file.
 *
 * @param offset how many bytes stand before it, uncompressed
 * @param count how many elements stand before it
 * @param line how many line breaks stand before it
 * @param checksum the checksum of the last bytes before it
 * @param over whether nothing can be read behind it, whatever stands there
 */
record FilePosition(long offset, long count, long line, long checksum, boolean over) {

	private static final String OFFSET = "offset";

	private static final String COUNT = "count";

	private static final String LINE = "line";

	private static final String CHECKSUM = "crc";

	private static final String OVER = "over";

	static FilePosition start() {
		return new FilePosition(0, 0, 0, TailChecksum.of(new byte[0], 0), false);
	}

	static FilePosition of(Position position, BoundFile file) {
		try {
			return new FilePosition(position.number(OFFSET), position.number(COUNT), position.number(LINE),
					position.number(CHECKSUM), position.has(OVER));
		}
		catch (IllegalArgumentException ex) {
			throw new BrokerException("Stream '" + file.stream() + "': " + position + " is no position in the file "
					+ file.path() + ". Bind the stream to what it was read from before, or reset the mill.", ex);
		}
	}

	/**
	 * How many bytes stand before a position, uncompressed.
	 */
	static long offset(Position position) {
		return position.has(OFFSET) ? position.number(OFFSET) : 0;
	}

	Position toPosition() {
		Position position = Position.of(OFFSET, this.offset)
			.with(COUNT, this.count)
			.with(LINE, this.line)
			.with(CHECKSUM, this.checksum);
		return this.over ? position.with(OVER, 1) : position;
	}

}
