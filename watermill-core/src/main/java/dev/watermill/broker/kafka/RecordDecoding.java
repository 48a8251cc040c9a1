package dev.watermill.broker.kafka;

import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.ElementDecoder;
import dev.watermill.broker.InvalidElement;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the values of records into elements. Used by one thread.
 */
abstract class RecordDecoding implements AutoCloseable {

	private final Object identity;

	/** The class of the elements as far as it is known. */
	private final Class<?> elementClass;

	RecordDecoding(Object identity, Type type) {
		this.identity = identity;
		this.elementClass = (type instanceof Class<?> theClass) ? theClass : Object.class;
	}

	static RecordDecoding json(JsonMapper mapper, Type type, String stream) {
		return new Json(mapper, type, stream);
	}

	static RecordDecoding by(ElementDecoder<?> decoder, Type type) {
		return new RecordDecoding(decoder, type) {

			@Override
			@Nullable Object value(ConsumerRecord<byte[], byte[]> message, byte[] bytes) throws Exception {
				return decoder.decode(bytes);
			}

		};
	}

	static RecordDecoding by(Supplier<? extends Deserializer<?>> deserializers, Type type) {
		Deserializer<?> deserializer = deserializers.get();
		return new RecordDecoding(deserializers, type) {

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
	void begin(List<ConsumerRecord<byte[], byte[]>> messages) {
	}

	/**
	 * Turn a record into an element.
	 * @return the element, or an {@link InvalidElement} in the place of one that could
	 * not be read
	 */
	Object decode(ConsumerRecord<byte[], byte[]> message) {
		byte[] bytes = message.value();
		if (bytes == null) {
			return InvalidElement.tombstone("Expected an element, found a record without a value (a tombstone)");
		}
		try {
			Object element = value(message, bytes);
			if (element == null) {
				return new InvalidElement("Expected an element, found null", bytes, null);
			}
			return this.elementClass.isInstance(element) ? element
					: new InvalidElement("Expected a " + this.elementClass.getName() + ", the deserializer made a "
							+ element.getClass().getName(), bytes, null);
		}
		catch (BrokerException ex) {
			throw ex;
		}
		catch (Exception ex) {
			return new InvalidElement(problem(ex), bytes, ex);
		}
	}

	abstract @Nullable Object value(ConsumerRecord<byte[], byte[]> message, byte[] bytes) throws Exception;

	String problem(Exception ex) {
		return (ex.getMessage() != null) ? ex.getMessage() : ex.toString();
	}

	@Override
	public void close() {
	}

	private static final class Json extends RecordDecoding {

		private final ObjectReader reader;

		private final JsonRun run;

		private final String stream;

		Json(JsonMapper mapper, Type type, String stream) {
			super(type, type);
			this.reader = mapper.readerFor(mapper.constructType(type))
				.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
			this.run = new JsonRun(this.reader);
			this.stream = stream;
		}

		@Override
		void begin(List<ConsumerRecord<byte[], byte[]>> messages) {
			this.run.begin(messages);
		}

		@Override
		@Nullable Object value(ConsumerRecord<byte[], byte[]> message, byte[] bytes) {
			try {
				Object element = this.run.read(message);
				if (element == JsonRun.UNREAD) {
					element = this.reader.readValue(bytes);
				}
				return (element instanceof JsonNode node && node.isNull()) ? null : element;
			}
			catch (InvalidTypeIdException ex) {
				throw ex;
			}
			catch (InvalidDefinitionException ex) {
				throw new BrokerException("Stream '" + this.stream + "': elements of the topic '" + message.topic()
						+ "' can't be read as " + ex.getType() + ": " + ex.getOriginalMessage()
						+ ". Correct the Java type, or give the stream a deserializer.", ex);
			}
		}

		@Override
		public void close() {
			this.run.close();
		}

		@Override
		String problem(Exception ex) {
			return (ex instanceof JacksonException jackson) ? jackson.getOriginalMessage() : super.problem(ex);
		}

	}

}
