package dev.watermill.broker.kafka;

import java.lang.reflect.Type;
import java.util.List;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.ForeignBytes;
import dev.watermill.codec.internal.TypedJson;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the values of records into elements that are JSON.
 */
final class JsonRecords extends RecordDecoding {

	private final String stream;

	private final CurrentRecord current = new CurrentRecord();

	private final TypedJson json;

	private final JsonRun run;

	JsonRecords(JsonMapper mapper, Type type, String stream) {
		super(type);
		this.stream = stream;
		this.json = new TypedJson(mapper, type, this.current);
		this.run = new JsonRun(this.json.reader());
	}

	@Override
	void begin(List<ConsumerRecord<byte[], byte[]>> records) {
		super.begin(records);
		this.current.begin(records);
		this.run.begin(records);
	}

	@Override
	Object element(int index, ConsumerRecord<byte[], byte[]> message, byte[] bytes) {
		this.json.clear();
		this.current.is(index);
		Object element = this.run.read(index);
		if (element == JsonRun.UNREAD) {
			return alone(message, bytes);
		}
		return this.run.isAscii() ? this.json.note(element) : this.json.note(element, bytes, 0, bytes.length);
	}

	private Object alone(ConsumerRecord<byte[], byte[]> message, byte[] bytes) {
		try {
			Object element = this.json.read(bytes, byteOrderMark(bytes), bytes.length);
			return (element instanceof InvalidElement invalid) ? advised(invalid, bytes) : element;
		}
		catch (InvalidDefinitionException ex) {
			throw new BrokerException("Stream '" + this.stream + "': elements of the topic '" + message.topic() + "' "
					+ TypedJson.explain(ex) + ", or give the stream a deserializer.", ex);
		}
	}

	private static int byteOrderMark(byte[] bytes) {
		boolean marked = bytes.length > 2 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb
				&& bytes[2] == (byte) 0xbf;
		return marked ? 3 : 0;
	}

	/**
	 * Say what to do about bytes that are something else than JSON.
	 */
	private InvalidElement advised(InvalidElement invalid, byte[] bytes) {
		String text = invalid.problem();
		ForeignBytes foreign = text.startsWith("Not JSON") ? ForeignBytes.recognise(bytes, 0, bytes.length) : null;
		if (foreign == null || foreign == ForeignBytes.ZEROS) {
			return invalid;
		}
		return new InvalidElement(
				text + ". "
						+ (foreign.needsDeserializer() ? "Name a deserializer for such values in watermill.streams."
								+ this.stream + ".deserializer" : "Let the producer write UTF-8"),
				bytes, invalid.cause());
	}

	@Override
	public void close() {
		this.run.close();
	}

}
