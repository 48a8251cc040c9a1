package dev.watermill.broker.kafka;

import java.time.Instant;

import dev.watermill.stream.RecordFacts;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the record that is decoded, one after another. Used by one thread.
 */
final class CurrentRecord implements RecordFacts {

	private @Nullable ConsumerRecord<byte[], byte[]> message;

	void is(ConsumerRecord<byte[], byte[]> another) {
		this.message = another;
	}

	@Override
	public byte @Nullable [] key() {
		ConsumerRecord<byte[], byte[]> current = this.message;
		return (current != null) ? current.key() : null;
	}

	@Override
	public @Nullable Instant timestamp() {
		ConsumerRecord<byte[], byte[]> current = this.message;
		return (current != null && current.timestamp() != ConsumerRecord.NO_TIMESTAMP)
				? Instant.ofEpochMilli(current.timestamp()) : null;
	}

	@Override
	public byte @Nullable [] header(String name) {
		ConsumerRecord<byte[], byte[]> current = this.message;
		Header header = (current != null) ? current.headers().lastHeader(name) : null;
		return (header != null) ? header.value() : null;
	}

}
