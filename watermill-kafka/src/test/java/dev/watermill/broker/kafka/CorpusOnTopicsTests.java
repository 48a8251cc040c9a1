package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.watermill.Accounting;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.corpus.Approved;
import dev.watermill.corpus.BadInput;
import dev.watermill.corpus.Event;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each kind of bad element in a topic: that a mill fails there, with what it says, and
 * goes on once such elements are passed over, for which each kind has a partition, and so
 * a lane, of its own; and that each gets to the dead letters as it was, in the same
 * partition.
 */
class CorpusOnTopicsTests {

	private static final List<BadInput> KINDS = BadInput.read("elements.txt")
		.stream()
		.filter((bad) -> !bad.where().contains("files"))
		.toList();

	private static final int LANES = 4;

	private static final byte[] ONE = "{\"time\":1}".getBytes(StandardCharsets.UTF_8);

	private static final byte[] THREE = "{\"time\":3}".getBytes(StandardCharsets.UTF_8);

	@TempDir
	private Path directory;

	private final Cluster cluster = Cluster.shared();

	private final String name = "corpus-" + UUID.randomUUID();

	private final KafkaBroker broker = this.cluster.broker(this.name);

	/**
	 * Send each kind between good elements, as many to a partition as there are.
	 */
	private void send(int partitions) throws IOException {
		this.cluster.topics().create(this.name, partitions);
		List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
		for (int lane = 0; lane < partitions; lane++) {
			List<byte[]> values = new ArrayList<>(List.of(ONE));
			kinds(lane, partitions).forEach((bad) -> values.add(bad.bytes()));
			values.addAll(List.of(THREE, Cluster.END.getBytes(StandardCharsets.UTF_8)));
			for (byte[] value : values) {
				records.add(new ProducerRecord<>(this.name, lane, null, value));
			}
		}
		this.cluster.topics().send(records, new ByteArraySerializer(), new ByteArraySerializer());
		Files.writeString(this.directory.resolve("b.jsonl"), "1\n2\n3\n4\n");
	}

	private static List<BadInput> kinds(int lane, int partitions) {
		return IntStream.range(0, KINDS.size())
			.filter((kind) -> kind % partitions == lane)
			.mapToObj(KINDS::get)
			.toList();
	}

	private Mill mill(String mill, ErrorPolicy policy) {
		MillBuilder builder = Mill.builder(mill).concurrency(KINDS.size());
		Input<Event> input = builder.from(Cluster.topic("a", Event.class, this.name), this.broker);
		builder
			.join(input,
					new StreamDefinition<Long>("b", Long.class,
							Map.of(JsonFileBroker.FILE_PROPERTY, this.directory.resolve("b.jsonl").toString())),
					JsonFileBroker.builder(Cluster.JSON).build())
			.onLong(Event::time, (number) -> number)
			.many();
		input.onInvalid(policy);
		input.onDisorder(policy);
		builder.to(Cluster.topic("out", Long.class, this.name + "-" + mill), Long.class, this.broker);
		return builder.process((delivery) -> delivery.get(input).time()).build();
	}

	/**
	 * What is in each partition of a topic.
	 */
	private Map<Integer, List<byte[]>> values(String topic) {
		return this.cluster.topics()
			.read(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
			.stream()
			.collect(Collectors.groupingBy(ConsumerRecord::partition,
					// a collector of lists that takes null
					Collector.of(ArrayList::new, (list, message) -> list.add(message.value()), (left, right) -> left)));
	}

	private Map<Integer, List<String>> results(String mill) {
		return values(this.name + "-" + mill).entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey,
					(entry) -> entry.getValue()
						.stream()
						.map((value) -> new String(value, StandardCharsets.UTF_8))
						.toList()));
	}

	private static long delivered(Map<Integer, List<String>> results) {
		return results.values().stream().flatMap(List::stream).filter((result) -> !result.equals(Cluster.END)).count();
	}

	private static long counted(Mill mill, boolean deadLettered) {
		MillCounters.Input counters = mill.counters().inputs().get("a");
		return Arrays.stream(SkipReason.values())
			.mapToLong((reason) -> (deadLettered ? counters.deadLettered(reason) : counters.skipped(reason)).get())
			.sum();
	}

	@Test
	void failsAtEachKindAndGoesOnOnceItIsPassedOver() throws Exception {
		send(KINDS.size());
		Mill failing = mill("fail", ErrorPolicy.FAIL);
		failing.start();
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.until(() -> failing.status().lanes(), (lanes) -> lanes.size() == KINDS.size()
					&& lanes.stream().allMatch((lane) -> lane.failure() != null || isCompleted(lane)));
		Approved texts = new Approved("elements-on-topics.txt");
		List<Integer> read = new ArrayList<>();
		for (MillStatus.Lane lane : failing.status().lanes()) {
			String place = this.name + "-" + lane.lane() + "@";
			Throwable failure = lane.failure();
			texts.add(KINDS.get(lane.lane()).name(),
					(failure != null) ? failure.getMessage().replace(place, "<topic>-<n>@") : "is read");
			if (failure == null) {
				read.add(lane.lane());
			}
		}
		failing.stop();
		assertThat(failing.awaitEnd(Duration.ofMinutes(1))).isTrue();
		Map<Integer, List<String>> before = results("fail");
		Accounting.assertAccounted(failing, "a", delivered(before), 0);
		for (int lane = 0; lane < KINDS.size(); lane++) {
			assertThat(before.getOrDefault(lane, List.of())).as(KINDS.get(lane).name())
				.isIn(List.of(), List.of("1"), List.of("1", "2", "3", Cluster.END));
		}
		Mill skipping = mill("fail", ErrorPolicy.SKIP);
		assertThat(run(skipping)).isEqualTo(MillState.COMPLETED);
		assertThat(counted(skipping, false)).isEqualTo(KINDS.size() - read.size());
		Map<Integer, List<String>> results = results("fail");
		long delivered = delivered(results) - delivered(before);
		Accounting.assertAccounted(skipping, "a", delivered, 0);
		for (int lane = 0; lane < KINDS.size(); lane++) {
			assertThat(results.get(lane)).as(KINDS.get(lane).name())
				.isEqualTo(read.contains(lane) ? List.of("1", "2", "3", Cluster.END) : List.of("1", "3", Cluster.END));
		}
		texts.verify();
	}

	@Test
	void writesEachKindToTheDeadLettersAsItWas() throws Exception {
		send(LANES);
		Mill mill = mill("letters", ErrorPolicy.DEAD_LETTER);
		assertThat(run(mill)).isEqualTo(MillState.COMPLETED);
		Map<Integer, List<byte[]>> letters = values(this.name + "-dlt");
		Map<Integer, List<String>> results = results("letters");
		int read = 0;
		for (int lane = 0; lane < LANES; lane++) {
			List<BadInput> bad = new ArrayList<>(kinds(lane, LANES));
			// a record may begin as a file may
			boolean marked = bad.removeIf((kind) -> kind.name().equals("mark-of-utf-8-in-front"));
			read += marked ? 1 : 0;
			assertThat(letters.get(lane)).hasSize(bad.size());
			for (int i = 0; i < bad.size(); i++) {
				assertThat(letters.get(lane).get(i)).as(bad.get(i).name()).isEqualTo(bad.get(i).bytes());
			}
			assertThat(results.get(lane))
				.isEqualTo(marked ? List.of("1", "2", "3", Cluster.END) : List.of("1", "3", Cluster.END));
		}
		assertThat(counted(mill, true)).isEqualTo(KINDS.size() - read);
		Accounting.assertAccounted(mill, "a", 2 * LANES + read, 0);
	}

	private static boolean isCompleted(MillStatus.Lane lane) {
		return lane.phase().state() == MillState.COMPLETED;
	}

	private static MillState run(Mill mill) throws InterruptedException {
		mill.start();
		assertThat(mill.awaitEnd(Duration.ofMinutes(2))).as("%s", mill.status()).isTrue();
		return mill.state();
	}

}
