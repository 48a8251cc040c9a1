package dev.watermill.broker.kafka;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.StrictJson;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonRun}: a record read in a run gives what it gives alone.
 */
class JsonRunTests {

	private static final String[] VALUES = { "{\"id\":1,\"name\":\"a\"}", "{\"id\":2}", "{}", "{\"id\":3,\"more\":[1]}",
			"[1,{\"id\":4}]", "12", "-7.5e3", "\"text\"", "\"grüße 水 💧\"", "true", "null", "{\"id\":5}  \r\n\t",
			"  8 ", "{\n\"id\"\n:\n6\n}", "\n9\n", "1 2", "{\"id\":7}{\"id\":8}", "{\"id\":9}]", "{\"id\":10}\u0000",
			"{\"id\":", "[1,", "2]", "\"half", "half\"", "{\"id\":\"no number\"}", "{\"name\":{}}", "tru", "e", "", " ",
			"//", "\uFEFF{\"id\":11}", "nul", "-", "1e", "{\"id\":12,}", "{\"id\":13,\"id\":14}" };

	private final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	@ParameterizedTest
	@ValueSource(classes = { JsonNode.class, Item.class, Object.class, String.class, Long.class })
	void aRecordGivesTheSameInARunAndAlone(Class<?> type) {
		for (long seed = 0; seed < 500; seed++) {
			List<ConsumerRecord<byte[], byte[]>> records = records(new Random(seed));
			try (RecordDecoding run = RecordDecoding.json(this.mapper, type, "stream");
					RecordDecoding alone = RecordDecoding.json(this.mapper, type, "stream")) {
				run.begin(records);
				for (int i = 0; i < records.size(); i++) {
					if (i % 11 != 10) {
						// others are no elements, which nobody decodes
						assertThat(describe(run.decode(i))).as("seed %d, offset %d", seed, i)
							.isEqualTo(describe(decode(alone, records.get(i))));
					}
				}
			}
		}
	}

	@Test
	void saysOfABadRecordWhatFilesSay() {
		try (RecordDecoding decoding = RecordDecoding.json(StrictJson.of(JsonMapper.shared()), Location.class, "a")) {
			assertThat(problem(decoding, "{\"tme\":1}")).isEqualTo(
					"A field is missing or null: expected a whole number (`long`) as 'time', found the field 'tme'");
			assertThat(problem(decoding, "{\"time\":\"x\"}")).contains("'time'", "whole number", "\"x\"");
			assertThat(problem(decoding, "{\"time\":1,\"v\":\"a")).startsWith("Not JSON: Unexpected end-of-input");
			assertThat(problem(decoding, "{\"time\":1}{\"time\":2}")).contains("one JSON value", "more behind it");
			assertThat(problem(decoding, "")).contains("found nothing");
			assertThat(problem(decoding, "\"{\\\"time\\\":1}\"")).contains("encoded twice");
			assertThat(problem(decoding, "\u0000\u0000\u0000\u0000\u0001{\"time\":1}")).contains("schema registry",
					"watermill.streams.a.deserializer");
			assertThat(problem(decoding, "\u0000\u0000{\"time\":1}")).contains("NUL");
			assertThat(decode(decoding, record(0, "{\"time\":1.0}".getBytes(StandardCharsets.UTF_8))))
				.isEqualTo(new Location(1));
			assertThat(decode(decoding, record(0, "\uFEFF{\"time\":1e3}".getBytes(StandardCharsets.UTF_8))))
				.isEqualTo(new Location(1000));
		}
	}

	@Test
	void guessesNoEncodingWherever() {
		List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
		for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_8)) {
			records.add(record(records.size(), "{\"time\":1}".getBytes(charset)));
		}
		try (RecordDecoding decoding = RecordDecoding.json(this.mapper, Location.class, "a")) {
			decoding.begin(records);
			for (int i = 0; i < 2; i++) {
				assertThat(describe(decoding.decode(i))).contains("UTF-16", "producer write UTF-8");
			}
			assertThat(decoding.decode(2)).isEqualTo(new Location(1));
		}
	}

	@Test
	void seesInEachPartOfARunWhatIsNotUtf8() {
		byte[] slashInTwoBytes = { '"', (byte) 0xc0, (byte) 0xaf, '"' };
		for (int bad = 0; bad < 5000; bad += 499) {
			List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
			for (int i = 0; i < 5000; i++) {
				records.add(record(i,
						(i != bad) ? "\"a text of some length\"".getBytes(StandardCharsets.UTF_8) : slashInTwoBytes));
			}
			try (RecordDecoding decoding = RecordDecoding.json(this.mapper, String.class, "a")) {
				decoding.begin(records);
				for (int i = 0; i < 5000; i++) {
					Object element = decoding.decode(i);
					assertThat(element instanceof InvalidElement).as("%d of which %d is bad", i, bad)
						.isEqualTo(i == bad);
				}
			}
		}
	}

	private static String problem(RecordDecoding decoding, String value) {
		String problem = describe(decode(decoding, record(0, value.getBytes(StandardCharsets.UTF_8))));
		assertThat(problem).startsWith("invalid: ").doesNotContain("REDACTED", "Feature", "Coercion", "JsonToken");
		return problem.substring("invalid: ".length());
	}

	@Test
	void readsValidRecordsWithoutReadingThemAlone() {
		List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
		for (int i = 0; i < 5000; i++) {
			records.add(record(i,
					("{\"id\":" + i + ",\"name\":\"" + "x".repeat(i % 50) + "\"}").getBytes(StandardCharsets.UTF_8)));
		}
		try (JsonRun run = new JsonRun(this.mapper.readerFor(Item.class))) {
			run.begin(records);
			assertThat(IntStream.range(0, records.size()).mapToObj(run::read)).extracting("id")
				.containsExactlyElementsOf(records.stream().<Object>map(ConsumerRecord::offset).toList());
		}
	}

	@Test
	void leavesOutARecordThatIsTooLong() {
		byte[] big = ("\"" + "y".repeat(100_000) + "\"").getBytes(StandardCharsets.UTF_8);
		byte[] small = "\"z\"".getBytes(StandardCharsets.UTF_8);
		List<ConsumerRecord<byte[], byte[]>> records = List.of(record(0, small), record(1, big), record(2, small));
		try (JsonRun run = new JsonRun(this.mapper.readerFor(String.class))) {
			run.begin(records);
			assertThat(IntStream.range(0, 3).mapToObj(run::read)).containsExactly("z", JsonRun.UNREAD, "z");
		}
	}

	private static Object decode(RecordDecoding decoding, ConsumerRecord<byte[], byte[]> record) {
		decoding.begin(List.of(record));
		return decoding.decode(0);
	}

	private static String describe(Object element) {
		if (element instanceof InvalidElement invalid) {
			return "invalid: " + invalid.problem();
		}
		return element.getClass().getName() + " " + element;
	}

	private List<ConsumerRecord<byte[], byte[]>> records(Random random) {
		List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
		int kinds = random.nextInt(VALUES.length) + 1;
		for (int i = random.nextInt(60); i >= 0; i--) {
			records.add(record(records.size(), value(random, kinds)));
		}
		return records;
	}

	private static byte[] value(Random random, int kinds) {
		String text = VALUES[random.nextInt(kinds)];
		byte[] bytes = text.getBytes((random.nextInt(200) == 0) ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8);
		if (random.nextInt(100) == 0 && bytes.length > 0) {
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
		}
		return (random.nextInt(100) != 0) ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
	}

	private static ConsumerRecord<byte[], byte[]> record(long offset, byte[] value) {
		return new ConsumerRecord<>("topic", 0, offset, null, value);
	}

	record Location(long time) {

	}

	record Item(Long id, String name) {
	}

}
