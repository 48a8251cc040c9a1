package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

import dev.watermill.broker.kafka.MillShape.Copy;
import dev.watermill.kafka.fixture.SharedKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills between topics and files that are killed, again and again, with {@code kill -9}.
 */
@Timeout(900)
class MixedBindingCrashTests {

	private static final int KILLS = Integer.getInteger("kafka.mixed.kills", 2);

	private static final int ELEMENTS = 20_000;

	private final Cluster cluster = Cluster.shared();

	@TempDir
	private Path directory;

	private MillSetup setup(MillShape shape, String test, String... files) {
		return new MillSetup(shape, SharedKafka.bootstrapServers(), "mixed-" + test).files(this.directory, files);
	}

	private void kill(MillSetup setup) throws Exception {
		Killing killing = new Killing(this.cluster, setup, this.directory, ELEMENTS, KILLS).fill();
		if (setup.isFile(MillSetup.OUT)) {
			killing.kill(KILLS);
			assertHolds(setup.file(MillSetup.OUT), setup.shape(), setup.shape()::result);
			return;
		}
		try (ResultReader reader = new ResultReader(this.cluster, setup.topic(MillSetup.OUT), setup.shape()::result)) {
			killing.kill(KILLS, reader);
		}
	}

	private static void assertHolds(Path file, MillShape shape, LongFunction<?> results) throws IOException {
		List<String> expected = LongStream.range(0, shape.results(ELEMENTS))
			.mapToObj((i) -> Cluster.JSON.writeValueAsString(results.apply(i)))
			.toList();
		assertThat(Files.readAllLines(file)).isEqualTo(expected);
	}

	@Test
	void fromTopicToFile() throws Exception {
		kill(setup(MillShape.SELF_JOIN, "topic-to-file", MillSetup.OUT));
	}

	@Test
	void fromFileToTopic() throws Exception {
		kill(setup(MillShape.SELF_JOIN, "file-to-topic", "now", "next"));
	}

	@Test
	void fromTopicJoinedWithFileToTopic() throws Exception {
		kill(setup(MillShape.ONE_TO_MANY, "topic-with-file", "line"));
	}

	@Test
	void fromFileJoinedWithTopicToTopic() throws Exception {
		kill(setup(MillShape.ONE_TO_MANY, "file-with-topic", "order"));
	}

	@Test
	void fromTopicToTopicAndFile() throws Exception {
		MillSetup setup = setup(MillShape.WINDOW, "topic-to-both", MillSetup.COPY).copies();
		kill(setup);
		assertHolds(setup.file(MillSetup.COPY), setup.shape(), (i) -> Copy.of(setup.shape().result(i)));
	}

}
