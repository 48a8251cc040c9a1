package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.watermill.kafka.fixture.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills with bad elements among the good ones of all inputs that are killed, again and
 * again, with {@code kill -9}: each bad one becomes a dead letter of each node once, in
 * its order. {@code -Dkafka.letters.kills=100} kills each mill so often, and more kinds
 * of them.
 */
@Timeout(3600)
class DeadLetterCrashTests {

	private static final int KILLS = Integer.getInteger("kafka.letters.kills", 2);

	private static final int ELEMENTS = 20_000;

	private final Cluster cluster = Cluster.shared();

	@TempDir
	private Path directory;

	private void kill(MillShape shape, String... files) throws Exception {
		MillSetup setup = new MillSetup(shape, SharedKafka.bootstrapServers(), "letters-" + UUID.randomUUID())
			.files(this.directory, files)
			.badBehind(7);
		Killing killing = new Killing(this.cluster, setup, this.directory, ELEMENTS, KILLS).fill();
		if (setup.isFile(MillSetup.OUT)) {
			killing.kill(KILLS);
			assertThat(Files.readAllLines(setup.file(MillSetup.OUT))).isEqualTo(results(shape));
		}
		else {
			try (ResultReader reader = new ResultReader(this.cluster, setup.topic(MillSetup.OUT), shape::result)) {
				killing.kill(KILLS, reader);
			}
		}
		Map<String, List<String>> letters = letters(setup);
		assertThat(letters.keySet()).containsExactlyInAnyOrderElementsOf(shape.inputs());
		for (String stream : shape.inputs()) {
			assertThat(letters.get(stream)).as("dead letters of %s", stream).isEqualTo(bad(setup, stream));
		}
	}

	private static List<String> results(MillShape shape) {
		return LongStream.range(0, shape.results(ELEMENTS))
			.mapToObj((i) -> Cluster.JSON.writeValueAsString(shape.result(i)))
			.toList();
	}

	private static List<String> bad(MillSetup setup, String stream) {
		return LongStream.range(0, setup.shape().size(stream, ELEMENTS))
			.filter((i) -> setup.isBadBehind(stream, i, ELEMENTS))
			.mapToObj((i) -> setup.badBehind(setup.shape().place(stream), i))
			.toList();
	}

	/**
	 * Read the values of all dead letters by the streams of the mill.
	 */
	private Map<String, List<String>> letters(MillSetup setup) throws IOException {
		Map<String, List<String>> letters = new LinkedHashMap<>();
		if (setup.isFile(MillSetup.DEAD)) {
			for (String line : Files.readAllLines(setup.file(MillSetup.DEAD))) {
				JsonNode letter = Cluster.JSON.readTree(line);
				letters.computeIfAbsent(letter.path("stream").asString(), (key) -> new ArrayList<>())
					.add(letter.path("value").asString());
			}
			return letters;
		}
		setup.shape().inputs().stream().map(setup::deadLetterTopic).distinct().forEach((topic) -> {
			// waits for the end of the last transaction
			this.cluster.values(topic);
			for (ConsumerRecord<String, String> letter : this.cluster.topics().read(topic)) {
				String stream = new String(letter.headers().lastHeader("watermill-stream").value(),
						StandardCharsets.UTF_8);
				letters.computeIfAbsent(stream, (key) -> new ArrayList<>()).add(letter.value());
			}
		});
		return letters;
	}

	/**
	 * The mills, and which of their streams are files.
	 */
	static Stream<Arguments> mills() {
		Stream<Arguments> few = Stream.of(Arguments.of(MillShape.SELF_JOIN, ""),
				Arguments.of(MillShape.ONE_TO_MANY, "order line out dead"));
		Stream<Arguments> others = Stream.of(Arguments.of(MillShape.ONE_TO_MANY, ""),
				Arguments.of(MillShape.WINDOW, ""), Arguments.of(MillShape.WINDOW, "dead"),
				Arguments.of(MillShape.ONE_TO_MANY, "line out"), Arguments.of(MillShape.ONE_TO_MANY, "order line out"));
		return (KILLS > 2) ? Stream.concat(few, others) : few;
	}

	@ParameterizedTest
	@MethodSource("mills")
	void eachBadElementBecomesADeadLetterOnce(MillShape shape, String files) throws Exception {
		kill(shape, files.isEmpty() ? new String[0] : files.split(" "));
	}

}
