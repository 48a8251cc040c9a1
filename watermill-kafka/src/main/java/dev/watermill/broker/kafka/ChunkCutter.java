package dev.watermill.broker.kafka;

import java.util.List;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes chunks of decoded elements of the records of a partition: a mark ends one, and so
 * does a new leader. Used by one thread.
 */
final class ChunkCutter {

	private final PartitionSource source;

	private final RecordDecoding decoding;

	ChunkCutter(PartitionSource source, RecordDecoding decoding) {
		this.source = source;
		this.decoding = decoding;
	}

	/**
	 * Make chunks of records.
	 * @param behind where reading goes on behind the records
	 * @param last the chunk before
	 * @param chunks is given the chunks
	 */
	void cut(List<ConsumerRecord<byte[], byte[]>> messages, long behind, TopicChunk last, Consumer<TopicChunk> chunks) {
		TopicChunk chunk = this.source.chunk(messages.size(), last);
		List<ConsumerRecord<byte[], byte[]>> read = read(messages);
		this.decoding.begin(read);
		for (int i = 0; i < messages.size(); i++) {
			ConsumerRecord<byte[], byte[]> message = messages.get(i);
			if (!chunk.takes(message)) {
				chunks.accept(chunk);
				chunk = this.source.chunk(messages.size() - i, chunk);
			}
			ConsumerRecord<byte[], byte[]> element = read.get(i);
			// what became a dead letter was an element, whatever it looks like
			if (element != message || !EndOfStreamRecord.is(message)) {
				chunk.add(this.decoding.decode(i), element, message);
				continue;
			}
			forgetInterrupt();
			int rest = messages.size() - i - 1;
			this.source.marked(message, rest == 0);
			chunk.mark(message);
			if (rest == 0) {
				long end = this.source.behindMark(behind);
				chunk.endAt(end, this.source.epochAt(end));
			}
			chunks.accept(chunk);
			chunk = this.source.chunk(rest, chunk);
		}
		if (!chunk.isEmpty()) {
			chunk.endAt(behind, this.source.epochAt(behind));
			chunks.accept(chunk);
		}
		forgetInterrupt();
	}

	/**
	 * Return the records as they are to be read.
	 */
	private List<ConsumerRecord<byte[], byte[]>> read(List<ConsumerRecord<byte[], byte[]>> messages) {
		return (this.source.target().topic().deadLetters() == DeadLetters.READ)
				? messages.stream().map(DeadLetterRecord::undo).toList() : messages;
	}

	/**
	 * Nobody interrupts this thread but code of the user's that read an element: the
	 * client would take it for its own end.
	 */
	private static void forgetInterrupt() {
		Thread.interrupted();
	}

}
