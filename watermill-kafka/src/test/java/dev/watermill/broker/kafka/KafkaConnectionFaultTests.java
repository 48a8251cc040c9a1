package dev.watermill.broker.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.BrokerLink;
import dev.watermill.kafka.fixture.KafkaProcess;
import dev.watermill.kafka.fixture.LinkFault;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole requests and answers between a mill's clients and their broker are lost, late,
 * doubled or overtaken, and connections are half open: each result comes once, and nobody
 * has to help. The first faults are each kind for each of the requests that a transaction
 * is made of; {@code -Dkafka.faults=200} goes on with any request of a client,
 * {@code -Dkafka.faults.seed} and {@code -Dkafka.faults.shape} are what chance begins
 * with and the mill.
 */
@Timeout(7200)
class KafkaConnectionFaultTests {

	private static final int FAULTS = Integer.getInteger("kafka.faults", 18);

	private static final long SEED = Long.getLong("kafka.faults.seed", 13);

	private static final MillShape SHAPE = MillShape.valueOf(System.getProperty("kafka.faults.shape", "SELF_JOIN"));

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final int LANES = 2;

	/** How many elements each lane gets for a fault. */
	private static final int ELEMENTS = 50;

	private static final List<ApiKeys> OF_TRANSACTIONS = List.of(ApiKeys.PRODUCE, ApiKeys.TXN_OFFSET_COMMIT,
			ApiKeys.END_TXN);

	private static final List<ApiKeys> OTHERS = List.of(ApiKeys.FETCH, ApiKeys.LIST_OFFSETS, ApiKeys.HEARTBEAT,
			ApiKeys.INIT_PRODUCER_ID, ApiKeys.OFFSET_FETCH, ApiKeys.FIND_COORDINATOR, ApiKeys.METADATA,
			ApiKeys.JOIN_GROUP, ApiKeys.SYNC_GROUP, ApiKeys.DESCRIBE_TRANSACTIONS, ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
			ApiKeys.API_VERSIONS);

	private final Random random = new Random(SEED);

	private final List<String> history = new ArrayList<>();

	@TempDir
	private Path directory;

	@Test
	void eachResultComesOnceWhateverHappensToConnections() throws Exception {
		long began = System.nanoTime();
		try (KafkaProcess kafka = KafkaProcess.builder().links(1).start();
				Cluster cluster = new Cluster(kafka.bootstrapServers())) {
			BrokerLink link = kafka.links().get(0);
			MillSetup setup = new MillSetup(SHAPE, link.bootstrapServers(), "faults")
				// before an answer that is late
				.client("request.timeout.ms", 1_000)
				.client(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000)
				.client(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000)
				.client(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 3_000);
			LaneInputs inputs = new LaneInputs(cluster, setup, LANES).create().add(ELEMENTS);
			cluster.topics().create(setup.topic(MillSetup.OUT), LANES);
			Mill mill = setup.builder().concurrency(LANES).build();
			try (ResultReader reader = new ResultReader(cluster, setup.topic(MillSetup.OUT), LANES, SHAPE::result)) {
				mill.start();
				awaitResults(mill, reader, inputs);
				for (Fault fault : firstFaults()) {
					assertThat(strike(link, fault, mill, reader, inputs)).as("%s", fault).isTrue();
				}
				while (this.history.size() < FAULTS) {
					strike(link, anyFault(), mill, reader, inputs);
				}
				inputs.end();
				assertThat(mill.awaitEnd(PATIENCE)).as("end of %s", mill.status()).isTrue();
				assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
				reader.assertComplete(inputs.results());
				System.out.printf("%s, seed %d: %d results in each of %d lanes, once and in order; %d ms; %s%n", SHAPE,
						SEED, inputs.results(), LANES, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
						counted());
			}
			catch (AssertionError | ConditionTimeoutException ex) {
				throw new AssertionError(ex.getMessage() + "\nseed " + SEED + ", " + this.history, ex);
			}
			finally {
				mill.stop();
				mill.awaitEnd(PATIENCE);
			}
		}
	}

	private List<Fault> firstFaults() {
		List<Fault> faults = new ArrayList<>();
		OF_TRANSACTIONS.forEach(
				(request) -> List.of(LinkFault.values()).forEach((fault) -> faults.add(new Fault(request, fault))));
		Collections.shuffle(faults, this.random);
		return faults;
	}

	private Fault anyFault() {
		List<ApiKeys> requests = this.random.nextBoolean() ? OF_TRANSACTIONS : OTHERS;
		LinkFault fault = LinkFault.values()[this.random.nextInt(LinkFault.values().length)];
		return new Fault(requests.get(this.random.nextInt(requests.size())), fault);
	}

	/**
	 * Let a fault happen, and wait until all is well again.
	 * @return whether there was such a request
	 */
	private boolean strike(BrokerLink link, Fault fault, Mill mill, ResultReader reader, LaneInputs inputs) {
		CompletableFuture<Void> struck = link.strike(fault.request(), fault.fault());
		inputs.add(ELEMENTS);
		if (OTHERS.contains(fault.request()) && this.random.nextBoolean()) {
			// most of these come where a connection begins
			link.breakConnections();
		}
		awaitResults(mill, reader, inputs);
		boolean happened = struck.isDone() || !struck.cancel(false);
		if (happened) {
			this.history.add(fault.toString());
		}
		return happened;
	}

	private static void awaitResults(Mill mill, ResultReader reader, LaneInputs inputs) {
		Awaitility.await(String.valueOf(mill.status()))
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> {
				reader.assertRight();
				assertThat(mill.state()).as("%s", mill.status()).isIn(MillState.STARTING, MillState.RUNNING);
				// the last of each lane waits for what follows
				return reader.count() >= (inputs.results() - 1) * LANES;
			});
	}

	private Map<String, Integer> counted() {
		Map<String, Integer> counted = new TreeMap<>();
		this.history.forEach((fault) -> counted.merge(fault, 1, Integer::sum));
		return counted;
	}

	/**
	 * Something that is to happen to a request.
	 */
	private record Fault(ApiKeys request, LinkFault fault) {

		@Override
		public String toString() {
			return this.request + " " + this.fault;
		}

	}

}
