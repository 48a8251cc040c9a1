package dev.watermill.broker.kafka;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.OriginalElement;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The headers of a dead letter: those of the record, and what was wrong with it, under
 * the names and in the forms that spring-kafka's {@code DeadLetterPublishingRecoverer}
 * uses, so that its {@code KafkaHeaders} read them. Like there, where a letter becomes
 * one again the places where it was are added, the last one last, and the problem is the
 * last one.
 */
final class DeadLetterHeaders {

	/** What the names of those begin with that are no header of the record's own. */
	static final List<String> PREFIXES = List.of("kafka_dlt-", "watermill-");

	private static final String EXCEPTION = "kafka_dlt-exception-fqcn";

	private static final String CAUSE = "kafka_dlt-exception-cause-fqcn";

	static final String MESSAGE = "kafka_dlt-exception-message";

	private static final String STACK_TRACE = "kafka_dlt-exception-stacktrace";

	static final String TOPIC = "kafka_dlt-original-topic";

	static final String PARTITION = "kafka_dlt-original-partition";

	static final String OFFSET = "kafka_dlt-original-offset";

	static final String TIMESTAMP = "kafka_dlt-original-timestamp";

	static final String TIMESTAMP_TYPE = "kafka_dlt-original-timestamp-type";

	static final String GROUP = "kafka_dlt-original-consumer-group";

	static final String MILL = "watermill-mill";

	static final String STREAM = "watermill-stream";

	static final String REASON = "watermill-reason";

	static final String POSITIONS = "watermill-positions";

	/** What the names begin with that say where an element stood that was no record. */
	static final String ORIGINAL = "watermill-original-";

	/** The order in which headers give way, the first one first. */
	private static final List<String> LEAST = List.of(STACK_TRACE, MESSAGE, POSITIONS, CAUSE, EXCEPTION, GROUP,
			TIMESTAMP_TYPE, TIMESTAMP);

	private static final int LONGEST_TEXT = 4 * 1024;

	/** What a record takes besides its key, value and headers, with some to spare. */
	private static final int OVERHEAD = 128;

	/** What a header takes besides its name and value. */
	private static final int OVERHEAD_EACH = 10;

	static final JsonMapper JSON = new JsonMapper();

	private final RecordHeaders headers = new RecordHeaders();

	private DeadLetterHeaders(DeadLetter letter) {
		OriginalElement element = letter.element();
		element.headers().forEach((header) -> this.headers.add(header.name(), header.value()));
		problem(letter);
		place(element.origin());
		replace(MILL, letter.mill());
		replace(STREAM, letter.stream());
		replace(REASON, letter.reason().label());
		replace(POSITIONS, letter.positions().isEmpty() ? null : JSON.writeValueAsString(letter.positions()));
	}

	/**
	 * Return the headers of a letter.
	 * @param largest how many bytes its record may have
	 */
	static Headers of(DeadLetter letter, int largest) {
		DeadLetterHeaders made = new DeadLetterHeaders(letter);
		OriginalElement element = letter.element();
		made.giveWay((long) largest - OVERHEAD - length(element.key()) - length(element.value()));
		return made.headers;
	}

	private void problem(DeadLetter letter) {
		Throwable exception = letter.exception();
		replace(EXCEPTION, (exception != null) ? exception.getClass().getName() : null);
		Throwable cause = (exception != null) ? exception.getCause() : null;
		replace(CAUSE, (cause != null) ? cause.getClass().getName() : null);
		replace(MESSAGE, letter.message());
		replace(STACK_TRACE, (exception != null) ? stackTrace(exception) : null);
	}

	private static String stackTrace(Throwable exception) {
		StringWriter text = new StringWriter();
		try {
			exception.printStackTrace(new PrintWriter(text, true));
		}
		catch (RuntimeException ex) {
			// one that can't even say what it is: the letter matters more
			text.append(exception.getClass().getName());
		}
		return text.toString();
	}

	private void place(Map<String, Object> origin) {
		origin.forEach((name, value) -> {
			switch (name) {
				case OriginalRecord.TOPIC -> this.headers.add(TOPIC, bytes(value));
				case OriginalRecord.PARTITION -> this.headers.add(PARTITION,
						ByteBuffer.allocate(Integer.BYTES).putInt(((Number) value).intValue()).array());
				case OriginalRecord.OFFSET -> this.headers.add(OFFSET, longBytes(value));
				case OriginalRecord.TIMESTAMP -> this.headers.add(TIMESTAMP, longBytes(value));
				case OriginalRecord.TIMESTAMP_TYPE -> this.headers.add(TIMESTAMP_TYPE, bytes(value));
				case OriginalRecord.GROUP -> this.headers.add(GROUP, bytes(value));
				default -> replace(ORIGINAL + name, String.valueOf(value));
			}
		});
	}

	private static byte[] longBytes(Object value) {
		return ByteBuffer.allocate(Long.BYTES).putLong(((Number) value).longValue()).array();
	}

	private static byte[] bytes(Object value) {
		return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
	}

	private void replace(String name, @Nullable String value) {
		this.headers.remove(name);
		if (value != null) {
			this.headers.add(name, cut(bytes(value)));
		}
	}

	/**
	 * Cut a text that is too long, between two characters.
	 */
	private static byte[] cut(byte[] text) {
		int end = Math.min(text.length, LONGEST_TEXT);
		while (end < text.length && (text[end] & 0xc0) == 0x80) {
			end--;
		}
		return (end < text.length) ? Arrays.copyOf(text, end) : text;
	}

	private void giveWay(long room) {
		for (String name : LEAST) {
			if (size() <= room) {
				return;
			}
			this.headers.remove(name);
		}
	}

	private long size() {
		long size = 0;
		for (Header header : this.headers) {
			// a character of a name takes three bytes at most
			size += OVERHEAD_EACH + 3L * header.key().length() + length(header.value());
		}
		return size;
	}

	private static int length(byte @Nullable [] bytes) {
		return (bytes != null) ? bytes.length : 0;
	}

}
