package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The record that says a stream is over: a JSON object with {@code "eos__": true}, as the
 * Python library writes it, or any record with a header of this name and value, for
 * streams that are not JSON.
 */
final class EndOfStreamRecord {

	/** The name of the field and the header, and the key of a mark among keys. */
	static final String NAME = "eos__";

	private static final byte[] NAME_BYTES = NAME.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] VALUE = "{\"eos__\": true}".getBytes(StandardCharsets.US_ASCII);

	private static final JsonMapper JSON = new JsonMapper();

	private EndOfStreamRecord() {
	}

	/**
	 * The value of the record in a stream of JSON.
	 */
	static byte[] value() {
		return VALUE.clone();
	}

	static void addHeader(Headers headers) {
		headers.add(NAME, TRUE);
	}

	static boolean is(ConsumerRecord<byte[], byte[]> message) {
		return isMarked(message.headers()) || isMark(message.value());
	}

	private static boolean isMarked(Headers headers) {
		Header header = headers.lastHeader(NAME);
		return header != null && Arrays.equals(header.value(), TRUE);
	}

	private static boolean isMark(byte @Nullable [] value) {
		if (value == null || !containsName(value)) {
			return false;
		}
		try {
			JsonNode node = JSON.readTree(value);
			return node.isObject() && node.path(NAME).isBoolean() && node.path(NAME).asBoolean();
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	/**
	 * Whether the name is anywhere in the value, seen without parsing it: asked for every
	 * record, true for hardly any.
	 */
	private static boolean containsName(byte[] value) {
		// of two underscores in a row every other step meets one
		for (int i = NAME_BYTES.length - 2; i < value.length; i += 2) {
			if (value[i] == '_' && (endsAt(value, i) || endsAt(value, i + 1))) {
				return true;
			}
		}
		return false;
	}

	private static boolean endsAt(byte[] value, int last) {
		int from = last + 1 - NAME_BYTES.length;
		return from >= 0 && last < value.length
				&& Arrays.equals(value, from, last + 1, NAME_BYTES, 0, NAME_BYTES.length);
	}

}
