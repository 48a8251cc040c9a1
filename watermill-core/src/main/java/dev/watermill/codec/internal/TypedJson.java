package dev.watermill.codec.internal;

import java.lang.reflect.Type;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads elements of one type from JSON in UTF-8, whatever holds them: a reader, what is
 * to be known of the numbers it read, and what is wrong with what it could not read. Used
 * by one thread.
 *
 * @since 0.1.0
 */
public final class TypedJson {

	private final ObjectReader reader;

	private final JsonProblem problem;

	private final InexactNumbers numbers = new InexactNumbers();

	/**
	 * Read elements of a type.
	 * @param mapper the mapper
	 * @param type the type of the elements
	 */
	public TypedJson(JsonMapper mapper, Type type) {
		JsonMapper utf8 = Utf8Json.of(mapper);
		JavaType javaType = utf8.constructType(type);
		this.reader = this.numbers.collectFrom(utf8.readerFor(javaType));
		this.problem = new JsonProblem(utf8, javaType);
	}

	/**
	 * Return the reader.
	 * @return what reads elements
	 */
	public ObjectReader reader() {
		return this.reader;
	}

	/**
	 * Forget what belongs to an element that was not read to its end.
	 */
	public void clear() {
		this.numbers.clear();
	}

	/**
	 * Return an element with what is known of its numbers.
	 * @param element the element that was read since the last one
	 * @return the element itself, or an {@link InexactElement}
	 */
	public Object note(Object element) {
		return this.numbers.note(element);
	}

	/**
	 * Say why an element can't be read.
	 * @param thrown what the reader threw
	 * @param value the element as it was
	 * @return what was found and what was expected, for people
	 */
	public String explain(Exception thrown, byte[] value) {
		return this.problem.of(thrown, value);
	}

}
