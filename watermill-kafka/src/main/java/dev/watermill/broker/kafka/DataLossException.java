package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;
import org.jspecify.annotations.Nullable;

/**
 * What stood at a position of a topic is gone. It knows where to go on without it, for
 * streams that are to.
 */
final class DataLossException extends BrokerException {

	private static final long serialVersionUID = 1L;

	private static final String ADVICE = " To go on without them, set the stream's property '"
			+ KafkaBroker.ON_DATA_LOSS_PROPERTY + "' to earliest";

	/** What is gone, and where reading goes on without it, in words. */
	private final String loss;

	/** The least offset that can be read on from. */
	private final long first;

	/** The greatest one that what was read reaches to. */
	private final long last;

	/** The id of the topic, if it is another one than was read. */
	private final @Nullable String anew;

	private DataLossException(String message, String loss, long first, long last, @Nullable String anew) {
		super(message);
		this.loss = loss;
		this.first = first;
		this.last = last;
		this.anew = anew;
	}

	/**
	 * Records were deleted before they were read.
	 * @param offset where reading was to go on
	 * @param begin where the partition begins
	 */
	static DataLossException deleted(KafkaTopic topic, long offset, long begin) {
		String found = "is to be read on from offset " + offset + ", but begins at " + begin + " now: "
				+ records(begin - offset) + " deleted before they were read";
		return new DataLossException(
				topic.message(found + ". Keep records longer (retention.ms, retention.bytes)." + ADVICE + "."),
				topic.message(found + ". Reading goes on at " + begin + " without them."), begin, Long.MAX_VALUE, null);
	}

	/**
	 * A log lost its tail, of which something had been read.
	 * @param offset where reading was to go on
	 * @param end where what was read ends now
	 * @param group the consumer group of the node
	 */
	static DataLossException cut(KafkaTopic topic, long offset, long end, String group) {
		String found = "is to be read on from offset " + offset + ", but what was read of it ends at " + end
				+ " now: it lost its tail (a leader that was behind took over, or a disk was lost)";
		return new DataLossException(
				topic.message(found + ". What stands there now may be other records. Reset the mill to begin at the "
						+ "start, or set the offsets of the consumer group '" + group + "' to where it is to go on."
						+ ADVICE + ": reading goes on at " + end + " then."),
				topic.message(found + "; " + records(offset - end) + " lost. Reading goes on at " + end
						+ ", with what stands there now."),
				0, end, null);
	}

	/**
	 * A topic was made anew under its name.
	 * @param before the id of the topic that was read
	 * @param now its id
	 */
	static DataLossException anew(KafkaTopic topic, String before, String now) {
		String found = "is not the topic that was read until now: its id was " + before + ", and is " + now
				+ ". It was made anew, or the stream was bound to another topic";
		return new DataLossException(
				topic.message(found + ", so no offset tells what of it was read. Reset the mill to begin at the "
						+ "start, or bind the stream to the former topic." + ADVICE
						+ ": the topic is read from its start then, in an order of its own."),
				topic.message(found + "; whatever of it was not read is lost. The new one is read from its start, in "
						+ "an order of its own."),
				0, Long.MAX_VALUE, now);
	}

	private static String records(long count) {
		return (count == 1) ? "1 record was" : count + " records were";
	}

	/**
	 * What is gone, for those who go on.
	 */
	String loss() {
		return this.loss;
	}

	/**
	 * Whether the topic is another one, which has an order of its own.
	 */
	boolean isAnew() {
		return this.anew != null;
	}

	/**
	 * Where to go on, for one who was to go on at a position.
	 * @return the same position for one that lost nothing
	 */
	KafkaPosition resume(KafkaPosition at) {
		if (this.anew != null) {
			return this.anew.equals(at.topic()) ? at : new KafkaPosition(0, false, KafkaPosition.UNKNOWN, this.anew);
		}
		long offset = Math.max(this.first, Math.min(this.last, at.offset()));
		return (offset == at.offset()) ? at : new KafkaPosition(offset, at.owing(), KafkaPosition.UNKNOWN, at.topic());
	}

}
