package dev.watermill.broker.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.kafka.MillShape.Copy;
import dev.watermill.kafka.fixture.SharedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances of a mill that writes a topic and a file fight for it: they are started,
 * stopped, killed, put to sleep, woken and reset at random. {@code -Dkafka.fights=200} is
 * a long fight.
 */
@Timeout(3600)
class KafkaFightTests {

	private static final int EVENTS = Integer.getInteger("kafka.fights", 12);

	private static final long SEED = Long.getLong("kafka.fights.seed", 9);

	private static final int ELEMENTS = 20_000;

	private final Cluster cluster = Cluster.shared();

	private final Random random = new Random(SEED);

	private final Instance[] instances = { new Instance(), new Instance() };

	private final List<String> history = new ArrayList<>();

	/** How often the mill may have begun anew. */
	private int resets;

	@TempDir
	private Path directory;

	@Test
	void eachResultComesOnceInTheTopicAndInTheFile() throws Exception {
		MillSetup setup = new MillSetup(MillShape.WINDOW, SharedKafka.bootstrapServers(), "fight-" + SEED)
			.files(this.directory, MillSetup.COPY)
			.copies()
			.taking(5_000_000);
		new Killing(this.cluster, setup, this.directory, ELEMENTS, SEED).fill();
		try {
			for (int i = 0; i < EVENTS; i++) {
				disturb(setup);
				awaitProgress(setup);
			}
			for (Instance instance : this.instances) {
				instance.end();
			}
			try (MillProcess last = MillProcess.start(setup.taking(0), this.directory)) {
				assertThat(last.awaitEnd(Duration.ofMinutes(2))).contains(MillProcess.ENDED + "COMPLETED");
			}
			assertHolds(setup);
		}
		finally {
			for (Instance instance : this.instances) {
				instance.end();
			}
		}
	}

	private void disturb(MillSetup setup) throws Exception {
		int which = this.random.nextInt(this.instances.length);
		Instance instance = this.instances[which];
		int dice = this.random.nextInt(20);
		if (dice < 2) {
			this.history.add("reset");
			this.resets++;
			try {
				setup.builder().build().reset();
			}
			catch (BrokerException ex) {
				// another instance was started meanwhile, or is in the middle of writing
				this.history.add("not reset: " + ex.getMessage());
			}
		}
		else if (!instance.isAlive()) {
			this.history.add("start " + which);
			instance.process = MillProcess.start(setup, this.directory);
			instance.asleep = false;
		}
		else if (instance.asleep) {
			this.history.add("wake " + which);
			instance.process.signal("CONT");
			instance.asleep = false;
		}
		else if (dice < 12) {
			this.history.add("put to sleep " + which);
			instance.process.signal("STOP");
			instance.asleep = true;
		}
		else if (dice < 16) {
			this.history.add("stop " + which);
			instance.process.stop();
		}
		else {
			this.history.add("kill " + which);
			instance.process.kill();
		}
	}

	/**
	 * Let the mill get on, as long as there is an instance that can; or, now and then,
	 * not, so that an instance is disturbed while it starts or ends.
	 */
	private void awaitProgress(MillSetup setup) {
		if (this.random.nextInt(3) == 0) {
			return;
		}
		long from = committed(setup);
		long elements = 1 + this.random.nextInt(2_000);
		Awaitility.await("progress of " + this.history)
			.pollInterval(Duration.ofMillis(20))
			.atMost(Duration.ofMinutes(2))
			.until(() -> {
				long now = committed(setup);
				return now < from || now >= Math.min(from + elements, ELEMENTS)
						|| Stream.of(this.instances).noneMatch(Instance::isAwake);
			});
	}

	private long committed(MillSetup setup) {
		OffsetAndMetadata found = this.cluster.topics().committed(setup.group("reading"), setup.topic("reading"), 0);
		return (found != null) ? found.offset() : -1;
	}

	private void assertHolds(MillSetup setup) throws Exception {
		List<String> expected = LongStream.range(0, setup.shape().results(ELEMENTS))
			.mapToObj((i) -> Cluster.JSON.writeValueAsString(setup.shape().result(i)))
			.toList();
		List<String> found = this.cluster.values(setup.topic(MillSetup.OUT));
		int begun = 0;
		int next = 0;
		for (String value : found) {
			if (value.equals(Cluster.END)) {
				assertThat(next).as("results before a mark, seed %s: %s", SEED, this.history)
					.isEqualTo(expected.size());
				continue;
			}
			if (next > 0 && value.equals(expected.get(0))) {
				begun++;
				next = 0;
			}
			assertThat(value).as("result %s, seed %s: %s", next, SEED, this.history).isEqualTo(expected.get(next));
			next++;
		}
		System.out.printf("seed %d, events %s; the mill began anew %d times%n", SEED,
				this.history.stream()
					.collect(Collectors.groupingBy((event) -> event.replaceAll("( \\d|:.*)", ""), TreeMap::new,
							Collectors.counting())),
				begun);
		assertThat(next).isEqualTo(expected.size());
		assertThat(found.get(found.size() - 1)).isEqualTo(Cluster.END);
		assertThat(begun).as("new beginnings, seed %s: %s", SEED, this.history).isLessThanOrEqualTo(this.resets);
		assertThat(Files.readAllLines(setup.file(MillSetup.COPY))).as("seed %s: %s", SEED, this.history)
			.isEqualTo(LongStream.range(0, expected.size())
				.mapToObj((i) -> Cluster.JSON.writeValueAsString(Copy.of(setup.shape().result(i))))
				.toList());
	}

	private static final class Instance {

		private MillProcess process;

		private boolean asleep;

		boolean isAlive() {
			return this.process != null && this.process.isAlive();
		}

		boolean isAwake() {
			return isAlive() && !this.asleep;
		}

		void end() throws Exception {
			if (this.process != null) {
				this.process.kill();
			}
		}

	}

}
