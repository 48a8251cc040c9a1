package dev.watermill.broker.kafka;

import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.ForeignBytes;
import dev.watermill.codec.internal.JsonProblem;
import dev.watermill.codec.internal.RecordInjection;
import dev.watermill.codec.internal.TypedJson;
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
			return this.elementClass
				.isInstance(element)
						? noted(element, bytes)
						: new InvalidElement(
								"Expected an element of " + this.elementClass.getName()
										+ ", the deserializer made one of " + element.getClass().getName(),
								bytes, null);
		}
		catch (BrokerException ex) {
			throw ex;
		}
		catch (Exception ex) {
			return new InvalidElement(problem(ex, bytes), bytes, ex);
		}
		catch (StackOverflowError ex) {
			return new InvalidElement("Nested deeper than the stack of its thread", bytes, ex);
		}
	}

	abstract @Nullable Object value(ConsumerRecord<byte[], byte[]> message, byte[] bytes) throws Exception;

	/**
	 * Return an element that was just read with what else is known of it.
	 */
	Object noted(Object element, byte[] bytes) {
		return element;
	}

	String problem(Exception ex, byte[] bytes) {
		if (ex instanceof JacksonException) {
			return JsonProblem.of(ex);
		}
		String text = (ex.getMessage() != null) ? ex.getMessage() : ex.toString();
		return (ex.getCause() instanceof JacksonException cause) ? text + ": " + JsonProblem.of(cause) : text;
	}

	@Override
	public void close() {
	}

	private static final class Json extends RecordDecoding {

		private final TypedJson json;

		private final ObjectReader reader;

		private final JsonRun run;

		private final String stream;

		private final CurrentRecord current = new CurrentRecord();

		Json(JsonMapper mapper, Type type, String stream) {
			super(type, type);
			JsonMapper seeing = RecordInjection.seeing(mapper);
			this.json = new TypedJson(seeing, type);
			this.reader = new RecordInjection(seeing, this.current)
				.into(this.json.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
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
				this.json.clear();
				this.current.is(message);
				Object element = this.run.read(message);
				if (element == JsonRun.UNREAD) {
					this.json.clear();
					int start = byteOrderMark(bytes);
					element = this.reader.readValue(bytes, start, bytes.length - start);
				}
				return (element instanceof JsonNode node && node.isNull()) ? null : element;
			}
			catch (InvalidTypeIdException ex) {
				throw ex;
			}
			catch (InvalidDefinitionException ex) {
				throw new BrokerException("Stream '" + this.stream + "': elements of the topic '" + message.topic()
						+ "' can't be read as " + ex.getType() + ": " + JsonProblem.of(ex)
						+ ". Correct the Java type, or give the stream a deserializer.", ex);
			}
		}

		@Override
		public void close() {
			this.run.close();
		}

		private static int byteOrderMark(byte[] bytes) {
			boolean marked = bytes.length > 2 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb
					&& bytes[2] == (byte) 0xbf;
			return marked ? 3 : 0;
		}

		@Override
		Object noted(Object element, byte[] bytes) {
			return this.json.note(element, bytes, 0, bytes.length);
		}

		@Override
		String problem(Exception ex, byte[] bytes) {
			String text = this.json.explain(ex, bytes);
			ForeignBytes foreign = text.startsWith("Not JSON") ? ForeignBytes.recognise(bytes, 0, bytes.length) : null;
			if (foreign == null || foreign == ForeignBytes.ZEROS) {
				return text;
			}
			return text + ". " + (foreign.needsDeserializer()
					? "Name a deserializer for such values in watermill.streams." + this.stream + ".deserializer"
					: "Let the producer write UTF-8");
		}

	}

}
