package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;
import dev.watermill.stream.Position;

/**
 * Where reading goes on in a topic.
 *
 * @param offset the offset of the next record
 * @param owing whether the stream had not shown its mark when its mill completed, so that
 * the next mark is passed over
 */
record KafkaPosition(long offset, boolean owing) {

	static final String OFFSET = "offset";

	private static final String OWING = "owing";

	static KafkaPosition of(Position position, KafkaTopic topic) {
		try {
			return new KafkaPosition(position.count(OFFSET), position.has(OWING));
		}
		catch (IllegalArgumentException ex) {
			throw new BrokerException(topic.message("is to be read from " + position
					+ ", which is no position in a topic. Bind the stream to what it was read from before, or reset "
					+ "the mill."), ex);
		}
	}

	static Position at(long offset) {
		return Position.of(OFFSET, offset);
	}

	static Position owing(Position position) {
		return position.with(OWING, 1);
	}

	Position toPosition() {
		return this.owing ? owing(at(this.offset)) : at(this.offset);
	}

}
