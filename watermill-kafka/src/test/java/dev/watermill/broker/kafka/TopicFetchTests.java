package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.codec.ElementDecoder;
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

	private static final int LANES = 12;

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
		this.cluster.topics().create(this.name, LANES);
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
		CommitPlace place = new TransactionPlace(this.connection, this.topic, () -> LANES);
		IntStream.range(0, LANES).forEach((lane) -> this.source.committedAt(new LaneId("mill", lane), place));
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

	/**
	 * What lanes do that are revoked and assigned again while the others are read: each
	 * takes the elements behind where it was.
	 */
	@Test
	void lanesThatComeAndGoGoOnWhereTheyWereWhileOthersAreRead() throws Exception {
		commitInTransactions();
		int each = 3000;
		for (int lane = 0; lane < LANES; lane++) {
			send(lane, IntStream.range(0, each));
		}
		ExecutorService threads = Executors.newFixedThreadPool(LANES);
		try {
			List<Future<List<Object>>> read = new ArrayList<>();
			for (int lane = 0; lane < LANES; lane++) {
				int number = lane;
				read.add(threads.submit(() -> readInPieces(number, each)));
			}
			for (Future<List<Object>> lane : read) {
				assertThat(lane.get(60, TimeUnit.SECONDS)).isEqualTo(values(0, each));
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(threads("mill-in")).isZero();
	}

	private List<Object> readInPieces(int lane, int count) throws InterruptedException {
		Random random = new Random(lane);
		List<Object> all = new ArrayList<>();
		while (all.size() < count) {
			try (StreamReader<Integer> reader = open(lane, all.size())) {
				// a batch is committed up to some element, the rest is read again
				List<Object> some = read(reader, 1);
				all.addAll(some.subList(0, 1 + random.nextInt(some.size())));
				if (random.nextBoolean()) {
					// what was fetched meanwhile is of no use to anyone
					reader.read(Duration.ofMillis(10));
				}
			}
		}
		return all;
	}

	@Test
	void aLaneThatLeavesWaitsForNobody() throws Exception {
		commitInTransactions();
		List<StreamReader<Integer>> readers = new ArrayList<>();
		for (int lane = 0; lane < LANES; lane++) {
			send(lane, IntStream.range(0, 10));
			readers.add(open(lane, 0));
			read(readers.get(lane), 10);
		}
		// all others are silent, so the thread waits for records of theirs
		long longest = 0;
		for (StreamReader<Integer> reader : readers.subList(1, LANES)) {
			long before = System.nanoTime();
			reader.close();
			longest = Math.max(longest, System.nanoTime() - before);
		}
		assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofMillis(50));
		send(0, IntStream.range(10, 20));
		assertThat(read(readers.get(0), 10)).isEqualTo(values(10, 20));
		readers.get(0).close();
		assertThat(this.consumers).hasSize(1);
	}

	@Test
	void aLaneThatIsReadAgainAtOnceBeginsAtItsNewPosition() throws InterruptedException {
		commitInTransactions();
		send(0, IntStream.range(0, 100));
		send(1, IntStream.range(0, 100));
		try (StreamReader<Integer> other = open(1, 0)) {
			read(other, 100);
			for (int from : new int[] { 0, 50, 99, 10, 0 }) {
				try (StreamReader<Integer> reader = open(0, from)) {
					assertThat(read(reader, 100 - from)).isEqualTo(values(from, 100));
				}
			}
		}
		assertThat(this.consumers).hasSize(1);
	}

	@Test
	void bothSidesOfSelfJoinsAreReadByTwoClientsHoweverManyLanes() throws InterruptedException {
		commitInTransactions();
		List<StreamReader<Integer>> readers = new ArrayList<>();
		for (int lane = 0; lane < LANES; lane++) {
			send(lane, IntStream.range(0, 12_000));
			readers.add(open(lane, 0));
			// too far from each other for one feed
			readers.add(open(lane, 11_990));
		}
		for (int lane = 0; lane < LANES; lane++) {
			assertThat(read(readers.get(2 * lane + 1), 10)).isEqualTo(values(11_990, 12_000));
			assertThat(read(readers.get(2 * lane), 12_000)).isEqualTo(values(0, 12_000));
		}
		readers.forEach(StreamReader::close);
		assertThat(this.consumers).hasSize(2);
	}

	@Test
	void lanesThatReadAllOfATopicDoSoWithAClientEach() throws InterruptedException {
		send(0, IntStream.range(0, 10));
		String whole = this.name + "-whole";
		this.cluster.topics().create(whole, 1);
		this.cluster.send(whole, List.of(1, 2, 3));
		KafkaSource<Integer> all = new KafkaSource<>(this.connection,
				KafkaTopic.of(new StreamDefinition<>("whole", Integer.class,
						Map.of(KafkaBroker.TOPIC_PROPERTY, whole, KafkaBroker.BROADCAST_PROPERTY, "true"))),
				() -> RecordDecoding.json(Cluster.JSON, Integer.class, "whole"));
		try (StreamReader<Integer> left = all.open(new LaneId("mill", 0), null);
				StreamReader<Integer> right = all.open(new LaneId("mill", 1), null)) {
			assertThat(read(left, 3)).containsExactly(1, 2, 3);
			assertThat(read(right, 3)).containsExactly(1, 2, 3);
			assertThat(this.consumers).contains(this.name + "-mill-whole-0-0", this.name + "-mill-whole-1-1");
		}
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

	@Test
	void isNotCaughtUpBeforeWhatWasPolledIsHandedOver() throws InterruptedException {
		commitInTransactions();
		send(0, IntStream.range(0, 1));
		CountDownLatch decoding = new CountDownLatch(1);
		CountDownLatch mayDecode = new CountDownLatch(1);
		ElementDecoder<Integer> slow = (bytes) -> {
			decoding.countDown();
			mayDecode.await();
			return Integer.valueOf(new String(bytes, StandardCharsets.UTF_8));
		};
		KafkaSource<Integer> slowly = new KafkaSource<>(this.connection, this.topic,
				() -> RecordDecoding.by(slow, Integer.class));
		try (StreamReader<Integer> reader = slowly.open(new LaneId("mill", 0), Position.of("offset", 0L))) {
			reader.read(Duration.ZERO);
			assertThat(decoding.await(30, TimeUnit.SECONDS)).isTrue();
			// the broker has said by now that nothing more is there
			assertThat(reader.read(Duration.ZERO).status()).isEqualTo(Batch.Status.OPEN);
			mayDecode.countDown();
			assertThat(read(reader, 1)).containsExactly(0);
			Awaitility.await().until(() -> reader.read(Duration.ZERO).status() == Batch.Status.CAUGHT_UP);
		}
		finally {
			mayDecode.countDown();
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
