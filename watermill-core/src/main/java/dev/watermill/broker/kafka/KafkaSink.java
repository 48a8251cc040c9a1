package dev.watermill.broker.kafka;

import java.util.Optional;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Writes a topic.
 *
 * @param <R> the type of the results
 */
final class KafkaSink<R> implements StreamSink<R> {

	private final KafkaConnection connection;

	private final KafkaTopic topic;

	private final Supplier<RecordEncoding> encoding;

	private final TransactionPlace place;

	KafkaSink(KafkaConnection connection, KafkaTopic topic, Supplier<RecordEncoding> encoding) {
		this.connection = connection;
		this.topic = topic;
		this.encoding = encoding;
		this.place = new TransactionPlace(connection, topic);
	}

	KafkaTopic topic() {
		return this.topic;
	}

	KafkaConnection connection() {
		return this.connection;
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
	public StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
		if (!(log instanceof TransactionLog transactions) || transactions.connection() != this.connection) {
			throw new BrokerException(
					this.topic.message("is written in a transaction, but this mill commits elsewhere. "
							+ "Bind all topics it writes to one Kafka cluster."));
		}
		new TopicAdmin(this.connection).requireWritable(this.topic);
		return new TopicWriter<>(this.topic, transactions, this.encoding.get());
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
