package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where reading goes on in a topic.
 *
 * @param offset the offset of the next record
 * @param owing whether the stream had not shown its mark when its mill completed, so that
 * the next mark is passed over
 * @param epoch the epoch of the leader that wrote what stands at or right before the
 * offset, by which a log is found out that lost its tail; {@link #UNKNOWN} if it isn't
 * known
 * @param topic the id of the topic, by which one is found out that was made anew,
 * {@code null} if it isn't known
 */
record KafkaPosition(long offset, boolean owing, int epoch, @Nullable String topic) {

	static final int UNKNOWN = -1;

	static final String OFFSET = "offset";

	static final String EPOCH = "epoch";

	private static final String OWING = "owing";

	static final String TOPIC = "topic";

	private static final String BEHIND = "behind";

	private static final String BEHIND_EPOCH = "behindEpoch";

	static KafkaPosition of(Position position, KafkaTopic topic) {
		try {
			int epoch = position.has(EPOCH) ? Math.toIntExact(position.number(EPOCH)) : UNKNOWN;
			return new KafkaPosition(position.count(OFFSET), position.has(OWING), epoch, position.text(TOPIC));
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new BrokerException(topic.message("is to be read from " + position
					+ ", which is no position in a topic. Bind the stream to what it was read from before, or reset "
					+ "the mill."), ex);
		}
	}

	/**
	 * A position whose only text is what stands in its group besides the offset.
	 */
	static Position at(long offset, int epoch) {
		Position position = Position.of(OFFSET, offset);
		return (epoch != UNKNOWN) ? position.with(EPOCH, epoch) : position;
	}

	static Position owing(Position position) {
		return position.with(OWING, 1);
	}

	/**
	 * A position at a mark, which is read again unless the mill has completed by then.
	 * @param mark where the mark stands
	 * @param behind where reading goes on once it has
	 */
	static Position atMark(KafkaPosition mark, KafkaPosition behind) {
		Position position = mark.toPosition().with(BEHIND, behind.offset);
		return (behind.epoch != UNKNOWN) ? position.with(BEHIND_EPOCH, behind.epoch) : position;
	}

	/**
	 * The position behind the mark, of one that is at a mark.
	 */
	static Position behindMark(Position position) {
		if (!position.has(BEHIND)) {
			return position;
		}
		int epoch = position.has(BEHIND_EPOCH) ? (int) position.number(BEHIND_EPOCH) : UNKNOWN;
		return new KafkaPosition(position.number(BEHIND), false, epoch, position.text(TOPIC)).toPosition();
	}

	/**
	 * Whether this is the position of a record that stands before another position. None
	 * does of a topic that was made anew since, nor one that was written behind the place
	 * where the log lost its tail: epochs never decrease along a log.
	 */
	boolean precedes(KafkaPosition other) {
		boolean another = this.topic != null && other.topic != null && !this.topic.equals(other.topic);
		boolean later = this.epoch != UNKNOWN && other.epoch != UNKNOWN && this.epoch > other.epoch;
		return this.offset < other.offset && !another && !later;
	}

	KafkaPosition withOwing(boolean owes) {
		return new KafkaPosition(this.offset, owes, this.epoch, this.topic);
	}

	Position toPosition() {
		Position position = at(this.offset, this.epoch);
		if (this.topic != null) {
			position = position.with(TOPIC, this.topic);
		}
		return this.owing ? owing(position) : position;
	}

}
