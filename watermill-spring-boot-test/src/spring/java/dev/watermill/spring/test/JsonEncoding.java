package dev.watermill.spring.test;

import java.lang.reflect.Modifier;
import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
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
		ObjectWriter plain = mapper.writer().with((PrettyPrinter) null).without(SerializationFeature.INDENT_OUTPUT);
		// Other classes tell less than the results themselves
		boolean precise = !(type instanceof Class<?> theClass) || Modifier.isFinal(theClass.getModifiers());
		return new JsonEncoding(precise ? plain.forType(mapper.constructType(type)) : plain);
	}

	byte @Nullable [] encode(Object element) {
		return (this.writer != null) ? this.writer.writeValueAsBytes(element) : null;
	}

}
