package dev.watermill.broker.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

import dev.watermill.Accounting;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.file.RandomHand;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.stream.ErrorPolicy;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Joins of topics whose records are nearly right, lane by lane: what is delivered is what
 * a join of those gives that are read at once, each of the others is in the dead letters
 * as it was, or fails the mill, which says where; and all are accounted for.
 * {@code -Dkafka.fuzz.records=1000000} tries more, {@code -Dkafka.fuzz.seed} others.
 */
class KafkaFuzzTests {

	private static final int LANES = 4;

	private static final int RECORDS = Integer.getInteger("kafka.fuzz.records", 2_000);

	private static final int AT_ONCE = 24_000;

	private static final ObjectReader READER = Cluster.JSON.readerFor(Element.class)
		.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

	private static final ObjectReader MARKS = Cluster.JSON.reader()
		.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

	private final Cluster cluster = Cluster.shared();

	@Test
	void joinsWhatIsNearlyRight() throws Exception {
		long seed = Long.getLong("kafka.fuzz.seed", 0);
		for (int done = 0; done < RECORDS; done += AT_ONCE) {
			Round round = new Round(seed, Math.min(AT_ONCE, RECORDS - done) / LANES / 2);
			try {
				round.failsAndGoesOn();
				round.writesDeadLetters();
			}
			catch (AssertionError ex) {
				throw new AssertionError("failed with -Dkafka.fuzz.seed=" + seed + ": " + ex.getMessage(), ex);
			}
			seed++;
		}
	}

	/**
	 * An element.
	 */
	record Element(long time, String v) {

	}

	/**
	 * What stands in a partition before the first mark.
	 */
	private static final class Partition {

		private final List<byte @Nullable []> records = new ArrayList<>();

		private final List<Element> accepted = new ArrayList<>();

		private final List<byte @Nullable []> bad = new ArrayList<>();

		Partition(Random random, int count) {
			RandomHand hand = new RandomHand(random, () -> value(random, 1_000));
			long time = 1_000;
			boolean over = false;
			for (int i = 0; i < count && !over; i++) {
				byte[] value = value(random, time);
				for (int many = Math.max(0, random.nextInt(5) - 2); many > 0; many--) {
					value = hand.mutate(value);
				}
				over = isMark(value);
				if (!over) {
					add((random.nextInt(50) > 0) ? value : null);
				}
				time += random.nextInt(3);
			}
			this.records.add(Cluster.END.getBytes(StandardCharsets.UTF_8));
		}

		private static byte[] value(Random random, long time) {
			String v = "x".repeat((random.nextInt(8) == 0) ? random.nextInt(60) : 1);
			String json = (random.nextInt(6) == 0) ? "{ \"v\" : \"\u00e4" + v + "\",\n \"time\" : " + time + "\n}"
					: "{\"time\":" + time + ",\"v\":\"" + v + "\"}";
			return json.getBytes(StandardCharsets.UTF_8);
		}

		private void add(byte @Nullable [] value) {
			this.records.add(value);
			Element element = (value != null) ? read(value) : null;
			Element last = this.accepted.isEmpty() ? null : this.accepted.get(this.accepted.size() - 1);
			if (element == null || (last != null && element.time() < last.time())) {
				this.bad.add(value);
			}
			else {
				this.accepted.add(element);
			}
		}

		private static boolean isMark(byte[] value) {
			try {
				JsonNode node = MARKS.readTree(value);
				return node != null && node.isObject() && node.path("eos__").isBoolean()
						&& node.path("eos__").asBoolean();
			}
			catch (JacksonException ex) {
				return false;
			}
		}

		private static @Nullable Element read(byte[] value) {
			try {
				StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
				return READER.readValue(value);
			}
			catch (CharacterCodingException | JacksonException ex) {
				return null;
			}
		}

	}

	/**
	 * Two topics, and the mills that join them.
	 */
	private final class Round {

		private final String name = "fuzz-" + UUID.randomUUID();

		private final KafkaBroker broker = KafkaFuzzTests.this.cluster.broker(this.name);

		private final List<Partition> a = new ArrayList<>();

		private final List<Partition> b = new ArrayList<>();

		private final Map<Integer, List<String>> expected = new TreeMap<>();

		private int matched;

		Round(long seed, int records) {
			Random random = new Random(seed);
			for (int lane = 0; lane < LANES; lane++) {
				this.a.add(new Partition(random, records));
				this.b.add(new Partition(random, records));
				this.expected.put(lane, join(this.a.get(lane).accepted, this.b.get(lane).accepted));
			}
			send("a", this.a);
			send("b", this.b);
		}

		private void send(String stream, List<Partition> partitions) {
			String topic = this.name + "-" + stream;
			KafkaFuzzTests.this.cluster.topics().create(topic, LANES);
			List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
			for (int lane = 0; lane < LANES; lane++) {
				for (byte[] value : partitions.get(lane).records) {
					records.add(new ProducerRecord<>(topic, lane, null, value));
				}
			}
			KafkaFuzzTests.this.cluster.topics().send(records, new ByteArraySerializer(), new ByteArraySerializer());
		}

		private List<String> join(List<Element> left, List<Element> right) {
			Map<Long, List<Element>> groups = new LinkedHashMap<>();
			right
				.forEach((element) -> groups.computeIfAbsent(element.time(), (time) -> new ArrayList<>()).add(element));
			List<String> joined = left.stream()
				.filter((element) -> groups.containsKey(element.time()))
				.map((element) -> element + " " + groups.get(element.time()))
				.toList();
			List<Long> times = left.stream().map(Element::time).distinct().toList();
			this.matched += times.stream().mapToInt((time) -> groups.getOrDefault(time, List.of()).size()).sum();
			return joined;
		}

		private Mill mill(String mill, ErrorPolicy policy) {
			MillBuilder builder = Mill.builder(mill).concurrency(LANES);
			Input<Element> master = builder.from(Cluster.topic("a", Element.class, this.name + "-a"), this.broker);
			JoinMany<Element, Element> child = builder
				.join(master, Cluster.topic("b", Element.class, this.name + "-b"), this.broker)
				.onLong(Element::time, Element::time)
				.many();
			for (Input<?> input : List.of(master, child)) {
				input.onInvalid(policy);
				input.onDisorder(policy);
				input.onTombstone(policy);
			}
			builder.to(Cluster.topic("out", String.class, this.name + "-" + mill), String.class, this.broker);
			return builder.process((delivery) -> {
				Element element = delivery.get(master);
				return element + " " + delivery.get(child).get(element);
			}).build();
		}

		void failsAndGoesOn() throws InterruptedException {
			Mill failing = mill("skips", ErrorPolicy.FAIL);
			failing.start();
			TopicMill.await(() -> failing.status().lanes().size() == LANES && failing.status()
				.lanes()
				.stream()
				.allMatch((lane) -> lane.failure() != null || lane.phase().state() == MillState.COMPLETED));
			for (MillStatus.Lane lane : failing.status().lanes()) {
				Throwable failure = lane.failure();
				if (failure != null) {
					assertThat(failure.getMessage()).containsPattern("tream '[ab]'")
						.containsPattern(this.name + "-[ab]-" + lane.lane() + "@\\d+")
						.doesNotContain("\n", "\u001e", "\0")
						.hasSizeLessThan(3_000);
				}
			}
			failing.stop();
			assertThat(failing.awaitEnd(Duration.ofMinutes(1))).isTrue();
			Mill skipping = mill("skips", ErrorPolicy.SKIP);
			run(skipping);
			assertThat(results("skips")).isEqualTo(this.expected);
		}

		void writesDeadLetters() throws InterruptedException {
			Mill mill = mill("letters", ErrorPolicy.DEAD_LETTER);
			run(mill);
			assertThat(results("letters")).isEqualTo(this.expected);
			assertLetters("a", this.a);
			assertLetters("b", this.b);
			assertThat(List.of(this.matched, bad(this.a), bad(this.b))).as("matched, and bad elements of both streams")
				.allMatch((count) -> count > 50);
			int delivered = this.expected.values().stream().mapToInt(List::size).sum();
			Accounting.assertAccounted(mill, "a", delivered, 0);
			Accounting.assertAccounted(mill, "b", this.matched, 0);
		}

		private static int bad(List<Partition> partitions) {
			return partitions.stream().mapToInt((partition) -> partition.bad.size()).sum();
		}

		private void run(Mill mill) throws InterruptedException {
			mill.start();
			assertThat(mill.awaitEnd(Duration.ofMinutes(2))).as("%s", mill.status()).isTrue();
			assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
		}

		private Map<Integer, List<byte @Nullable []>> values(String topic) {
			Map<Integer, List<byte @Nullable []>> values = new TreeMap<>();
			for (ConsumerRecord<byte[], byte[]> message : KafkaFuzzTests.this.cluster.topics()
				.read(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
				values.computeIfAbsent(message.partition(), (lane) -> new ArrayList<>()).add(message.value());
			}
			return values;
		}

		private Map<Integer, List<String>> results(String mill) {
			Map<Integer, List<String>> results = new TreeMap<>();
			values(this.name + "-" + mill).forEach((lane, values) -> results.put(lane,
					values.stream()
						.filter((value) -> !Arrays.equals(value, Cluster.END.getBytes(StandardCharsets.UTF_8)))
						.map((value) -> Cluster.JSON.readValue(Objects.requireNonNull(value), String.class))
						.toList()));
			return results;
		}

		/**
		 * A stream need not be read to its end where the other one is over.
		 */
		private void assertLetters(String stream, List<Partition> partitions) {
			Map<Integer, List<byte @Nullable []>> letters = values(this.name + "-" + stream + "-dlt");
			for (int lane = 0; lane < LANES; lane++) {
				List<byte @Nullable []> written = letters.getOrDefault(lane, List.of());
				List<byte @Nullable []> bad = partitions.get(lane).bad;
				assertThat(bad.size()).isGreaterThanOrEqualTo(written.size());
				for (int i = 0; i < written.size(); i++) {
					assertThat(written.get(i)).as("dead letter %d of %s-%d", i, stream, lane).isEqualTo(bad.get(i));
				}
			}
		}

	}

}
