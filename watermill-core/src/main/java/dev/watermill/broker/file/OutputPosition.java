package dev.watermill.broker.file;

import dev.watermill.broker.BrokerException;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * How far an output reaches.
 *
 * @param length the length of the file
 * @param count how many results are in it
 * @param tail the checksum of the last bytes of that length
 * @param body the length without its end; the same as the length while it has none
 * @param ended whether its end is in it
 * @param open the member of a compressed file that is open at its end, {@code null} for
 * none
 */
record OutputPosition(long length, long count, long tail, long body, boolean ended, GzipMember.@Nullable Open open) {

	static final OutputPosition START = new OutputPosition(0, 0, 0, 0, false, null);

	private static final String LENGTH = "length";

	private static final String COUNT = "count";

	private static final String TAIL = "tail";

	private static final String BODY = "body";

	private static final String ENDED = "ended";

	private static final String MEMBER = "member";

	private static final String MEMBER_SIZE = "member-size";

	static OutputPosition of(Position position, BoundFile file) {
		try {
			long length = position.count(LENGTH);
			GzipMember.Open open = position.has(MEMBER)
					? new GzipMember.Open(position.count(MEMBER), position.count(MEMBER_SIZE)) : null;
			return new OutputPosition(length, position.count(COUNT), position.number(TAIL),
					position.has(BODY) ? position.count(BODY) : length, position.has(ENDED), open);
		}
		catch (IllegalArgumentException ex) {
			throw new BrokerException("Stream '" + file.stream() + "': " + position + " tells no length of the file "
					+ file.path() + ". Bind the stream to what it was written to before, or reset the mill.", ex);
		}
	}

	Position toPosition() {
		Position position = Position.of(LENGTH, this.length).with(COUNT, this.count).with(TAIL, this.tail);
		if (this.open != null) {
			position = position.with(MEMBER, this.open.checksum()).with(MEMBER_SIZE, this.open.size());
		}
		return this.ended ? position.with(ENDED, 1).with(BODY, this.body) : position;
	}

}
