package dev.watermill.broker.kafka;

import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;

import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.InvalidElement;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the values of records into elements. Used by one thread.
 */
abstract class RecordDecoding implements AutoCloseable {

	private final Object identity;

	private List<ConsumerRecord<byte[], byte[]>> messages = List.of();

	RecordDecoding(Object identity) {
		this.identity = identity;
	}

	static RecordDecoding json(JsonMapper mapper, Type type, String stream) {
		return new JsonRecords(mapper, type, stream);
	}

	static RecordDecoding by(ElementDecoder<?> decoder, Type type) {
		return new DecodedRecords(decoder, type) {

			@Override
			@Nullable Object value(ConsumerRecord<byte[], byte[]> message, byte[] bytes) throws Exception {
				return decoder.decode(bytes);
			}

		};
	}

	static RecordDecoding by(Supplier<? extends Deserializer<?>> deserializers, Type type) {
		Deserializer<?> deserializer = deserializers.get();
		return new DecodedRecords(deserializers, type) {

			@Override
			@Nullable Object value(ConsumerRecord<byte[], byte[]> message, byte[] bytes) {
				return deserializer.deserialize(message.topic(), message.headers(), bytes);
			}

			@Override
			public void close() {
				deserializer.close();
			}

		};
	}

	/**
	 * Two decodings of equal identity make the same elements, so one can serve for both.
	 */
	Object identity() {
		return this.identity;
	}

	/**
	 * Begin with records that are to be decoded in this order, some of them perhaps not.
	 */
	void begin(List<ConsumerRecord<byte[], byte[]>> records) {
		this.messages = records;
	}

	/**
	 * Turn a record into an element.
	 * @param index which of them it is
	 * @return the element, or an {@link InvalidElement} in the place of one that could
	 * not be read
	 */
	final Object decode(int index) {
		ConsumerRecord<byte[], byte[]> message = this.messages.get(index);
		byte[] bytes = message.value();
		return (bytes != null) ? element(index, message, bytes)
				: InvalidElement.tombstone("Expected an element, found a record without a value (a tombstone)");
	}

	/**
	 * Turn the value of a record into an element.
	 */
	abstract Object element(int index, ConsumerRecord<byte[], byte[]> message, byte[] bytes);

	@Override
	public void close() {
	}

}
