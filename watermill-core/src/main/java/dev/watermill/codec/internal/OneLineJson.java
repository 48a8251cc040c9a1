package dev.watermill.codec.internal;

import java.lang.reflect.Modifier;
import java.lang.reflect.Type;

import tools.jackson.core.PrettyPrinter;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes results as JSON on one line each, however the mapper would break it.
 *
 * @since 0.1.0
 */
public final class OneLineJson {

	private OneLineJson() {
	}

	/**
	 * Return what writes results.
	 * @param mapper the mapper
	 * @param type the type that the results are declared to have
	 * @return a writer, which is thread-safe
	 */
	public static ObjectWriter writer(JsonMapper mapper, Type type) {
		ObjectWriter plain = mapper.writer().with((PrettyPrinter) null).without(SerializationFeature.INDENT_OUTPUT);
		// Other classes tell less than the results themselves
		boolean precise = !(type instanceof Class<?> theClass) || Modifier.isFinal(theClass.getModifiers());
		return precise ? plain.forType(mapper.constructType(type)) : plain;
	}

}
