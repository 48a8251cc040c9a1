package dev.watermill.broker.kafka;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a topic.
 *
 * @param <R> the type of the results
 */
final class KafkaSink<R> implements StreamSink<R> {

	private static final Logger logger = LoggerFactory.getLogger(KafkaSink.class);

	private final KafkaConnection connection;

	private final KafkaTopic topic;

	private final Supplier<RecordEncoding> encoding;

	private final TransactionPlace place;

	/** How many lanes the mill is known to have. */
	private volatile int lanes = 1;

	/** Of how many partitions it was said that nobody writes some of them. */
	private int reported;

	/** Whether the records of the stream have keys. */
	private boolean keyed;

	KafkaSink(KafkaConnection connection, KafkaTopic topic, Supplier<RecordEncoding> encoding) {
		this.connection = connection;
		this.topic = topic;
		this.encoding = encoding;
		this.place = new TransactionPlace(connection, topic, () -> this.lanes);
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.connection.topics().answer(key, this.topic);
	}

	@Override
	public String location() {
		return this.topic.location();
	}

	@Override
	public Object resource() {
		return new TopicResource(this.connection, this.topic.name());
	}

	@Override
	public void verifySettings() {
		this.connection.tryWriting(this.topic.clientSettings());
	}

	@Override
	public synchronized void prepare(int lanes) {
		PartitionCount count = new TopicAdmin(this.connection).requireWritable(this.topic, lanes);
		this.lanes = lanes;
		if (count.isAbove(lanes) && count.count() != this.reported) {
			this.reported = count.count();
			logger.warn("{}", this.topic.message("has " + count.count() + " partitions, but is written by " + lanes
					+ " lanes: nothing comes to the others, and a mill that reads them waits for their end."));
		}
	}

	@Override
	public StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
		TransactionLog transactions = log.participant(this.connection.transactions())
			.orElseThrow(() -> new BrokerException(
					this.topic.message("is written in a transaction, but this mill commits elsewhere. "
							+ "Bind all topics it writes to one Kafka cluster.")));
		TopicAdmin admin = new TopicAdmin(this.connection);
		admin.requireWritable(this.topic, Math.max(this.lanes, transactions.partition() + 1));
		new OwnOutput(this.connection, this.topic).requireNone(transactions.inputs());
		RecordEncoding open = this.encoding.get();
		EndMarkForm endMark = endMark(open);
		if (!this.keyed || endMark == EndMarkForm.HEADER) {
			requireNotCompacted(admin, endMark);
		}
		return new TopicWriter<>(this.topic, transactions, open, endMark, this.keyed);
	}

	/**
	 * Where records are spread by their keys no partition has an end of its own.
	 */
	private EndMarkForm endMark(RecordEncoding open) {
		if (this.topic.partitionBy() == PartitionBy.KEY) {
			return EndMarkForm.NONE;
		}
		return (this.topic.endMark() != null) ? this.topic.endMark()
				: open.isJson() ? EndMarkForm.VALUE : EndMarkForm.HEADER;
	}

	/**
	 * A compacted topic takes no record without a key, and takes one without a value for
	 * a deletion.
	 */
	private void requireNotCompacted(TopicAdmin admin, EndMarkForm endMark) {
		if (!admin.isCompacted(this.topic)) {
			return;
		}
		if (!this.keyed) {
			throw new BrokerException(this.topic.message("is compacted (cleanup.policy), so each record needs a key, "
					+ "and the stream has none. Give it one (the stream's property 'key'), or write to a topic whose "
					+ "cleanup.policy is delete."));
		}
		throw new BrokerException(this.topic.message("is compacted (cleanup.policy), where a record without a value, "
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

	@Override
	public Optional<CommitPlace> commitPlace() {
		return Optional.of(this.place);
	}

}
