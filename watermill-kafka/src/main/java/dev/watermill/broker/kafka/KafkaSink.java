package dev.watermill.broker.kafka;

import java.util.Locale;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a topic.
 *
 * @param <R> the type of the results
 */
final class KafkaSink<R> extends TopicSink<R> {

	private static final Logger logger = LoggerFactory.getLogger(KafkaSink.class);

	private final Supplier<RecordEncoding> encoding;

	/** Of how many partitions it was said that nobody writes some of them. */
	private int reported;

	/** Whether the records of the stream have keys. */
	private boolean keyed;

	KafkaSink(KafkaConnection connection, KafkaTopic topic, Supplier<RecordEncoding> encoding) {
		super(connection, topic);
		this.encoding = encoding;
	}

	@Override
	synchronized void prepared(PartitionCount count, int lanes) {
		if (count.isAbove(lanes) && count.count() != this.reported) {
			this.reported = count.count();
			logger.warn("{}", topic().message("has " + count.count() + " partitions, but is written by " + lanes
					+ " lanes: nothing comes to the others, and a mill that reads them waits for their end."));
		}
	}

	@Override
	StreamWriter<R> open(TransactionLog transactions, TopicAdmin admin) {
		RecordEncoding open = this.encoding.get();
		EndMarkForm endMark = endMark(open);
		if (!this.keyed || endMark == EndMarkForm.HEADER) {
			requireNotCompacted(admin, endMark);
		}
		return new TopicWriter<>(topic(), transactions, open, endMark, this.keyed);
	}

	/**
	 * Where records are spread by their keys no partition has an end of its own.
	 */
	private EndMarkForm endMark(RecordEncoding open) {
		if (topic().partitionBy() == PartitionBy.KEY) {
			return EndMarkForm.NONE;
		}
		EndMarkForm chosen = topic().endMark();
		return (chosen != null) ? chosen : open.isJson() ? EndMarkForm.VALUE : EndMarkForm.HEADER;
	}

	/**
	 * A compacted topic takes no record without a key, and takes one without a value for
	 * a deletion.
	 */
	private void requireNotCompacted(TopicAdmin admin, EndMarkForm endMark) {
		if (!admin.isCompacted(topic())) {
			return;
		}
		if (!this.keyed) {
			throw new BrokerException(topic().message("is compacted (cleanup.policy), so each record needs a key, "
					+ "and the stream has none. Give it one (the stream's property 'key'), or write to a topic whose "
					+ "cleanup.policy is delete."));
		}
		throw new BrokerException(topic().message("is compacted (cleanup.policy), where a record without a value, "
				+ "as the mark of the end would be, is a deletion (end-mark is "
				+ endMark.name().toLowerCase(Locale.ROOT) + "). Set the stream's property '"
				+ KafkaBroker.END_MARK_PROPERTY + "' to value or none."));
	}

	@Override
	public void withKeys() {
		this.keyed = true;
	}

	@Override
	public boolean carriesHeaders() {
		return true;
	}

}
