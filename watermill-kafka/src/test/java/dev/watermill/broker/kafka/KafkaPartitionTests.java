package dev.watermill.broker.kafka;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.ReservedName;
import dev.watermill.broker.ResultMetadata;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which partitions the lanes of a mill read and write.
 */
class KafkaPartitionTests {

	private static final LaneId SECOND = new LaneId("mill", 1);

	private final Cluster cluster = Cluster.shared();

	private final String name = "partitions-" + UUID.randomUUID();

	private final KafkaBroker broker = this.cluster.broker(this.name);

	private StreamDefinition<Integer> stream(String stream, Map<String, String> properties) {
		Map<String, String> all = new HashMap<>(properties);
		all.put(KafkaBroker.TOPIC_PROPERTY, topic(stream));
		return new StreamDefinition<>(stream, Integer.class, all);
	}

	private String topic(String stream) {
		return this.name + "-" + stream;
	}

	private StreamSource<Integer> source(String stream, Map<String, String> properties) {
		return this.broker.source(stream(stream, properties));
	}

	private StreamSink<Integer> sink(Map<String, String> properties) {
		return this.broker.sink(stream("out", properties));
	}

	private CommitScope scope(LaneId lane, StreamSink<Integer> sink) {
		return new CommitScope(lane, CommitScope.newSession(), Map.of("in", source("in", Map.of())),
				Map.of("out", sink), null, null);
	}

	private void write(int lane, StreamSink<Integer> sink, List<String> keys) {
		CommitScope scope = scope(new LaneId("mill", lane), sink);
		try (CommitLog log = sink.commitPlace().orElseThrow().open(scope);
				StreamWriter<Integer> writer = sink.open(null, log)) {
			log.requireNothingWritten();
			keys.forEach((key) -> writer.write(lane, new ResultMetadata(key, null, Map.of())));
			writer.endOfStream();
			writer.flush();
			log.commit(new Checkpoint(Map.of("in", new Checkpoint.Input(Position.of("offset", keys.size()), Map.of())),
					Map.of(), true));
		}
	}

	private List<ConsumerRecord<String, String>> written() {
		return this.cluster.topics().read(topic("out"));
	}

	private List<String> values(int partition) {
		return written().stream()
			.filter((message) -> message.partition() == partition)
			.map(ConsumerRecord::value)
			.toList();
	}

	private static Map<String, String> byKey() {
		return Map.of(KafkaBroker.PARTITION_BY_PROPERTY, "key");
	}

	@Test
	void aTopicHasAsManyLanesAsPartitions() {
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> source("in", Map.of()).partitions())
			.withMessageContaining("does not exist yet");
		this.cluster.topics().create(topic("in"), 3);
		assertThat(source("in", Map.of()).partitions()).hasValue(3);
	}

	@Test
	void aTopicThatIsReadWholeHasAGroupForEachLane() {
		this.cluster.topics().create(topic("in"), 1);
		StreamSource<Integer> whole = source("in", Map.of(KafkaBroker.BROADCAST_PROPERTY, "true"));
		assertThat(whole.partitions()).isEmpty();
		assertThat(whole.start(SECOND, new StartFrom.Latest()).number("offset")).isZero();
		ReservedName each = new ReservedName("consumer group", this.name + "-mill-in", true);
		assertThat(whole.reservedNames(SECOND)).containsExactly(each);
		assertThat(source("in", Map.of()).reservedNames(SECOND))
			.containsExactly(new ReservedName("consumer group", this.name + "-mill-in"))
			.noneMatch(each::conflictsWith);
		assertThat(source("in-1", Map.of()).reservedNames(SECOND)).allMatch(each::conflictsWith)
			.allMatch((other) -> other.conflictsWith(each));
	}

	@Test
	void refusesATopicOfSeveralPartitionsToBeReadAsOne() {
		this.cluster.topics().create(topic("in"), 2);
		StreamSource<Integer> whole = source("in", Map.of(KafkaBroker.BROADCAST_PROPERTY, "true"));
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> whole.start(SECOND, new StartFrom.Earliest()))
			.withMessageContaining("has 2 partitions, but 'broadcast'");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(
				() -> source("in", Map.of(KafkaBroker.BROADCAST_PROPERTY, "true", KafkaBroker.MERGE_PROPERTY, "true")))
			.withMessageContaining("'broadcast' and 'merge'");
	}

	@Test
	void aLaneWaitsForItsPartition() {
		this.cluster.topics().create(topic("in"), 1);
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> source("in", Map.of()).start(SECOND, new StartFrom.Earliest()))
			.withMessageContaining("has 1 partitions, so lane 1 of the mill 'mill' waits for its partition 1");
	}

	@Test
	void anOutputIsMadeWithAPartitionForEachLane() {
		sink(Map.of()).prepare(3);
		assertThat(source("out", Map.of()).partitions()).hasValue(3);
	}

	@Test
	void refusesAnOutputWithFewerPartitionsThanLanes() {
		this.cluster.topics().create(topic("out"), 2);
		sink(Map.of()).prepare(2);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink(Map.of()).prepare(3))
			.withMessageContaining("has 2 partitions, but is written by 3 lanes");
		// of more some stay empty
		sink(Map.of()).prepare(1);
		// the client decides who takes what
		sink(byKey()).prepare(3);
	}

	@Test
	void aLaneWritesItsOwnPartitionWhateverTheKey() {
		this.cluster.topics().create(topic("in"), 3);
		StreamSink<Integer> sink = sink(Map.of());
		sink.prepare(3);
		write(1, sink, List.of("a", "b", "c", "d"));
		// what another lane wrote is no matter of this one
		write(2, sink, List.of("a"));
		assertThat(values(0)).isEmpty();
		assertThat(values(1)).containsExactly("1", "1", "1", "1", Cluster.END);
		assertThat(values(2)).containsExactly("2", Cluster.END);
	}

	@Test
	void showsWhatLanesHaveCommittedWithoutTakingThemOver() {
		this.cluster.topics().create(topic("in"), 3);
		StreamSink<Integer> sink = sink(Map.of());
		sink.prepare(3);
		write(1, sink, List.of("a", "b"));
		CommitScope scope = scope(new LaneId("mill", 2), sink);
		CommitPlace place = sink.commitPlace().orElseThrow();
		try (CommitLog log = place.open(scope)) {
			log.commit(new Checkpoint(Map.of("in", new Checkpoint.Input(Position.of("offset", 7), Map.of())), Map.of(),
					false, 3));
			List<CommitScope> scopes = IntStream.range(0, 3)
				.mapToObj((lane) -> scope(new LaneId("mill", lane), sink))
				.toList();
			// who looks without waiting sees a transaction once its markers are written
			Map<LaneId, Checkpoint> found = Awaitility.await()
				.until(() -> place.peek(scopes), (seen) -> seen.containsKey(new LaneId("mill", 2)));
			assertThat(found).containsOnlyKeys(new LaneId("mill", 1), new LaneId("mill", 2));
			assertThat(found.get(new LaneId("mill", 1)).completed()).isTrue();
			assertThat(found.get(new LaneId("mill", 2)).run()).isEqualTo(3);
			assertThat(found.get(new LaneId("mill", 2)).inputs().get("in").position().number("offset")).isEqualTo(7);
			// the groups are the same without a transaction
			CommitPlace groups = scope.inputs().get("in").commitPlace().orElseThrow();
			assertThat(groups.peek(scopes)).containsOnlyKeys(new LaneId("mill", 1), new LaneId("mill", 2));
			log.requireHeld();
		}
	}

	@Test
	void saysWhoGotSomewhereThoughOthersHaveCommittedThatSince() {
		this.cluster.topics().create(topic("in"), 1);
		StreamSink<Integer> sink = sink(Map.of());
		sink.prepare(1);
		CommitPlace place = sink.commitPlace().orElseThrow();
		LaneId lane = new LaneId("mill", 0);
		Checkpoint reached = new Checkpoint(Map.of("in", new Checkpoint.Input(Position.of("offset", 3), Map.of())),
				Map.of(), false);
		CommitScope first = scope(lane, sink);
		try (CommitLog log = place.open(first)) {
			log.read();
			log.commit(reached);
		}
		CommitScope second = scope(lane, sink);
		try (CommitLog log = place.open(second)) {
			log.read();
			log.requireHeld();
		}
		CommitScope third = scope(lane, sink);
		try (CommitLog log = place.open(third)) {
			log.read();
			assertThat(log.origin().session()).isEqualTo(second.session());
			assertThat(log.origin().reachedIn()).isEqualTo(first.session());
			log.commit(reached);
		}
		try (CommitLog log = place.open(scope(lane, sink))) {
			log.read();
			assertThat(log.origin().session()).isEqualTo(third.session());
			assertThat(log.origin().reachedIn()).isEqualTo(third.session());
		}
	}

	/**
	 * What nobody reads as a member can't be fenced by it, so it must not be committed
	 * first.
	 */
	@Test
	void theMasterSaysWhoHasTheLaneThoughItIsReadAsAWhole() {
		Map<String, StreamSource<?>> inputs = new LinkedHashMap<>();
		inputs.put("in", source("in", Map.of(KafkaBroker.MERGE_PROPERTY, "true")));
		inputs.put("side", source("side", Map.of()));
		CommitScope scope = new CommitScope(new LaneId("mill", 0), CommitScope.newSession(), inputs, Map.of(), null,
				null);
		assertThat(inputs.get("side").commitPlace().orElseThrow().membership(scope)).get()
			.extracting(Membership::location)
			.isEqualTo("consumer group " + this.name + "-mill-in-0");
	}

	@Test
	void spreadsRecordsByTheirKeysWithoutAMark() {
		this.cluster.topics().create(topic("in"), 3);
		StreamSink<Integer> sink = sink(byKey());
		sink.prepare(3);
		List<String> keys = List.of("a", "b", "c", "d", "e", "f", "g", "h");
		write(1, sink, keys);
		// the positions of the first lane say whose records these are
		write(2, sink, keys);
		assertThat(written()).hasSize(2 * keys.size())
			.allSatisfy((message) -> assertThat(message.partition())
				.isEqualTo(BuiltInPartitioner.partitionForKey(message.key().getBytes(), 3)));
		assertThat(written().stream().map(ConsumerRecord::partition).collect(Collectors.toSet())).hasSize(3);
	}

	@Test
	void refusesToBeginBesideRecordsThatNoLaneHasWritten() {
		this.cluster.topics().create(topic("in"), 3);
		StreamSink<Integer> sink = sink(byKey());
		sink.prepare(3);
		this.cluster.send(topic("out"), List.of(1));
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> write(1, sink, List.of("a")))
			.withMessageContaining("have no positions, but the topic");
	}

	@Test
	void spreadsNoRecordWithoutAKey() {
		this.cluster.topics().create(topic("in"), 1);
		StreamSink<Integer> sink = sink(byKey());
		sink.prepare(1);
		try (CommitLog log = sink.commitPlace().orElseThrow().open(scope(new LaneId("mill", 0), sink));
				StreamWriter<Integer> writer = sink.open(null, log)) {
			assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> writer.write(1))
				.withMessageContaining("can't take a result without a key");
		}
	}

	@Test
	void refusesWordsItDoesNotKnow() {
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> sink(Map.of(KafkaBroker.PARTITION_BY_PROPERTY, "value")))
			.withMessageContaining("'partition-by' value. Set it to lane or key");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(
				() -> sink(Map.of(KafkaBroker.PARTITION_BY_PROPERTY, "key", KafkaBroker.END_MARK_PROPERTY, "value")))
			.withMessageContaining("no partition has an end of its own");
	}

}
