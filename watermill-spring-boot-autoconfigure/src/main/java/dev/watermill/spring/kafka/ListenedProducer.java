package dev.watermill.spring.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import org.springframework.kafka.core.ProducerFactory.Listener;

/**
 * A producer of whose coming and going its factory's listeners are notified.
 */
final class ListenedProducer extends KafkaProducer<byte[], byte[]> {

	private final List<Listener<byte[], byte[]>> listeners;

	private final String id;

	ListenedProducer(Map<String, Object> settings, List<Listener<byte[], byte[]>> listeners) {
		super(settings, new ByteArraySerializer(), new ByteArraySerializer());
		this.listeners = List.copyOf(listeners);
		this.id = ClientNames.listened(metrics().keySet());
	}

	void added() {
		this.listeners.forEach((listener) -> listener.producerAdded(this.id, this));
	}

	/**
	 * Also called by {@link #close()}.
	 */
	@Override
	public void close(Duration timeout) {
		try {
			super.close(timeout);
		}
		finally {
			this.listeners.forEach((listener) -> listener.producerRemoved(this.id, this));
		}
	}

}
