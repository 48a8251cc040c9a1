package dev.watermill.broker.kafka;

import java.util.Optional;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a topic in the transactions of lanes, each of which has a partition
 * of its own.
 *
 * @param <R> the type of what is written
 */
abstract class TopicSink<R> implements StreamSink<R> {

	private final KafkaConnection connection;

	private final KafkaTopic topic;

	private final TransactionPlace place;

	/** How many lanes the mill is known to have. */
	private volatile int lanes = 1;

	TopicSink(KafkaConnection connection, KafkaTopic topic) {
		this.connection = connection;
		this.topic = topic;
		this.place = new TransactionPlace(connection, topic, () -> this.lanes);
	}

	final KafkaConnection connection() {
		return this.connection;
	}

	final KafkaTopic topic() {
		return this.topic;
	}

	@Override
	public final <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.connection.topics().answer(key, this.topic);
	}

	@Override
	public final String location() {
		return this.topic.location();
	}

	@Override
	public final Object resource() {
		return new TopicResource(this.connection, this.topic.name());
	}

	@Override
	public final void verifySettings() {
		this.connection.tryWriting(this.topic.clientSettings());
	}

	@Override
	public final void prepare(int lanes) {
		PartitionCount count = new TopicAdmin(this.connection).requireWritable(this.topic, lanes);
		this.lanes = lanes;
		prepared(count, lanes);
	}

	/**
	 * The topic is there, with partitions enough.
	 */
	void prepared(PartitionCount count, int lanes) {
	}

	@Override
	public final StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
		TransactionLog transactions = log.participant(this.connection.transactions())
			.orElseThrow(() -> new BrokerException(
					this.topic.message("is written in a transaction, but this mill commits elsewhere. "
							+ "Bind all topics it writes to one Kafka cluster.")));
		TopicAdmin admin = new TopicAdmin(this.connection);
		admin.requireWritable(this.topic, Math.max(this.lanes, transactions.partition() + 1));
		new OwnOutput(this.connection, this.topic).requireNone(transactions.inputs());
		return open(transactions, admin);
	}

	/**
	 * Open the topic, which is there, for writing.
	 */
	abstract StreamWriter<R> open(TransactionLog transactions, TopicAdmin admin);

	@Override
	public final Optional<CommitPlace> commitPlace() {
		return Optional.of(this.place);
	}

}
