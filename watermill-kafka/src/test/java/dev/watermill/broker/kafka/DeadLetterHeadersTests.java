package dev.watermill.broker.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
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
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a dead letter says in its headers, and what of it gives way.
 */
class DeadLetterHeadersTests {

	private static final OriginalElement.Header OWN = new OriginalElement.Header("own",
			"x".getBytes(StandardCharsets.UTF_8));

	private static final int LARGE = 1024 * 1024;

	private static DeadLetter letter(Throwable exception, byte[] value, List<OriginalElement.Header> headers) {
		Map<String, Object> origin = new LinkedHashMap<>();
		origin.put("topic", "orders");
		origin.put("partition", 3L);
		origin.put("offset", 17L);
		origin.put("timestamp", 1_000L);
		origin.put("timestampType", "CreateTime");
		origin.put("group", "shop-mill-order");
		return letter(exception, new OriginalElement(origin, null, value, headers));
	}

	private static DeadLetter letter(Throwable exception, OriginalElement element) {
		return new DeadLetter("mill", "order", SkipReason.INVALID, "no key", exception, element, Map.of(),
				Instant.EPOCH);
	}

	private static List<OriginalElement.Header> read(Headers headers) {
		List<OriginalElement.Header> read = new ArrayList<>();
		headers.forEach((header) -> read.add(new OriginalElement.Header(header.key(), header.value())));
		return read;
	}

	private static List<String> names(Headers headers) {
		return read(headers).stream().map(OriginalElement.Header::name).toList();
	}

	private static String text(Headers headers, String name) {
		Header header = headers.lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : null;
	}

	@Test
	void saysWhatWasWrongAndWhereItStood() {
		IllegalStateException exception = new IllegalStateException("outer", new NumberFormatException("inner"));
		Headers headers = DeadLetterHeaders.of(letter(exception, new byte[10], List.of(OWN)), LARGE);
		assertThat(names(headers)).containsExactly("own", "kafka_dlt-exception-fqcn", "kafka_dlt-exception-cause-fqcn",
				"kafka_dlt-exception-message", "kafka_dlt-exception-stacktrace", "kafka_dlt-original-topic",
				"kafka_dlt-original-partition", "kafka_dlt-original-offset", "kafka_dlt-original-timestamp",
				"kafka_dlt-original-timestamp-type", "kafka_dlt-original-consumer-group", "watermill-mill",
				"watermill-stream", "watermill-reason");
		assertThat(text(headers, "kafka_dlt-exception-fqcn")).isEqualTo(IllegalStateException.class.getName());
		assertThat(text(headers, "kafka_dlt-exception-cause-fqcn")).isEqualTo(NumberFormatException.class.getName());
		assertThat(text(headers, "kafka_dlt-exception-message")).isEqualTo("no key");
		assertThat(text(headers, "kafka_dlt-exception-stacktrace")).startsWith(exception.toString());
		assertThat(text(headers, "watermill-reason")).isEqualTo("invalid");
		assertThat(ByteBuffer.wrap(headers.lastHeader("kafka_dlt-original-partition").value()).getInt()).isEqualTo(3);
		assertThat(ByteBuffer.wrap(headers.lastHeader("kafka_dlt-original-offset").value()).getLong()).isEqualTo(17);
		assertThat(DeadLetterRecord.timestamp(headers)).isEqualTo(1_000);
	}

	@Test
	void saysWhereAnElementStoodThatWasNoRecord() {
		OriginalElement element = new OriginalElement(Map.of("file", "in/a.jsonl", "line", 17L), null, null, List.of());
		Headers headers = DeadLetterHeaders.of(letter(null, element), LARGE);
		assertThat(names(headers)).containsExactlyInAnyOrder("kafka_dlt-exception-message", "watermill-original-file",
				"watermill-original-line", "watermill-mill", "watermill-stream", "watermill-reason");
		assertThat(text(headers, "watermill-original-line")).isEqualTo("17");
	}

	@Test
	void keepsThePlacesOfALetterThatBecomesOneAgainAndForgetsItsProblem() {
		Headers first = DeadLetterHeaders.of(letter(new IllegalStateException("x"), new byte[1], List.of(OWN)), LARGE);
		Headers second = DeadLetterHeaders.of(letter(null, new byte[1], read(first)), LARGE);
		assertThat(second.headers("kafka_dlt-original-topic")).hasSize(2);
		assertThat(second.headers("watermill-mill")).hasSize(1);
		assertThat(second.headers("kafka_dlt-exception-message")).hasSize(1);
		assertThat(names(second)).doesNotContain("kafka_dlt-exception-fqcn", "kafka_dlt-exception-stacktrace");
		assertThat(names(DeadLetterRecord.without(second))).containsExactly("own");
	}

	@Test
	void saysWhereAnElementStood() {
		DeadLetter letter = letter(null, new byte[10], List.of());
		assertThat(DeadLetterRecord.origin(DeadLetterHeaders.of(letter, 0))).isEqualTo("orders-3@17");
		OriginalElement element = new OriginalElement(Map.of("file", "in/a.jsonl"), null, null, List.of());
		assertThat(DeadLetterRecord.origin(DeadLetterHeaders.of(letter(null, element), 0)))
			.isEqualTo("file in/a.jsonl");
		OriginalElement unknown = new OriginalElement(Map.of(), null, null, List.of());
		assertThat(DeadLetterRecord.origin(DeadLetterHeaders.of(letter(null, unknown), 0))).isEqualTo("an element");
	}

	@Test
	void cutsLongTextsBetweenCharacters() {
		IllegalStateException exception = new IllegalStateException("é".repeat(5_000));
		Headers headers = DeadLetterHeaders.of(letter(exception, new byte[1], List.of()), LARGE);
		byte[] trace = headers.lastHeader("kafka_dlt-exception-stacktrace").value();
		assertThat(trace.length).isBetween(4 * 1024 - 3, 4 * 1024);
		assertThat(new String(trace, StandardCharsets.UTF_8)).doesNotContain("\ufffd");
	}

	@Test
	void headersGiveWayBeforeARecordIsTooLarge() {
		IllegalStateException exception = new IllegalStateException("x");
		DeadLetter letter = letter(exception, new byte[10_000], List.of(OWN));
		assertThat(names(DeadLetterHeaders.of(letter, 20_000))).contains("kafka_dlt-exception-stacktrace");
		assertThat(names(DeadLetterHeaders.of(letter, 12_000))).doesNotContain("kafka_dlt-exception-stacktrace")
			.contains("kafka_dlt-exception-message");
		// the last to go are those that say what it is, and its own stay whatever happens
		assertThat(names(DeadLetterHeaders.of(letter, 9_000))).containsExactly("own", "kafka_dlt-original-topic",
				"kafka_dlt-original-partition", "kafka_dlt-original-offset", "watermill-mill", "watermill-stream",
				"watermill-reason");
	}

	@Test
	void isReadAsItWasWritten() {
		Map<String, String> positions = Map.of("order", "orders-3@17", "price", "prices-3@4");
		for (DeadLetter letter : List.of(letter(null, new byte[3], List.of(OWN, OWN)), letter(null,
				new OriginalElement(Map.of("file", "in/a.jsonl", "line", 17L), null, new byte[1], List.of())))) {
			DeadLetter written = new DeadLetter(letter.mill(), letter.stream(), SkipReason.FAILED, letter.message(),
					null, letter.element(), positions, letter.at());
			ConsumerRecord<byte[], byte[]> record = record(written);
			assertThat(DeadLetterRecord.letter(record)).get().usingRecursiveComparison().isEqualTo(written);
		}
		assertThat(DeadLetterRecord.letter(new ConsumerRecord<>("orders", 0, 0, null, new byte[0]))).isEmpty();
	}

	private static ConsumerRecord<byte[], byte[]> record(DeadLetter letter) {
		return new ConsumerRecord<>("orders-dlt", 0, 5, letter.at().toEpochMilli(), TimestampType.CREATE_TIME, 0, 0,
				letter.element().key(), letter.element().value(), DeadLetterHeaders.of(letter, LARGE),
				Optional.empty());
	}

}
