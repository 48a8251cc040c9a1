package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.ResultMetadata;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes results as records of the lane's transaction: what is not committed was never
 * there.
 *
 * @param <R> the type of the results
 */
final class TopicWriter<R> implements StreamWriter<R> {

	private static final RecordHeaders NONE = new RecordHeaders();

	private final KafkaTopic topic;

	private final TransactionLog transactions;

	private final RecordEncoding encoding;

	private final EndMarkForm endMark;

	/** The same for all, since one for each would keep it in memory. */
	private final Callback written;

	/** Whether the records of the stream have keys. */
	private boolean keyed;

	TopicWriter(KafkaTopic topic, TransactionLog transactions, RecordEncoding encoding, EndMarkForm endMark,
			boolean keyed) {
		this.topic = topic;
		this.transactions = transactions;
		this.encoding = encoding;
		this.endMark = endMark;
		this.keyed = keyed;
		this.written = transactions
			.noting((ex) -> KafkaFailures.translate(topic.message("could not take a result"), ex));
	}

	@Override
	public void write(R result) {
		RecordHeaders headers = this.encoding.isJson() ? NONE : new RecordHeaders();
		// a record copies the headers that it gets, even if there are none
		send(null, null, encode(headers, result), (headers == NONE) ? null : headers);
	}

	@Override
	public void write(R result, ResultMetadata metadata) {
		RecordHeaders headers = new RecordHeaders();
		metadata.headers().forEach(headers::add);
		this.keyed |= metadata.key() != null;
		send(metadata.key(), metadata.timestamp(), encode(headers, result), headers);
	}

	private byte @Nullable [] encode(RecordHeaders headers, R result) {
		try {
			return this.encoding.encode(this.topic.name(), headers, result);
		}
		catch (Exception ex) {
			throw new BrokerException(this.topic.message("can't take a result, which can't be written: "
					+ ex.getMessage() + ". Correct its Java type, or give the stream a serializer."), ex);
		}
	}

	private void send(@Nullable Object key, @Nullable Instant timestamp, byte @Nullable [] value,
			@Nullable RecordHeaders headers) {
		Long time = (timestamp != null) ? timestamp.toEpochMilli() : null;
		byte[] keyBytes = (key != null) ? key.toString().getBytes(StandardCharsets.UTF_8) : null;
		this.transactions.send(
				new ProducerRecord<>(this.topic.name(), partition(keyBytes), time, keyBytes, value, headers),
				this.written);
	}

	/**
	 * The partition that takes a record, {@code null} if the client decides by the key.
	 */
	private @Nullable Integer partition(byte @Nullable [] key) {
		if (this.topic.partitionBy() == PartitionBy.LANE) {
			return this.transactions.partition();
		}
		if (key == null) {
			throw new BrokerException(this.topic.message("can't take a result without a key, since its records are "
					+ "spread by their keys ('" + KafkaBroker.PARTITION_BY_PROPERTY + "' is key). Give the stream one "
					+ "(its property 'key'), or each result (Result.withKey)."));
		}
		return null;
	}

	@Override
	public void endOfStream() {
		if (this.endMark == EndMarkForm.NONE) {
			return;
		}
		String key = this.keyed ? EndOfStreamRecord.NAME : null;
		RecordHeaders headers = new RecordHeaders();
		if (this.endMark == EndMarkForm.VALUE) {
			send(key, null, EndOfStreamRecord.value(), headers);
		}
		else {
			EndOfStreamRecord.addHeader(headers);
			send(key, null, null, headers);
		}
	}

	@Override
	public Position flush() {
		// the commit flushes, and what comes behind it is no matter of a length
		return Position.empty();
	}

	@Override
	public void close() {
		this.encoding.close();
	}

}
