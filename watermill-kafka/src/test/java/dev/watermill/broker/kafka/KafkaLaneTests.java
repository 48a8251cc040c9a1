package dev.watermill.broker.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A mill over topics of several partitions on one instance: each partition of its output
 * is what a mill over that partition alone would have written.
 */
class KafkaLaneTests {

	private static final int LANES = 12;

	private final Cluster cluster = Cluster.shared();

	private final String name = "lanes-" + UUID.randomUUID();

	private final String in = this.name + "-in";

	private final String out = this.name + "-out";

	private final KafkaBroker broker = this.cluster.broker(this.name);

	private final List<List<Long>> elements = new ArrayList<>();

	private void fill(int each) {
		Random random = new Random(4711);
		this.cluster.topics().create(this.in, LANES);
		for (int lane = 0; lane < LANES; lane++) {
			List<Long> keys = random.longs(each, 0, each / 2).sorted().boxed().toList();
			this.elements.add(keys);
			send(lane, keys.stream().map(String::valueOf).toList());
		}
	}

	private void send(int lane, List<String> values) {
		this.cluster.topics()
			.send(values.stream()
				.map((value) -> new ProducerRecord<Integer, String>(this.in, lane, null, value))
				.toList(), new IntegerSerializer(), new StringSerializer());
	}

	private void end() {
		IntStream.range(0, LANES).forEach((lane) -> send(lane, List.of(Cluster.END)));
	}

	/**
	 * A mill that joins each element with those that are one greater.
	 */
	private MillBuilder selfJoin() {
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMillis(50));
		Input<Long> left = builder.from(Cluster.topic("in", Long.class, this.in), this.broker);
		JoinMany<Long, Long> right = builder.join(left, Cluster.topic("next", Long.class, this.in), this.broker)
			.onLong((element) -> element + 1, (element) -> element)
			.many();
		builder.to(Cluster.topic("out", String.class, this.out), String.class, this.broker);
		return builder.process((delivery) -> delivery.get(left) + " " + delivery.get(right).get(delivery.get(left)));
	}

	private List<String> expected(int lane) {
		List<Long> keys = this.elements.get(lane);
		List<String> results = new ArrayList<>();
		for (Long key : keys) {
			List<Long> group = keys.stream().filter((other) -> other == key + 1).toList();
			if (!group.isEmpty()) {
				results.add(Cluster.JSON.writeValueAsString(key + " " + group));
			}
		}
		results.add(Cluster.END);
		return results;
	}

	private Map<Integer, List<String>> written() {
		return this.cluster.topics()
			.read(this.out)
			.stream()
			.collect(Collectors.groupingBy(ConsumerRecord::partition,
					Collectors.mapping(ConsumerRecord::value, Collectors.toList())));
	}

	private String small() {
		String small = this.name + "-small";
		this.cluster.topics().create(small, 1);
		this.cluster.send(small, List.of(7L));
		return small;
	}

	/**
	 * A mill that joins each lane with the whole of a small topic.
	 */
	private MillBuilder broadcast(String small) {
		return broadcast(small, this.broker);
	}

	private MillBuilder broadcast(String small, Broker master) {
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMillis(50));
		Input<Long> left = builder.from(Cluster.topic("in", Long.class, this.in), master);
		builder
			.join(left,
					new StreamDefinition<Long>("small", Long.class,
							Map.of(KafkaBroker.TOPIC_PROPERTY, small, KafkaBroker.BROADCAST_PROPERTY, "true")),
					this.broker)
			.onLong((element) -> element, (element) -> element)
			.many();
		builder.to(Cluster.topic("out", Long.class, this.out), Long.class, this.broker);
		return builder.process((delivery) -> delivery.get(left));
	}

	private void assertEachPartitionIsThatOfItsLane() {
		Map<Integer, List<String>> written = written();
		for (int lane = 0; lane < LANES; lane++) {
			assertThat(written.get(lane)).as("partition %d", lane).isEqualTo(expected(lane));
		}
	}

	private static void completes(Mill mill) throws InterruptedException {
		assertThat(mill.awaitEnd(Duration.ofSeconds(90))).as("%s", mill.status()).isTrue();
		assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void eachPartitionIsJoinedAsIfItWereAlone() throws Exception {
		fill(1000);
		end();
		Mill mill = selfJoin().build();
		mill.start();
		completes(mill);
		assertEachPartitionIsThatOfItsLane();
		assertThat(this.broker.source(Cluster.topic("out", String.class, this.out)).partitions()).hasValue(LANES);
	}

	@Test
	void eachLaneGoesOnWhereItWas() throws Exception {
		fill(1000);
		Mill mill = selfJoin().concurrency(4).build();
		mill.start();
		TopicMill.await(() -> this.cluster.topics().read(this.out).size() > 500);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
		end();
		Mill again = selfJoin().concurrency(4).build();
		again.start();
		completes(again);
		assertEachPartitionIsThatOfItsLane();
	}

	/**
	 * The groups show the lag meanwhile, and name the checkpoint of each lane.
	 */
	@Test
	void eachLaneGoesOnWhereItWasThoughFilesBecomeATopic(@TempDir Path directory) throws Exception {
		fill(10);
		JsonFileBroker files = JsonFileBroker.builder(Cluster.JSON).build();
		Mill mill = echo(directory, new StreamDefinition<>("out", Long.class,
				Map.of(JsonFileBroker.FILE_PROPERTY, directory.resolve("{lane}.jsonl").toString())), files);
		mill.start();
		String group = this.name + "-mill-in";
		TopicMill.await(() -> IntStream.range(0, LANES)
			.allMatch((lane) -> this.cluster.topics().committed(group, this.in, lane) != null));
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
		end();
		Mill again = echo(directory, Cluster.topic("out", Long.class, this.out), this.broker);
		again.start();
		completes(again);
		Map<Integer, List<String>> written = written();
		for (int lane = 0; lane < LANES; lane++) {
			List<String> all = new ArrayList<>(Files.readAllLines(directory.resolve(lane + ".jsonl")));
			all.addAll(written.get(lane));
			List<String> expected = new ArrayList<>(this.elements.get(lane).stream().map(String::valueOf).toList());
			expected.add(Cluster.END);
			assertThat(all).as("lane %d", lane).isEqualTo(expected);
		}
	}

	/**
	 * What is in it came after the mill began, whoever finds it when.
	 */
	@Test
	void aPartitionThatWasAddedIsReadFromItsStartThoughTheMillBeganAtTheEnd() throws Exception {
		this.cluster.topics().create(this.in, 2);
		send(0, List.of("1"));
		Mill mill = echoFromTheEnd();
		mill.start();
		TopicMill.await(() -> mill.status().lanes().size() == 2 && mill.lanes().size() == 2);
		this.cluster.grow(this.out, 4);
		this.cluster.grow(this.in, 3);
		send(2, List.of("3", "4"));
		send(0, List.of("2"));
		TopicMill.await(() -> mill.status().lanes().size() == 3 && written().keySet().equals(Set.of(0, 2)));
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
		this.cluster.grow(this.in, 4);
		send(3, List.of("5"));
		Mill again = echoFromTheEnd();
		again.start();
		TopicMill.await(() -> written().containsKey(3));
		again.stop();
		assertThat(again.awaitEnd(Duration.ofSeconds(30))).isTrue();
		assertThat(written()).isEqualTo(Map.of(0, List.of("2"), 2, List.of("3", "4"), 3, List.of("5")));
	}

	/**
	 * Nobody but the lane commits to the group of a stream that has no members, so the
	 * broker would forget it a week later.
	 */
	@Test
	void whatLanesThatHaveEndedCommittedIsRepeatedWhileOthersWork() throws Exception {
		this.cluster.topics().create(this.in, 3);
		send(0, List.of("1", "\"bad\""));
		send(1, List.of("1", Cluster.END));
		AtomicLong nanos = new AtomicLong();
		Mill mill = echo(
				Mill.builder("mill")
					.partitionWatch(Duration.ofMillis(50), Duration.ofMinutes(5))
					.clock(Clock.systemUTC(), () -> System.nanoTime() + nanos.get()),
				Cluster.topic("out", Long.class, this.out), this.broker);
		mill.start();
		TopicMill.await(() -> mill.status()
			.lanes()
			.stream()
			.map((lane) -> lane.phase().getClass().getSimpleName())
			.toList()
			.equals(List.of("Failed", "Completed", "Running")));
		List<OffsetAndMetadata> before = committed();
		nanos.set(Duration.ofDays(1).toNanos());
		TopicMill.await(() -> !committed().get(0).metadata().equals(before.get(0).metadata())
				&& !committed().get(1).metadata().equals(before.get(1).metadata()));
		assertThat(committed()).extracting(OffsetAndMetadata::offset)
			.startsWith(before.get(0).offset(), before.get(1).offset());
		assertThat(mill.state()).isEqualTo(MillState.FAILED);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
	}

	private List<OffsetAndMetadata> committed() {
		return IntStream.range(0, 2)
			.mapToObj((lane) -> this.cluster.topics().committed(this.name + "-mill-in", this.in, lane))
			.toList();
	}

	private Mill echoFromTheEnd() {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofMillis(50))
			.startFrom(new StartFrom.Latest())
			.partitionWatch(Duration.ofMillis(700), Duration.ofMinutes(5));
		return echo(builder, Cluster.topic("out", Long.class, this.out), this.broker);
	}

	private Mill echo(Path state, StreamDefinition<Long> to, Broker outputs) {
		return echo(Mill.builder("mill").commitInterval(Duration.ofMillis(50)).stateDirectory(state), to, outputs);
	}

	private Mill echo(MillBuilder builder, StreamDefinition<Long> to, Broker outputs) {
		Input<Long> from = builder.from(Cluster.topic("in", Long.class, this.in), this.broker);
		builder.to(to, Long.class, outputs);
		return builder.process((delivery) -> delivery.get(from)).build();
	}

	@Test
	void aTopicOfOnePartitionIsJoinedToEachPartition() throws Exception {
		fill(100);
		end();
		String small = small();
		this.cluster.end(small);
		Mill mill = broadcast(small).build();
		mill.start();
		completes(mill);
		Map<Integer, List<String>> written = written();
		for (int lane = 0; lane < LANES; lane++) {
			List<String> results = new ArrayList<>(
					this.elements.get(lane).stream().filter((element) -> element == 7).map(String::valueOf).toList());
			results.add(Cluster.END);
			assertThat(written.get(lane)).as("partition %d", lane).isEqualTo(results);
		}
		assertThat(this.cluster.topics().committed(this.name + "-mill-small-5", small, 0)).isNotNull();
	}

	/**
	 * What stands in the new partition would be read by nobody.
	 */
	@Test
	void aTopicThatEachLaneReadsAsAWholeMustNotGrow() throws Exception {
		fill(100);
		String small = small();
		this.cluster.end(small);
		Mill mill = broadcast(small).partitionWatch(Duration.ofMillis(50), Duration.ofMillis(100)).build();
		mill.start();
		TopicMill.await(() -> mill.state() == MillState.RUNNING && mill.status().lanes().size() == LANES);
		this.cluster.grow(small, 2);
		TopicMill.await(() -> mill.state() == MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains(small, "2 partitions");
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
	}

	/**
	 * The group of a topic that each lane reads whole has but one lane to give.
	 */
	@Test
	void refusesPartitionsOfAnotherBrokerThatNobodyWouldBeGiven() throws Exception {
		InMemoryBroker others = new InMemoryBroker();
		others.stream("in", 2);
		Mill mill = broadcast(small(), others).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("'in' (in-memory stream in)", "has 2 partitions",
				"consumer group " + this.name + "-mill-small-0", "Join a topic that has 2 partitions");
	}

	@Test
	void lanesWithoutAMarkAreOverWhenNothingCameForLong() throws Exception {
		fill(1000);
		IntStream.range(0, LANES / 2).forEach((lane) -> send(lane, List.of(Cluster.END)));
		Mill mill = selfJoin().dataTimeout(Duration.ofMillis(700)).build();
		mill.start();
		completes(mill);
		assertEachPartitionIsThatOfItsLane();
	}

}
