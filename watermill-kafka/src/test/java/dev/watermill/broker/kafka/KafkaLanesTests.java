package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.watermill.kafka.fixture.KafkaProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Instances of a mill, each a process of its own, share out the partitions of its topics.
 * {@code -Dkafka.lanes.elements=1000000} lets them do so with so many elements.
 */
@Timeout(1800)
class KafkaLanesTests {

	private static final int LANES = 12;

	private static final int ELEMENTS = Integer.getInteger("kafka.lanes.elements", 24_000);

	/** Whole windows, and orders with all of their lines. */
	private static final int ELEMENTS_OF_LANE = (ELEMENTS / LANES + 9) / 10 * 10;

	/** How long the broker takes a silent member for alive that does not say. */
	private static final Duration SESSION = Duration.ofMillis(1_500);

	private static KafkaProcess kafka;

	private static Cluster cluster;

	private final List<MillInstance> instances = new ArrayList<>();

	@TempDir
	private Path directory;

	@BeforeAll
	static void startKafka() {
		kafka = KafkaProcess.builder()
			.property("group.consumer.session.timeout.ms", String.valueOf(SESSION.toMillis()))
			.property("group.consumer.heartbeat.interval.ms", "100")
			.start();
		cluster = new Cluster(kafka.bootstrapServers());
	}

	@AfterAll
	static void stopKafka() {
		cluster.close();
		kafka.close();
	}

	@AfterEach
	void end() {
		this.instances.forEach(MillInstance::close);
	}

	private static MillSetup setup(MillShape shape, String test) {
		return new MillSetup(shape, kafka.bootstrapServers(), test);
	}

	private MillInstance start(MillSetup setup) throws IOException {
		MillInstance instance = new MillInstance("instance " + this.instances.size(), setup, this.directory);
		this.instances.add(instance);
		return instance.start();
	}

	private static ResultReader reader(MillSetup setup, int lanes) {
		cluster.topics().create(setup.topic(MillSetup.OUT), lanes);
		return new ResultReader(cluster, setup.topic(MillSetup.OUT), lanes, setup.shape()::result);
	}

	private ConditionFactory await(String what) {
		return Awaitility.await(what)
			.atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(20))
			.failFast("an instance ended",
					() -> this.instances.stream()
						.flatMap((instance) -> instance.endedByItself().stream())
						.findAny()
						.ifPresent((end) -> assertThat(end).contains(MillProcess.ENDED + "COMPLETED")));
	}

	private static Map<String, Set<Integer>> members(MillSetup setup) {
		String master = setup.shape().master();
		return cluster.members(setup.group(master), setup.topic(master));
	}

	private void awaitSpread(MillSetup setup, Integer... sizes) {
		await("spread over members").untilAsserted(() -> {
			Collection<Set<Integer>> held = members(setup).values();
			assertThat(held.stream().map(Set::size).sorted()).as("%s", held).containsExactly(sizes);
			assertThat(held.stream().flatMap(Set::stream)).doesNotHaveDuplicates();
		});
	}

	/**
	 * Wait until each lane has delivered everything that does not wait for what comes
	 * next.
	 */
	private void awaitResults(ResultReader reader, LaneInputs inputs) {
		await("results in each lane").until(() -> {
			reader.assertRight();
			return IntStream.range(0, inputs.lanes()).allMatch((lane) -> reader.count(lane) >= inputs.results() - 1);
		});
	}

	private void assertCompleted() throws InterruptedException {
		for (MillInstance instance : this.instances) {
			assertThat(instance.process().awaitEnd(Duration.ofMinutes(10))).contains(MillProcess.ENDED + "COMPLETED");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HOPPING")
	void threeInstancesWriteInEachLaneWhatOneWrites(MillShape shape) throws Exception {
		MillSetup setup = setup(shape, "three-" + shape);
		LaneInputs inputs = new LaneInputs(cluster, setup, LANES).create();
		try (ResultReader reader = reader(setup, LANES)) {
			for (int i = 0; i < 3; i++) {
				start(setup(shape, "three-" + shape));
			}
			awaitSpread(setup, 4, 4, 4);
			long start = System.nanoTime();
			inputs.add(ELEMENTS_OF_LANE).end();
			assertCompleted();
			reader.assertComplete(inputs.results());
			System.out.printf("%s: %d elements in each of %d lanes, by 3 instances with 4 each, in %d ms%n", shape,
					ELEMENTS_OF_LANE, LANES, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
		}
		MillSetup single = setup(shape, "single-" + shape).inputsOf(setup);
		try (ResultReader reader = reader(single, LANES)) {
			start(single);
			assertCompleted();
			reader.assertComplete(inputs.results());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "classic", "consumer" })
	void whatOneLeavesOthersTakeUp(String protocol) throws Exception {
		MillSetup setup = protocol(setup(MillShape.ONE_TO_MANY, "leave-" + protocol), protocol);
		LaneInputs inputs = new LaneInputs(cluster, setup, 4).create().add(100);
		try (ResultReader reader = reader(setup, 4)) {
			MillInstance first = start(setup);
			awaitResults(reader, inputs);
			MillInstance second = start(setup);
			awaitSpread(setup, 2, 2);
			inputs.add(100);
			awaitResults(reader, inputs);
			second.stop();
			awaitSpread(setup, 4);
			inputs.add(100);
			awaitResults(reader, inputs);
			assertThat(second.process().awaitEnd(Duration.ofMinutes(1))).contains(MillProcess.ENDED + "STOPPED");
			second.start();
			awaitSpread(setup, 2, 2);
			first.kill();
			inputs.add(100);
			awaitResults(reader, inputs);
			first.start();
			awaitSpread(setup, 2, 2);
			inputs.add(100).end();
			assertCompleted();
			reader.assertComplete(inputs.results());
		}
	}

	private static MillSetup protocol(MillSetup setup, String protocol) {
		setup.client("group.protocol", protocol);
		return protocol.equals("classic")
				? setup.client("session.timeout.ms", SESSION.toMillis()).client("heartbeat.interval.ms", 300) : setup;
	}

	@ParameterizedTest
	@ValueSource(strings = { "classic", "consumer" })
	void anInstanceThatSleptCommitsNothingAndWorksAgain(String protocol) throws Exception {
		MillSetup setup = protocol(setup(MillShape.WINDOW, "sleep-" + protocol), protocol).taking(2_000_000);
		LaneInputs inputs = new LaneInputs(cluster, setup, 4).create().add(100);
		try (ResultReader reader = reader(setup, 4)) {
			MillInstance sleeper = start(setup);
			start(setup);
			awaitSpread(setup, 2, 2);
			awaitResults(reader, inputs);
			long before = reader.count();
			inputs.add(2_000);
			await("work").until(() -> reader.count() > before);
			sleeper.sleep(SESSION);
			awaitSpread(setup, 4);
			awaitResults(reader, inputs);
			sleeper.wake();
			awaitSpread(setup, 2, 2);
			inputs.add(1_000);
			awaitResults(reader, inputs);
			inputs.end();
			assertCompleted();
			reader.assertComplete(inputs.results());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "classic", "consumer" })
	void aStaticMemberThatComesBackSoonKeepsItsLanes(String protocol) throws Exception {
		String test = "static-" + protocol;
		MillSetup setup = setup(MillShape.ONE_TO_MANY, test).client("group.protocol", protocol);
		if (protocol.equals("classic")) {
			setup.client("session.timeout.ms", 20_000);
		}
		LaneInputs inputs = new LaneInputs(cluster, setup, 4).create().add(100);
		if (protocol.equals("consumer")) {
			cluster.sessionTimeout(setup.group(setup.shape().master()), Duration.ofSeconds(20));
		}
		try (ResultReader reader = reader(setup, 4)) {
			MillInstance first = start(setup.client("group.instance.id", "a"));
			start(setup.client("group.instance.id", "b"));
			awaitSpread(setup, 2, 2);
			awaitResults(reader, inputs);
			Map<String, Set<Integer>> before = members(setup);
			assertThat(before).containsOnlyKeys("a", "b");
			// the newer protocol takes nobody of the name of one who said nothing
			if (protocol.equals("classic")) {
				first.kill();
			}
			else {
				first.stop();
				first.process().awaitEnd(Duration.ofMinutes(1));
			}
			setup.client("group.instance.id", "a");
			long start = System.nanoTime();
			first.start();
			inputs.add(100);
			awaitResults(reader, inputs);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
			assertThat(members(setup)).isEqualTo(before);
			inputs.add(100).end();
			assertCompleted();
			reader.assertComplete(inputs.results());
		}
	}

	@Test
	void partitionsThatAreAddedWhileItRunsAreWorkedOn() throws Exception {
		MillSetup setup = setup(MillShape.ONE_TO_MANY, "grown");
		LaneInputs inputs = new LaneInputs(cluster, setup, 4).create().add(100);
		try (ResultReader reader = reader(setup, 4)) {
			start(setup);
			start(setup);
			awaitSpread(setup, 2, 2);
			awaitResults(reader, inputs);
			cluster.grow(setup.topic(MillSetup.OUT), 6);
			reader.grow(6);
			inputs.grow(6);
			awaitSpread(setup, 3, 3);
			inputs.add(100);
			awaitResults(reader, inputs);
			inputs.end();
			assertCompleted();
			reader.assertComplete(inputs.results());
		}
	}

}
