package dev.watermill.broker.kafka;

import java.time.Instant;
import java.util.List;

import dev.watermill.stream.RecordFacts;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the record that is decoded, one after another. Used by one thread.
 */
final class CurrentRecord implements RecordFacts {

	private List<ConsumerRecord<byte[], byte[]>> messages = List.of();

	/**
	 * Which of them it is. Not the record itself: to write a reference into an object
	 * that has been there for long costs a fence with the collector that is the default,
	 * for each record, and few elements ask.
	 */
	private int index;

	void begin(List<ConsumerRecord<byte[], byte[]>> records) {
		this.messages = records;
		this.index = 0;
	}

	void is(int another) {
		this.index = another;
	}

	private @Nullable ConsumerRecord<byte[], byte[]> message() {
		return (this.index < this.messages.size()) ? this.messages.get(this.index) : null;
	}

	@Override
	public byte @Nullable [] key() {
		ConsumerRecord<byte[], byte[]> current = message();
		return (current != null) ? current.key() : null;
	}

	@Override
	public @Nullable Instant timestamp() {
		ConsumerRecord<byte[], byte[]> current = message();
		return (current != null && current.timestamp() != ConsumerRecord.NO_TIMESTAMP)
				? Instant.ofEpochMilli(current.timestamp()) : null;
	}

	@Override
	public byte @Nullable [] header(String name) {
		ConsumerRecord<byte[], byte[]> current = message();
		Header header = (current != null) ? current.headers().lastHeader(name) : null;
		return (header != null) ? header.value() : null;
	}

}
