package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A fetch serves several partitions for several lanes.
 */
class TopicFetchTests {

	private static final int MANY = 2 * TopicFetch.MOST_ELEMENTS;

	private final Cluster cluster = Cluster.shared();

	private final String name = "fetch-" + UUID.randomUUID();

	private final List<String> consumers = new CopyOnWriteArrayList<>();

	private final KafkaConnection connection = new KafkaConnection(
			new CountedConsumers(KafkaClients.of(Map.of("bootstrap.servers", this.cluster.bootstrapServers())),
					this.consumers),
			this.name, false);

	private final KafkaTopic topic = KafkaTopic.of(Cluster.topic("in", Integer.class, this.name));

	private final KafkaSource<Integer> source = new KafkaSource<>(this.connection, this.topic,
			() -> RecordDecoding.json(Cluster.JSON, Integer.class, "in"));

	@BeforeEach
	void createTopic() {
		this.cluster.topics().create(this.name, 2);
	}

	private void send(int partition, IntStream values) {
		this.cluster.topics()
			.send(values.mapToObj(
					(value) -> new ProducerRecord<Integer, String>(this.name, partition, null, String.valueOf(value)))
				.toList(), new IntegerSerializer(), new StringSerializer());
	}

	private void end(int partition) {
		this.cluster.topics()
			.send(List.of(new ProducerRecord<Integer, String>(this.name, partition, null, Cluster.END)),
					new IntegerSerializer(), new StringSerializer());
	}

	private StreamReader<Integer> open(int lane, long offset) {
		return this.source.open(new LaneId("mill", lane), Position.of("offset", offset));
	}

	private void commitInTransactions() {
		this.source.committedAt(new TransactionPlace(this.connection, this.topic, () -> 2));
	}

	private static List<Object> read(StreamReader<Integer> reader, int count) throws InterruptedException {
		List<Object> elements = new ArrayList<>();
		while (elements.size() < count) {
			elements.addAll(List.of(reader.read(Duration.ofSeconds(30)).toArray()));
		}
		return elements;
	}

	private static void awaitEnd(StreamReader<Integer> reader) throws InterruptedException {
		assertThat(reader.read(Duration.ofSeconds(30)).status()).isEqualTo(Batch.Status.ENDED);
	}

	private static List<Object> values(int from, int to) {
		return IntStream.range(from, to).<Object>mapToObj((value) -> value).toList();
	}

	private static long threads(String fetch) {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(fetch)).count();
	}

	@Test
	void oneClientServesBothLanesAndPausesTheOneThatIsSlow() throws InterruptedException {
		commitInTransactions();
		send(0, IntStream.range(0, MANY));
		end(0);
		send(1, IntStream.range(0, MANY));
		end(1);
		try (StreamReader<Integer> slow = open(0, 0); StreamReader<Integer> fast = open(1, 0)) {
			List<Object> first = read(slow, 1);
			// what is fetched of the one that takes nothing is no matter of the other
			assertThat(read(fast, MANY)).isEqualTo(values(0, MANY));
			awaitEnd(fast);
			assertThat(slow.remaining()).hasValue(MANY + 1 - first.size());
			assertThat(read(slow, MANY - first.size())).isEqualTo(values(first.size(), MANY));
			awaitEnd(slow);
		}
		assertThat(this.consumers).hasSize(1);
	}

	@Test
	void lanesComeAndGoWhileOthersAreRead() throws InterruptedException {
		commitInTransactions();
		send(0, IntStream.range(0, 10));
		send(1, IntStream.range(100, 110));
		StreamReader<Integer> left = open(0, 0);
		StreamReader<Integer> right = open(1, 0);
		assertThat(read(left, 10)).isEqualTo(values(0, 10));
		assertThat(read(right, 10)).isEqualTo(values(100, 110));
		right.close();
		send(0, IntStream.range(10, 20));
		assertThat(read(left, 10)).isEqualTo(values(10, 20));
		StreamReader<Integer> again = open(1, 5);
		assertThat(read(again, 5)).isEqualTo(values(105, 110));
		left.close();
		send(1, IntStream.range(110, 120));
		assertThat(read(again, 10)).isEqualTo(values(110, 120));
		assertThat(this.consumers).hasSize(1);
		again.close();
		assertThat(threads("mill-in")).isZero();
	}

	@Test
	void whatIsGoneOfOnePartitionFailsItsLaneOnly() throws InterruptedException {
		commitInTransactions();
		send(0, IntStream.range(0, 10));
		send(1, IntStream.range(0, 10));
		try (StreamReader<Integer> sound = open(0, 0); StreamReader<Integer> gone = open(1, 1000)) {
			assertThat(read(sound, 10)).isEqualTo(values(0, 10));
			assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> read(gone, 1))
				.withMessageContaining("is to be read on from offset 1000, but what was read of it ends at 10");
			send(0, IntStream.range(10, 20));
			assertThat(read(sound, 10)).isEqualTo(values(10, 20));
		}
		assertThat(this.consumers).hasSize(1);
	}

	@Test
	void theOffsetsOfEachLaneAreCommittedToTheGroupOfTheNode() throws InterruptedException {
		send(0, IntStream.range(0, 10));
		send(1, IntStream.range(0, 10));
		StreamReader<Integer> left = open(0, 0);
		StreamReader<Integer> right = open(1, 0);
		read(left, 10);
		read(right, 10);
		left.committed(Position.of("offset", 7));
		right.committed(Position.of("offset", 9));
		right.close();
		assertThat(this.cluster.topics().committed(this.name + "-mill-in", this.name, 1).offset()).isEqualTo(9);
		left.close();
		assertThat(this.cluster.topics().committed(this.name + "-mill-in", this.name, 0).offset()).isEqualTo(7);
		assertThat(this.consumers).hasSize(1);
	}

	@Test
	void oneLaneIsCaughtUpWhileTheOtherHasMore() throws InterruptedException {
		commitInTransactions();
		send(0, IntStream.range(0, MANY));
		send(1, IntStream.range(0, 10));
		try (StreamReader<Integer> busy = open(0, 0); StreamReader<Integer> idle = open(1, 0)) {
			read(busy, 1);
			read(idle, 10);
			Awaitility.await().until(() -> idle.read(Duration.ZERO).status() == Batch.Status.CAUGHT_UP);
			assertThat(busy.read(Duration.ZERO).status()).isEqualTo(Batch.Status.OPEN);
		}
	}

	/**
	 * Keeps the names of the consumers that are made.
	 */
	private record CountedConsumers(KafkaClients clients, List<String> made) implements KafkaClients {

		@Override
		public Consumer<byte[], byte[]> consumer(ClientSettings settings) {
			this.made.add(String.valueOf(settings.enforced().get("client.id")));
			return this.clients.consumer(settings);
		}

		@Override
		public Producer<byte[], byte[]> producer(ClientSettings settings) {
			return this.clients.producer(settings);
		}

		@Override
		public Admin admin() {
			return this.clients.admin();
		}

	}

}
