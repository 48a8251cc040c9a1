package dev.watermill.broker.kafka;

import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes dead letters as records of the lane's transaction: each as it was, with what was
 * wrong with it in headers.
 */
final class DeadLetterWriter implements StreamWriter<DeadLetter> {

	private final KafkaTopic topic;

	private final TransactionLog transactions;

	private final int largest;

	/**
	 * Create a writer.
	 * @param largest how many bytes a record may have
	 */
	DeadLetterWriter(KafkaTopic topic, TransactionLog transactions, int largest) {
		this.topic = topic;
		this.transactions = transactions;
		this.largest = largest;
	}

	@Override
	public void write(DeadLetter letter) {
		ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(this.topic.name(), this.transactions.partition(),
				letter.at().toEpochMilli(), letter.element().key(), letter.element().value(),
				DeadLetterHeaders.of(letter, this.largest));
		this.transactions.send(message,
				this.transactions.noting((ex) -> KafkaFailures.ofLetter(
						this.topic
							.message("could not take the dead letter of " + DeadLetterRecord.origin(message.headers())),
						ex)));
	}

	@Override
	public void endOfStream() {
		// others may go on writing here
	}

	@Override
	public Position flush() {
		return Position.empty();
	}

	@Override
	public void close() {
	}

}
