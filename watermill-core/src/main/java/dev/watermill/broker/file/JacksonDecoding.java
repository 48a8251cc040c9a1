package dev.watermill.broker.file;

import java.lang.reflect.Type;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.internal.TypedJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets one Jackson parser run over all of a buffer. It stops where anything is wrong; the
 * formats then look at that element alone.
 */
final class JacksonDecoding implements ElementDecoding {

	private final BoundFile file;

	private final TypedJson json;

	private final ObjectReader reader;

	JacksonDecoding(BoundFile file, JsonMapper mapper, Type type) {
		this.file = file;
		this.json = new TypedJson(mapper, type);
		this.reader = this.json.reader();
	}

	@Override
	public boolean isJson() {
		return true;
	}

	@Override
	public int lines(ReadBuffer buffer, Lines lines, int from, Object[] values) {
		int size = lines.size();
		int begin = lines.start(from);
		int decoded = from;
		try (JsonParser parser = parser(buffer.bytes(), begin, lines.end(size - 1))) {
			MappingIterator<@Nullable Object> iterator = this.reader.readValues(parser);
			while (decoded < size && iterator.hasNextValue() && parser.currentToken() != JsonToken.VALUE_NULL
					&& begin + tokenStart(parser) == lines.start(decoded)) {
				Object value = iterator.nextValue();
				if (value == null || begin + end(parser) > lines.end(decoded)) {
					return decoded;
				}
				values[decoded] = note(value, buffer, lines.start(decoded), lines.end(decoded));
				decoded++;
			}
			// Something behind the last line's element makes that line invalid
			return (decoded == size && iterator.hasNextValue()) ? size - 1 : decoded;
		}
		catch (RuntimeException | StackOverflowError ex) {
			return Math.min(decoded, size - 1);
		}
	}

	@Override
	public void array(ReadBuffer buffer, int start, Elements elements, int maxSize) {
		byte[] bytes = buffer.bytes();
		int limit = buffer.limit();
		int begin = start - 1;
		byte before = bytes[begin];
		bytes[begin] = '[';
		try (JsonParser parser = parser(bytes, begin, limit)) {
			parser.nextToken();
			parser.clearCurrentToken();
			MappingIterator<@Nullable Object> iterator = this.reader.readValues(parser);
			int at = start;
			while (iterator.hasNextValue() && parser.currentToken() != JsonToken.VALUE_NULL) {
				Object value = iterator.nextValue();
				int end = begin + end(parser);
				int next = WhiteSpace.skip(bytes, end, limit);
				if (value == null || next == limit || (bytes[next] != ',' && bytes[next] != ']')
						|| end - at > maxSize) {
					return;
				}
				elements.add(note(value, buffer, at, end), at, end);
				at = WhiteSpace.skip(bytes, next + 1, limit);
			}
		}
		catch (RuntimeException | StackOverflowError ex) {
			// Mostly the end of the buffer; the element is looked at alone
		}
		finally {
			bytes[begin] = before;
		}
	}

	@Override
	public Object one(ReadBuffer buffer, int start, int end) {
		try {
			return this.json.read(buffer.bytes(), start, trimmed(buffer, start, end));
		}
		catch (InvalidDefinitionException ex) {
			throw new BrokerException("Stream '" + this.file.stream() + "': elements of the file " + this.file.path()
					+ " " + TypedJson.explain(ex) + ", or give the stream a deserializer.", ex);
		}
	}

	private Object note(Object value, ReadBuffer buffer, int start, int end) {
		return this.json.note(value, buffer.bytes(), start, trimmed(buffer, start, end));
	}

	private static int trimmed(ReadBuffer buffer, int start, int end) {
		int last = end;
		while (last > start && WhiteSpace.is(buffer.bytes()[last - 1])) {
			last--;
		}
		return last;
	}

	private JsonParser parser(byte[] bytes, int from, int to) {
		this.json.clear();
		return this.reader.createParser(bytes, from, to - from);
	}

	private static int tokenStart(JsonParser parser) {
		return (int) parser.currentTokenLocation().getByteOffset();
	}

	private static int end(JsonParser parser) {
		return (int) parser.currentLocation().getByteOffset();
	}

}
