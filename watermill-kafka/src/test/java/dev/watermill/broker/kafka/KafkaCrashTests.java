package dev.watermill.broker.kafka;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;

import dev.watermill.kafka.fixture.KafkaProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills from topics to a topic that are killed, again and again, with {@code kill -9}.
 * The broker and the mills are processes of their own. {@code -Dkafka.kills=100} kills
 * each mill so often, on 300,000 elements.
 */
class KafkaCrashTests {

	private static final int KILLS = Integer.getInteger("kafka.kills", 2);

	private static final int ELEMENTS = Integer.getInteger("kafka.elements", (KILLS < 20) ? 60_000 : 300_000);

	private static KafkaProcess kafka;

	private static Cluster cluster;

	@TempDir
	private Path directory;

	@BeforeAll
	static void startKafka() {
		kafka = KafkaProcess.builder().start();
		cluster = new Cluster(kafka.bootstrapServers());
	}

	@AfterAll
	static void stopKafka() {
		cluster.close();
		kafka.close();
	}

	@ParameterizedTest
	@EnumSource
	@Timeout(3600)
	void everyResultComesOnceAndInOrder(MillShape shape) throws Exception {
		MillSetup setup = new MillSetup(shape, kafka.bootstrapServers(), "crash-" + shape);
		Killing killing = new Killing(cluster, setup, this.directory, ELEMENTS, KILLS).fill();
		try (ResultReader reader = new ResultReader(cluster, setup.topic(MillSetup.OUT), shape::result)) {
			killing.kill(KILLS, reader);
		}
		assertThat(killing.fastestStart()).as("milliseconds to the first commit")
			.isLessThanOrEqualTo(Math.round(3_000 * business()));
	}

	/**
	 * How much longer things take since the machine is busy with others.
	 */
	private static double business() {
		OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
		return Math.max(1, system.getSystemLoadAverage() / system.getAvailableProcessors());
	}

}
