package dev.watermill.codec.internal;

import java.lang.reflect.Type;
import java.util.Arrays;

import dev.watermill.codec.InvalidElement;
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
		JsonMapper utf8 = InputFactory.of(mapper);
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
	 * Return an element with what is known of it.
	 * @param element the element that was read since the last one
	 * @param bytes where it was read
	 * @param from its first byte
	 * @param to the index behind its last byte
	 * @return the element itself, an {@link InexactElement}, or an {@link InvalidElement}
	 * if its bytes are not UTF-8, which the reader does not always see
	 */
	public Object note(Object element, byte[] bytes, int from, int to) {
		int invalid = Utf8.firstInvalid(bytes, from, to);
		if (invalid >= 0) {
			clear();
			return new InvalidElement(Utf8.problem(bytes, invalid, to), Arrays.copyOfRange(bytes, from, to), null);
		}
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
