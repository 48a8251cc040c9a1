package dev.watermill.spring.test;

import java.lang.reflect.Type;
import java.time.Instant;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.TypedJson;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads elements of one type, as they are read from files and topics. Used by one thread
 * at a time.
 */
final class JsonDecoding {

	private final String stream;

	private final TypedJson json;

	private @Nullable MemoryRecord current;

	JsonDecoding(JsonMapper mapper, String stream, Type type) {
		this.stream = stream;
		this.json = new TypedJson(mapper, type, new CurrentFacts());
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
		this.current = element;
		try {
			return this.json.read(bytes, 0, bytes.length);
		}
		catch (InvalidDefinitionException ex) {
			throw new BrokerException("Stream '" + this.stream + "': its elements " + TypedJson.explain(ex) + ".", ex);
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
