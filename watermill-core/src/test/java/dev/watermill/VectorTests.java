package dev.watermill;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.engine.MillState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The worked cases of the semantics, through the builder and the in-memory broker.
 */
class VectorTests {

	static Stream<Vector> vectors() throws IOException {
		return Vector.all();
	}

	@ParameterizedTest
	@MethodSource("vectors")
	void deliversExactlyWhatTheVectorExpects(Vector vector) {
		int longest = vector.streams().values().stream().mapToInt(List::size).max().orElse(0);
		for (int batchSize : new int[] { 1, 2, 7, Math.max(longest - 1, 1), Math.max(longest, 1), longest + 1 }) {
			assertThat(deliveries(vector, batchSize)).as("batch size %d", batchSize).isEqualTo(vector.expected());
		}
	}

	private static List<JsonNode> deliveries(Vector vector, int batchSize) {
		InMemoryBroker broker = new InMemoryBroker(batchSize);
		vector.streams().forEach((stream, elements) -> broker.stream(stream).complete(elements));
		assertThat(vector.builder(broker).to("out", JsonNode.class, broker).build().run())
			.isEqualTo(MillState.COMPLETED);
		InMemoryStream<JsonNode> out = broker.stream("out");
		return out.elements();
	}

}
