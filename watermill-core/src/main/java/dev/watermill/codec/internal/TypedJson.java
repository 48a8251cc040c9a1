package dev.watermill.codec.internal;

import java.lang.reflect.Type;
import java.util.Arrays;

import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads elements of one type from JSON in UTF-8, whatever holds them: each alone, with
 * what is wrong with it, or by a reader that goes over many. Used by one thread.
 *
 * @since 0.1.0
 */
public final class TypedJson {

	private final ObjectReader reader;

	/** Of one element and nothing behind it. */
	private final ObjectReader single;

	private final JsonProblem problem;

	private final InexactNumbers numbers = new InexactNumbers();

	/**
	 * Read elements of a type.
	 * @param mapper the mapper
	 * @param type the type of the elements
	 */
	public TypedJson(JsonMapper mapper, Type type) {
		this(mapper, type, null);
	}

	/**
	 * Read elements of a type that may want to know something of their records.
	 * @param mapper the mapper
	 * @param type the type of the elements
	 * @param current knows the record that is read, each time another one; {@code null}
	 * if there are no records
	 */
	public TypedJson(JsonMapper mapper, Type type, @Nullable RecordFacts current) {
		JsonMapper utf8 = InputFactory.of((current != null) ? RecordInjection.seeing(mapper) : mapper);
		JavaType javaType = utf8.constructType(type);
		ObjectReader typed = this.numbers.collectFrom(utf8.readerFor(javaType));
		this.reader = (current != null) ? new RecordInjection(utf8, current).into(typed) : typed;
		this.single = this.reader.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		this.problem = new JsonProblem(utf8, javaType);
	}

	/**
	 * Return the reader for many elements.
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
	 * Read one element.
	 * @param bytes where it stands
	 * @param from its first byte
	 * @param to the index behind its last byte
	 * @return the element, an {@link InexactElement}, or an {@link InvalidElement} that
	 * says what is wrong with it
	 * @throws InvalidDefinitionException if nothing can be read as the type, see
	 * {@link #explain(InvalidDefinitionException)}
	 */
	public Object read(byte[] bytes, int from, int to) {
		clear();
		try (JsonParser parser = this.single.createParser(bytes, from, to - from)) {
			Object value = this.single.readValue(parser);
			return isNull(value) ? invalid("Expected an element, found null", bytes, from, to, null)
					: note(value, bytes, from, to);
		}
		catch (InvalidTypeIdException ex) {
			return invalid(ex, bytes, from, to);
		}
		catch (InvalidDefinitionException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			return invalid(ex, bytes, from, to);
		}
		catch (StackOverflowError ex) {
			return invalid("Nested deeper than the stack of its thread", bytes, from, to, ex);
		}
	}

	/**
	 * Whether a value that was read is none.
	 * @param value what the reader made of it
	 * @return {@code true} of {@code null}, as JSON has it as well
	 */
	public static boolean isNull(@Nullable Object value) {
		return value == null || (value instanceof JsonNode node && node.isNull());
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
			return invalid(Utf8.problem(bytes, invalid, to), bytes, from, to, null);
		}
		return note(element);
	}

	/**
	 * Return an element with what is known of it, whose bytes are ASCII.
	 * @param element the element that was read since the last one
	 * @return the element itself, or an {@link InexactElement}
	 */
	public Object note(Object element) {
		return this.numbers.note(element);
	}

	/**
	 * Whether bytes are ASCII, and so UTF-8.
	 * @param bytes the bytes
	 * @param to the index behind the last of them
	 * @return {@code true} if all of them are
	 */
	public static boolean isAscii(byte[] bytes, int to) {
		return Utf8.isAscii(bytes, to);
	}

	private InvalidElement invalid(RuntimeException thrown, byte[] bytes, int from, int to) {
		byte[] value = Arrays.copyOfRange(bytes, from, to);
		return new InvalidElement(this.problem.of(thrown, value), value, thrown);
	}

	private static InvalidElement invalid(String problem, byte[] bytes, int from, int to, @Nullable Throwable cause) {
		return new InvalidElement(problem, Arrays.copyOfRange(bytes, from, to), cause);
	}

	/**
	 * Say why nothing can be read as a type.
	 * @param thrown what {@link #read} threw
	 * @return the end of a sentence that began with what is to be read, without a full
	 * stop
	 */
	public static String explain(InvalidDefinitionException thrown) {
		return "can't be read as " + thrown.getType() + ": " + JsonProblem.of(thrown) + ". Correct the Java type";
	}

}
