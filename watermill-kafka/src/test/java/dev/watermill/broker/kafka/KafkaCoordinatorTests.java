package dev.watermill.broker.kafka;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.KafkaProcess;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The coordinators of a mill's transactions and groups move from broker to broker of
 * three while it commits, and brokers are killed: {@code -Dkafka.moves=50} is how often,
 * without it this takes too long.
 */
@Timeout(7200)
@EnabledIfSystemProperty(named = "kafka.moves", matches = "\\d+")
class KafkaCoordinatorTests {

	private static final int MOVES = Integer.getInteger("kafka.moves", 0);

	private static final long SEED = Long.getLong("kafka.moves.seed", 13);

	private static final MillShape SHAPE = MillShape.SELF_JOIN;

	private static final int LANES = 2;

	private static final int ELEMENTS = 400;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final Random random = new Random(SEED);

	private final List<KafkaProcess> brokers = new ArrayList<>();

	private final List<String> history = new ArrayList<>();

	@AfterEach
	void stop() {
		this.brokers.forEach(KafkaProcess::close);
	}

	@Test
	void eachResultComesOnceWhereverItsCoordinatorsAre() throws Exception {
		start();
		String servers = String.join(",", this.brokers.stream().map(KafkaProcess::bootstrapServers).toList());
		MillSetup setup = new MillSetup(SHAPE, servers, "moves").taking(500_000)
			.client(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
		try (Cluster cluster = new Cluster(servers)) {
			for (String topic : List.of(setup.topic("now"), setup.topic(MillSetup.OUT))) {
				Cluster.get(cluster.admin().createTopics(List.of(new NewTopic(topic, LANES, (short) 3))).all());
			}
			LaneInputs inputs = new LaneInputs(cluster, setup, LANES).add(ELEMENTS);
			Mill mill = setup.builder().concurrency(LANES).build();
			try (ResultReader reader = new ResultReader(cluster, setup.topic(MillSetup.OUT), LANES, SHAPE::result)) {
				mill.start();
				for (int i = 0; i < MOVES; i++) {
					// in the middle of its work
					awaitResults(mill, reader, reader.count() + 1 + this.random.nextInt(ELEMENTS / 2));
					disturb(cluster, i);
					inputs.add(ELEMENTS);
					awaitResults(mill, reader, (inputs.results() - 1) * LANES - ELEMENTS);
				}
				inputs.end();
				assertThat(mill.awaitEnd(PATIENCE)).as("end of %s", mill.status()).isTrue();
				assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
				reader.assertComplete(inputs.results());
				System.out.printf("%d results in each of %d lanes, once and in order; seed %d, %s%n", inputs.results(),
						LANES, SEED, this.history);
			}
			finally {
				mill.stop();
				mill.awaitEnd(PATIENCE);
			}
		}
	}

	private static void awaitResults(Mill mill, ResultReader reader, long count) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
			reader.assertRight();
			assertThat(mill.state()).as("%s", mill.status()).isIn(MillState.STARTING, MillState.RUNNING);
			return reader.count() >= count;
		});
	}

	private void disturb(Cluster cluster, int round) throws InterruptedException {
		if (round % 5 == 4) {
			// the first one is the controller
			KafkaProcess broker = this.brokers.get(1 + this.random.nextInt(2));
			broker.kill();
			broker.start();
			this.history.add("kill " + this.brokers.indexOf(broker));
			return;
		}
		String topic = this.random.nextBoolean() ? "__transaction_state" : "__consumer_offsets";
		this.history.add("move " + topic);
		move(cluster, topic);
	}

	/**
	 * Let the next broker in turn lead each partition of a topic.
	 */
	private static void move(Cluster cluster, String topic) {
		TopicDescription found = Cluster.get(cluster.admin().describeTopics(List.of(topic)).allTopicNames()).get(topic);
		Map<TopicPartition, Optional<NewPartitionReassignment>> turned = new HashMap<>();
		for (TopicPartitionInfo partition : found.partitions()) {
			List<Integer> replicas = new ArrayList<>(partition.replicas().stream().map(Node::id).toList());
			Collections.rotate(replicas, 1);
			turned.put(new TopicPartition(topic, partition.partition()),
					Optional.of(new NewPartitionReassignment(replicas)));
		}
		Cluster.get(cluster.admin().alterPartitionReassignments(turned).all());
		Cluster.get(cluster.admin().electLeaders(ElectionType.PREFERRED, turned.keySet()).partitions())
			.values()
			.forEach((problem) -> problem.filter((thrown) -> !(thrown instanceof ElectionNotNeededException))
				.ifPresent((thrown) -> System.out.println("no election of " + topic + ": " + thrown)));
	}

	private void start() throws IOException {
		Uuid cluster = Uuid.randomUuid();
		int controller = free();
		for (int id = 1; id <= 3; id++) {
			int port = free();
			String listeners = "PLAINTEXT://127.0.0.1:" + port
					+ ((id == 1) ? ",CONTROLLER://127.0.0.1:" + controller : "");
			this.brokers.add(KafkaProcess.builder()
				.cluster(cluster)
				.port(port)
				.heap("384m")
				.property("node.id", String.valueOf(id))
				.property("process.roles", (id == 1) ? "broker,controller" : "broker")
				.property("controller.quorum.voters", "1@127.0.0.1:" + controller)
				.property("listeners", listeners)
				.property("offsets.topic.replication.factor", "3")
				.property("transaction.state.log.replication.factor", "3")
				.property("transaction.state.log.min.isr", "2")
				.start());
		}
	}

	private static int free() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
