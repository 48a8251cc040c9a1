package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.watermill.kafka.fixture.BrokerLink;
import dev.watermill.kafka.fixture.KafkaProcess;
import dev.watermill.kafka.fixture.LinkFault;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three instances of a mill with twelve lanes are started, stopped, killed, put to sleep,
 * woken and cut off from the broker at random, which is restarted now and then; requests
 * and answers are lost, late, doubled and overtaken; among the elements are bad ones, and
 * the function fails at times, for some deliveries always.
 * {@code -Dkafka.lanes.events=200} is a long fight, {@code -Dkafka.lanes.minutes=20} one
 * of so many minutes; {@code -Dkafka.lanes.shape}, {@code -Dkafka.lanes.protocol} and
 * {@code -Dkafka.lanes.seed} are the mill, the protocol of its group, and what chance
 * begins with; {@code -Dkafka.lanes.bad=0} leaves out bad elements.
 */
@Timeout(7200)
class KafkaLanesFightTests {

	private static final int EVENTS = Integer.getInteger("kafka.lanes.events", 10);

	private static final int MINUTES = Integer.getInteger("kafka.lanes.minutes", 0);

	/** How many elements come to a bad one. */
	private static final int BAD = Integer.getInteger("kafka.lanes.bad", 7);

	/** How many deliveries come to one that always fails, which takes its time. */
	private static final int FAILING = 101;

	private static final List<ApiKeys> REQUESTS = List.of(ApiKeys.PRODUCE, ApiKeys.TXN_OFFSET_COMMIT, ApiKeys.END_TXN,
			ApiKeys.FETCH, ApiKeys.INIT_PRODUCER_ID, ApiKeys.OFFSET_FETCH, ApiKeys.LIST_OFFSETS, ApiKeys.METADATA,
			ApiKeys.FIND_COORDINATOR);

	private static final List<ApiKeys> REQUESTS_OF_MEMBERS = List.of(ApiKeys.JOIN_GROUP, ApiKeys.SYNC_GROUP,
			ApiKeys.HEARTBEAT, ApiKeys.LEAVE_GROUP, ApiKeys.CONSUMER_GROUP_HEARTBEAT, ApiKeys.FIND_COORDINATOR);

	private static final long SEED = Long.getLong("kafka.lanes.seed", 12);

	private static final MillShape SHAPE = MillShape.valueOf(System.getProperty("kafka.lanes.shape", "SELF_JOIN"));

	private static final String PROTOCOL = System.getProperty("kafka.lanes.protocol", "classic");

	private static final Duration SESSION = Duration.ofMillis(Integer.getInteger("kafka.lanes.session", 1_500));

	/** Lanes work in turns, each of which ends with a commit: slow on a busy machine. */
	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private static final int LANES = Integer.getInteger("kafka.lanes", 12);

	private static final int INSTANCES = Integer.getInteger("kafka.lanes.instances", 3);

	/** How many elements each lane gets for an event. */
	private static final int ELEMENTS = 300;

	private static final long MOST_LEFT = 60_000;

	private final Random random = new Random(SEED);

	private final List<MillInstance> instances = new ArrayList<>();

	private final List<String> history = new ArrayList<>();

	private final long began = System.nanoTime();

	private KafkaProcess kafka;

	private Cluster cluster;

	private MillSetup setup;

	private LaneInputs inputs;

	private ResultReader reader;

	@TempDir
	private Path directory;

	@Test
	void eachResultComesOnceAndInOrderInThePartitionOfItsLane() throws Exception {
		try {
			begin();
			for (int i = 0; isToGoOn(i); i++) {
				// so much that all is read soon after the last event
				if (this.inputs.results() * LANES - this.reader.count() < MOST_LEFT) {
					this.inputs.add(ELEMENTS);
				}
				disturb();
				if (this.random.nextInt(3) > 0) {
					awaitProgress();
				}
				assertRight();
			}
			complete();
		}
		catch (AssertionError | ConditionTimeoutException ex) {
			throw new AssertionError("%s%nseed %d, events: %s%n%d results are due of each lane, there are %s%n%s"
				.formatted(ex.getMessage(), SEED, this.history, this.inputs.results(),
						IntStream.range(0, LANES).mapToObj(this.reader::count).toList(), describeInstances()),
					ex);
		}
		finally {
			end();
		}
	}

	private boolean isToGoOn(int events) {
		return (MINUTES > 0) ? System.nanoTime() - this.began < TimeUnit.MINUTES.toNanos(MINUTES) : events < EVENTS;
	}

	private MillSetup setup(String servers) {
		MillSetup setup = new MillSetup(SHAPE, servers, "fight-" + SEED);
		return (BAD > 0) ? setup.badBehind(BAD).failingEach(FAILING) : setup;
	}

	private void begin() throws IOException {
		this.kafka = KafkaProcess.builder()
			.links(2 * INSTANCES)
			.property("group.consumer.session.timeout.ms", String.valueOf(SESSION.toMillis()))
			.property("group.consumer.heartbeat.interval.ms", "300")
			.start();
		this.cluster = new Cluster(this.kafka.bootstrapServers());
		this.setup = setup(this.kafka.bootstrapServers());
		this.inputs = new LaneInputs(this.cluster, this.setup, LANES).create();
		this.cluster.topics().create(this.setup.topic(MillSetup.OUT), LANES);
		for (int i = 0; i < INSTANCES; i++) {
			MillSetup own = setup(workLink(i).bootstrapServers()).taking(500_000)
				.memberVia(memberLink(i).bootstrapServers())
				.client("group.protocol", PROTOCOL)
				.client("max.block.ms", 5_000);
			if (PROTOCOL.equals("classic")) {
				own.client("session.timeout.ms", SESSION.toMillis()).client("heartbeat.interval.ms", 300);
			}
			this.instances.add(new MillInstance("instance " + i, own, this.directory).start());
		}
		this.reader = new ResultReader(this.cluster, this.setup.topic(MillSetup.OUT), LANES,
				(lane, i) -> SHAPE.result(lane, this.setup.numberOf(i)));
	}

	private String describeInstances() throws Exception {
		StringBuilder text = new StringBuilder();
		for (MillInstance instance : this.instances) {
			if (instance.isAsleep()) {
				instance.wake();
			}
			instance.process().dumpThreads();
			text.append(instance).append(": ").append(instance.process()).append('\n');
		}
		return text.append(this.cluster.members(this.setup.group(SHAPE.master()), this.setup.topic(SHAPE.master())))
			.toString();
	}

	private BrokerLink memberLink(int instance) {
		return this.kafka.links().get(2 * instance);
	}

	private BrokerLink workLink(int instance) {
		return this.kafka.links().get(2 * instance + 1);
	}

	private void disturb() throws Exception {
		int which = this.random.nextInt(INSTANCES);
		MillInstance instance = this.instances.get(which);
		int dice = this.random.nextInt(24);
		wakeAndMend(MillInstance::isToBeHealed);
		if (dice < 1) {
			boolean clean = this.random.nextBoolean();
			log((clean ? "stop" : "kill") + " and start the broker");
			if (clean) {
				this.kafka.stop();
			}
			else {
				this.kafka.kill();
			}
			this.kafka.start();
		}
		else if (!instance.isAlive()) {
			log("start " + which);
			instance.start();
		}
		else if (instance.isAsleep()) {
			log("wake " + which);
			instance.wake();
		}
		else if (instance.isCut()) {
			log("mend " + which);
			instance.mend();
		}
		else if (instance.isStopping() || dice < 5) {
			log("kill " + which);
			instance.kill();
		}
		else if (dice < 9) {
			log("stop " + which);
			instance.stop();
		}
		else if (dice < 14) {
			Duration duration = someTime();
			log("put to sleep " + which + " for ms: " + duration.toMillis());
			instance.sleep(duration);
		}
		else if (dice >= 20) {
			strike(which, dice < 22);
		}
		else {
			Duration duration = someTime();
			boolean member = dice < 18;
			log("cut " + (member ? "the member" : "the work") + " of " + which + " for ms: " + duration.toMillis());
			instance.cut(member ? memberLink(which) : workLink(which), duration);
		}
	}

	private void strike(int which, boolean member) {
		List<ApiKeys> requests = member ? REQUESTS_OF_MEMBERS : REQUESTS;
		ApiKeys request = requests.get(this.random.nextInt(requests.size()));
		LinkFault fault = LinkFault.values()[this.random.nextInt(LinkFault.values().length)];
		BrokerLink link = member ? memberLink(which) : workLink(which);
		log(fault + " of " + which + ": " + request);
		link.strike(request, fault);
		if (this.random.nextBoolean()) {
			link.breakConnections();
		}
	}

	/**
	 * Mostly longer than a member may be silent.
	 */
	private Duration someTime() {
		return (this.random.nextInt(3) > 0) ? SESSION.plusMillis(500 + this.random.nextInt(2_000))
				: Duration.ofMillis(this.random.nextInt(1_000));
	}

	private void log(String event) {
		this.history.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.began) + " ms: " + event);
	}

	private void wakeAndMend(Predicate<MillInstance> which) throws Exception {
		for (MillInstance instance : this.instances) {
			if (which.test(instance)) {
				log("heal " + instance);
				instance.heal();
			}
		}
	}

	/**
	 * Let the mill get on, as long as there is an instance that can.
	 */
	private void awaitProgress() {
		long from = this.reader.count();
		long wanted = 1 + this.random.nextInt(ELEMENTS);
		long due = this.inputs.results() * LANES;
		Awaitility.await("progress").pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> {
			assertRight();
			wakeAndMend(MillInstance::isToBeHealed);
			return this.reader.count() >= Math.min(from + wanted, due - LANES)
					|| this.instances.stream().noneMatch((instance) -> instance.works() || instance.isSick());
		});
	}

	private void assertRight() {
		this.reader.assertRight();
		for (MillInstance instance : this.instances) {
			assertThat(instance.endedByItself()).as("%s ended by itself", instance).isEmpty();
		}
	}

	private void complete() throws Exception {
		wakeAndMend((instance) -> true);
		if (this.instances.stream().noneMatch(MillInstance::works)) {
			Awaitility.await().atMost(PATIENCE).until(() -> !this.instances.get(0).isAlive());
			this.instances.get(0).start();
		}
		assertRight();
		log("the end");
		this.inputs.end();
		for (MillInstance instance : this.instances) {
			if (instance.isAlive()) {
				assertThat(instance.process().awaitEnd(PATIENCE))
					.contains(MillProcess.ENDED + (instance.isTold() ? "" : "COMPLETED"));
			}
		}
		this.reader.assertComplete(this.inputs.results());
		long letters = (BAD > 0) ? new LaneLetters(this.cluster, this.setup, this.inputs).assertComplete() : 0;
		System.out.printf(
				"%s, %s, seed %d: %d results in each of %d lanes and %d dead letters, once and in order; %d ms; "
						+ "events %s%n",
				SHAPE, PROTOCOL, SEED, this.inputs.results(), LANES, letters,
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.began),
				this.history.stream()
					.collect(Collectors.groupingBy((event) -> event.replaceAll("^\\d+ ms: |( of)? \\d.*", ""),
							TreeMap::new, Collectors.counting())));
	}

	private void end() {
		this.instances.forEach(MillInstance::close);
		if (this.reader != null) {
			this.reader.close();
		}
		if (this.cluster != null) {
			this.cluster.close();
		}
		if (this.kafka != null) {
			this.kafka.close();
		}
	}

}
