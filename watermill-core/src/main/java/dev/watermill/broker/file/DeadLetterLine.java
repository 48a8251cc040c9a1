package dev.watermill.broker.file;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.OriginalElement;
import dev.watermill.codec.ElementEncoder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a line of a dead letter: an object with what is known of it. Key, value and
 * headers are texts as they were; bytes that are no text stand in base64, key and value
 * under a name of their own, a header in an object.
 */
final class DeadLetterLine implements ElementEncoder<DeadLetter> {

	/** What is left of a stack trace, as on topics. */
	private static final int LONGEST_TRACE = 4096;

	private static final String BASE64 = "base64";

	private static final JsonMapper JSON = new JsonMapper();

	@Override
	public byte[] encode(DeadLetter letter) {
		OriginalElement element = letter.element();
		Map<String, @Nullable Object> line = new LinkedHashMap<>();
		line.put("mill", letter.mill());
		line.put("stream", letter.stream());
		line.put("reason", letter.reason().label());
		Throwable exception = letter.exception();
		if (exception != null) {
			line.put("exception", exception.getClass().getName());
		}
		line.put("message", letter.message());
		if (exception != null) {
			line.put("stackTrace", trace(exception));
		}
		line.put("origin", element.origin());
		if (!letter.positions().isEmpty()) {
			line.put("positions", letter.positions());
		}
		putBytes(line, "key", element.key());
		putBytes(line, "value", element.value());
		if (!element.headers().isEmpty()) {
			line.put("headers", headers(element.headers()));
		}
		line.put("at", letter.at().toString());
		return JSON.writeValueAsBytes(line);
	}

	private static String trace(Throwable exception) {
		StringWriter trace = new StringWriter();
		exception.printStackTrace(new PrintWriter(trace, true));
		String whole = trace.toString();
		return (whole.length() <= LONGEST_TRACE) ? whole : whole.substring(0, LONGEST_TRACE);
	}

	private static void putBytes(Map<String, @Nullable Object> line, String name, byte @Nullable [] bytes) {
		if (bytes == null) {
			return;
		}
		String text = text(bytes);
		line.put((text != null) ? name : name + "Base64",
				(text != null) ? text : Base64.getEncoder().encodeToString(bytes));
	}

	/**
	 * Return headers by their names: one alone as its value, several of one name as a
	 * list of theirs.
	 */
	private static Map<String, @Nullable Object> headers(List<OriginalElement.Header> headers) {
		Map<String, List<@Nullable Object>> values = new LinkedHashMap<>();
		headers.forEach((header) -> values.computeIfAbsent(header.name(), (name) -> new ArrayList<>())
			.add(value(header.value())));
		Map<String, @Nullable Object> shown = new LinkedHashMap<>();
		values.forEach((name, all) -> shown.put(name, (all.size() == 1) ? all.get(0) : all));
		return shown;
	}

	private static @Nullable Object value(byte @Nullable [] bytes) {
		if (bytes == null) {
			return null;
		}
		String text = text(bytes);
		return (text != null) ? text : Map.of(BASE64, Base64.getEncoder().encodeToString(bytes));
	}

	/**
	 * Return the text that bytes are.
	 * @return the text, {@code null} if they are none
	 */
	private static @Nullable String text(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

}
