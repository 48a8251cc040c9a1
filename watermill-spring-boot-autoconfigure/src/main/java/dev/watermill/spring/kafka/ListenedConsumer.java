package dev.watermill.spring.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import org.springframework.kafka.core.ConsumerFactory.Listener;

/**
 * A consumer of whose coming and going its factory's listeners are notified.
 */
final class ListenedConsumer extends KafkaConsumer<byte[], byte[]> {

	private final List<Listener<byte[], byte[]>> listeners;

	private final String id;

	ListenedConsumer(Map<String, Object> settings, List<Listener<byte[], byte[]>> listeners) {
		super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
		this.listeners = List.copyOf(listeners);
		this.id = ClientNames.listened(metrics().keySet());
	}

	void added() {
		this.listeners.forEach((listener) -> listener.consumerAdded(this.id, this));
	}

	private void removed() {
		this.listeners.forEach((listener) -> listener.consumerRemoved(this.id, this));
	}

	@Override
	public void close() {
		try {
			super.close();
		}
		finally {
			removed();
		}
	}

	@Override
	@Deprecated
	public void close(Duration timeout) {
		try {
			super.close(timeout);
		}
		finally {
			removed();
		}
	}

	@Override
	public void close(CloseOptions options) {
		try {
			super.close(options);
		}
		finally {
			removed();
		}
	}

}
