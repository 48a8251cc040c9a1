package dev.watermill.broker.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.OriginalElement;
import dev.watermill.stream.SkipReason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * What a record says that is a dead letter, for whoever reads the topic of dead letters
 * with a consumer of their own. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DeadLetterRecord {

	private DeadLetterRecord() {
	}

	/**
	 * Return the dead letter that a record is. What threw is known by its texts only,
	 * which stay in the headers of the record; so is whatever gave way in them because
	 * the record would have been too large.
	 * @param message a record of a topic of dead letters
	 * @return the letter, empty if the record is none that a mill has written
	 */
	public static Optional<DeadLetter> letter(ConsumerRecord<byte[], byte[]> message) {
		Headers headers = message.headers();
		return reason(headers).map((reason) -> {
			List<OriginalElement.Header> own = new ArrayList<>();
			without(headers).forEach((header) -> own.add(new OriginalElement.Header(header.key(), header.value())));
			return new DeadLetter(last(headers, DeadLetterHeaders.MILL, ""),
					last(headers, DeadLetterHeaders.STREAM, ""), reason, last(headers, DeadLetterHeaders.MESSAGE, ""),
					null, new OriginalElement(place(headers), message.key(), message.value(), own), positions(headers),
					Instant.ofEpochMilli(message.timestamp()));
		});
	}

	private static Optional<SkipReason> reason(Headers headers) {
		String label = last(headers, DeadLetterHeaders.REASON, "");
		return Arrays.stream(SkipReason.values()).filter((reason) -> reason.label().equals(label)).findFirst();
	}

	private static String last(Headers headers, String name, String fallback) {
		Header header = headers.lastHeader(name);
		return (header != null) ? text(header) : fallback;
	}

	private static Map<String, String> positions(Headers headers) {
		try {
			return DeadLetterHeaders.JSON.readValue(last(headers, DeadLetterHeaders.POSITIONS, "{}"),
					new TypeReference<Map<String, String>>() {
					});
		}
		catch (JacksonException ex) {
			// those of so many streams that they were cut off
			return Map.of();
		}
	}

	/**
	 * Where it stood last, under the names of {@link OriginalElement#origin()}.
	 */
	private static Map<String, Object> place(Headers headers) {
		Map<String, Object> place = new LinkedHashMap<>();
		for (Header header : headers) {
			ByteBuffer bytes = ByteBuffer.wrap((header.value() != null) ? header.value() : new byte[0]);
			switch (header.key()) {
				case DeadLetterHeaders.TOPIC -> place.put(OriginalRecord.TOPIC, text(header));
				case DeadLetterHeaders.PARTITION -> place.put(OriginalRecord.PARTITION, (long) bytes.getInt());
				case DeadLetterHeaders.OFFSET -> place.put(OriginalRecord.OFFSET, bytes.getLong());
				case DeadLetterHeaders.TIMESTAMP -> place.put(OriginalRecord.TIMESTAMP, bytes.getLong());
				case DeadLetterHeaders.TIMESTAMP_TYPE -> place.put(OriginalRecord.TIMESTAMP_TYPE, text(header));
				case DeadLetterHeaders.GROUP -> place.put(OriginalRecord.GROUP, text(header));
				default -> {
					if (header.key().startsWith(DeadLetterHeaders.ORIGINAL)) {
						place.put(header.key().substring(DeadLetterHeaders.ORIGINAL.length()), number(text(header)));
					}
				}
			}
		}
		return place;
	}

	private static Object number(String text) {
		boolean whole = !text.isEmpty() && text.length() < 19 && text.chars().allMatch((c) -> c >= '0' && c <= '9');
		return whole ? (Object) Long.valueOf(text) : text;
	}

	/**
	 * Return a record as it was before it became a dead letter, at the place where the
	 * letter stands.
	 * @return the record itself if it is none, be it of ours or of spring-kafka's
	 */
	static ConsumerRecord<byte[], byte[]> undo(ConsumerRecord<byte[], byte[]> message) {
		if (!are(message.headers())) {
			return message;
		}
		Long before = timestamp(message.headers());
		return new ConsumerRecord<>(message.topic(), message.partition(), message.offset(),
				(before != null) ? before : message.timestamp(), message.timestampType(), message.serializedKeySize(),
				message.serializedValueSize(), message.key(), message.value(), without(message.headers()),
				message.leaderEpoch());
	}

	/**
	 * Return the headers of a record without those that make it a dead letter.
	 */
	static RecordHeaders without(Headers headers) {
		RecordHeaders own = new RecordHeaders();
		for (Header header : headers) {
			if (DeadLetterHeaders.PREFIXES.stream().noneMatch(header.key()::startsWith)) {
				own.add(header);
			}
		}
		return own;
	}

	private static boolean are(Headers headers) {
		return headers.lastHeader(DeadLetterHeaders.REASON) != null
				|| headers.lastHeader(DeadLetterHeaders.TOPIC) != null;
	}

	/**
	 * Return the timestamp that a record had before it became a dead letter.
	 * @return milliseconds, {@code null} if that is not known
	 */
	static @Nullable Long timestamp(Headers headers) {
		// of a record that became one several times the first is its own
		for (Header header : headers.headers(DeadLetterHeaders.TIMESTAMP)) {
			byte[] value = header.value();
			return (value != null && value.length == Long.BYTES) ? ByteBuffer.wrap(value).getLong() : null;
		}
		return null;
	}

	/**
	 * Say where an element stood.
	 * @param headers those of its letter
	 */
	static String origin(Headers headers) {
		List<String> origin = new ArrayList<>();
		for (Header header : headers) {
			if (header.key().startsWith(DeadLetterHeaders.ORIGINAL)) {
				origin.add(header.key().substring(DeadLetterHeaders.ORIGINAL.length()) + " " + text(header));
			}
		}
		if (!origin.isEmpty()) {
			return String.join(", ", origin);
		}
		if (headers.lastHeader(DeadLetterHeaders.OFFSET) == null) {
			return "an element";
		}
		return text(headers.lastHeader(DeadLetterHeaders.TOPIC)) + "-"
				+ ByteBuffer.wrap(headers.lastHeader(DeadLetterHeaders.PARTITION).value()).getInt() + "@"
				+ ByteBuffer.wrap(headers.lastHeader(DeadLetterHeaders.OFFSET).value()).getLong();
	}

	private static String text(Header header) {
		return new String(header.value(), StandardCharsets.UTF_8);
	}

}
