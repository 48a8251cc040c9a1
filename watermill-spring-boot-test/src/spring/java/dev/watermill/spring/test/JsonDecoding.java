package dev.watermill.spring.test;

import java.lang.reflect.Type;
import java.time.Instant;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.JsonProblem;
import dev.watermill.codec.internal.RecordInjection;
import dev.watermill.codec.internal.TypedJson;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads elements of one type, as they are read from files and topics. Used by one thread
 * at a time.
 */
final class JsonDecoding {

	private final String stream;

	private final TypedJson json;

	private final ObjectReader reader;

	private @Nullable MemoryRecord current;

	JsonDecoding(JsonMapper mapper, String stream, Type type) {
		this.stream = stream;
		JsonMapper seeing = RecordInjection.seeing(mapper);
		this.json = new TypedJson(seeing, type);
		this.reader = new RecordInjection(seeing, new CurrentFacts())
			.into(this.json.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
	}

	/**
	 * Read an element.
	 * @return the element, or an {@link InvalidElement} in its place
	 */
	Object decode(MemoryRecord element) {
		byte[] bytes = element.json();
		if (bytes == null) {
			return InvalidElement.tombstone("Expected an element, found a record without a value (a tombstone)");
		}
		try {
			this.json.clear();
			this.current = element;
			Object value = this.reader.readValue(bytes);
			if (value == null || (value instanceof JsonNode node && node.isNull())) {
				return new InvalidElement("Expected an element, found null", bytes, null);
			}
			return this.json.note(value, bytes, 0, bytes.length);
		}
		catch (InvalidTypeIdException ex) {
			return new InvalidElement(this.json.explain(ex, bytes), bytes, ex);
		}
		catch (InvalidDefinitionException ex) {
			throw new BrokerException("Stream '" + this.stream + "': its elements can't be read as " + ex.getType()
					+ ": " + JsonProblem.of(ex) + ". Correct the Java type.", ex);
		}
		catch (RuntimeException ex) {
			return new InvalidElement(this.json.explain(ex, bytes), bytes, ex);
		}
		catch (StackOverflowError ex) {
			return new InvalidElement("Nested deeper than the stack of its thread", bytes, ex);
		}
	}

	/**
	 * The record that is read.
	 */
	private final class CurrentFacts implements RecordFacts {

		@Override
		public byte @Nullable [] key() {
			MemoryRecord known = JsonDecoding.this.current;
			return (known != null) ? known.key() : null;
		}

		@Override
		public @Nullable Instant timestamp() {
			MemoryRecord known = JsonDecoding.this.current;
			return (known != null) ? known.timestamp() : null;
		}

		@Override
		public byte @Nullable [] header(String name) {
			MemoryRecord known = JsonDecoding.this.current;
			return (known != null) ? known.header(name) : null;
		}

	}

}
