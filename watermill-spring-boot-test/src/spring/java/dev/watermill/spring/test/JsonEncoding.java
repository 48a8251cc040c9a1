package dev.watermill.spring.test;

import java.lang.reflect.Type;

import dev.watermill.codec.internal.OneLineJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes elements as they are written to files and topics, on one line. Thread-safe.
 */
final class JsonEncoding {

	/** Of what is kept as it is only. */
	static final JsonEncoding NONE = new JsonEncoding(null);

	private final @Nullable ObjectWriter writer;

	private JsonEncoding(@Nullable ObjectWriter writer) {
		this.writer = writer;
	}

	static JsonEncoding of(JsonMapper mapper, Type type) {
		return new JsonEncoding(OneLineJson.writer(mapper, type));
	}

	byte @Nullable [] encode(Object element) {
		return (this.writer != null) ? this.writer.writeValueAsBytes(element) : null;
	}

}
