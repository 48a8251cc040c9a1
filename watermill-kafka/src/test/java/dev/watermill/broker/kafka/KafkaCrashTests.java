package dev.watermill.broker.kafka;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.watermill.kafka.fixture.KafkaProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills from topics to a topic that are killed, again and again, with {@code kill -9}.
 * The broker and the mills are processes of their own. {@code -Dkafka.kills=100} kills
 * mills of all shapes so often, on 300,000 elements, with functions that answer at once
 * and later.
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

	static Stream<Arguments> mills() {
		if (KILLS <= 2) {
			return Stream.of(Arguments.of(MillShape.SELF_JOIN, false), Arguments.of(MillShape.ONE_TO_MANY, false),
					Arguments.of(MillShape.HOPPING, true));
		}
		return Stream.of(MillShape.values())
			.flatMap((shape) -> Stream.of(Arguments.of(shape, false), Arguments.of(shape, true)));
	}

	@ParameterizedTest(name = "{0}, answers later: {1}")
	@MethodSource("mills")
	@Timeout(3600)
	void everyResultComesOnceAndInOrder(MillShape shape, boolean later) throws Exception {
		MillSetup setup = new MillSetup(shape, kafka.bootstrapServers(), "crash-" + shape + "-" + later);
		if (later) {
			setup.later();
		}
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
