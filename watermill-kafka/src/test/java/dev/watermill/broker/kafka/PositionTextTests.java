package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PositionTextTests {

	private static final KafkaTopic TOPIC = KafkaTopic
		.of(new StreamDefinition<>("in", String.class, Map.of(KafkaBroker.TOPIC_PROPERTY, "in")));

	private static Checkpoint.Input again(Checkpoint.Input input) {
		Position position = input.position();
		OffsetAndMetadata committed = new OffsetAndMetadata(position.number(KafkaPosition.OFFSET),
				Optional.of((int) position.number(KafkaPosition.EPOCH)), PositionText.of(input, null).toString());
		return PositionText.parse(committed.metadata()).input(committed);
	}

	@Test
	void tellsHowFarDeadLettersHaveBeenWritten() {
		Position position = new KafkaPosition(7, false, 3, "id").toPosition();
		Checkpoint.Input without = new Checkpoint.Input(position, Map.of("a", "1"));
		assertThat(again(without)).isEqualTo(without);
		Checkpoint.Input input = new Checkpoint.Input(position, Map.of("a", "1"),
				new KafkaPosition(12, false, 4, "id").toPosition());
		assertThat(again(input)).isEqualTo(input);
	}

	@Test
	void tellsItOfInputsThatAreNoTopics() {
		Checkpoint.Input file = new Checkpoint.Input(Position.of("offset", 1), Map.of(), Position.of("offset", 5));
		Checkpoint.Input other = new Checkpoint.Input(Position.of("offset", 1), Map.of());
		PositionText.Rest rest = new PositionText.Rest("session", false, 1, Map.of("file", file, "other", other),
				Map.of("dead-letters:file", Position.of("length", 17)));
		assertThat(PositionText.parse(PositionText.of(null, rest).toString()).rest()).isEqualTo(rest);
	}

	@Test
	void tellsItOfEachPartitionThatIsMerged() {
		Position position = parts(3, 3, 3);
		Position letters = parts(3, 9);
		Checkpoint.Input input = new Checkpoint.Input(position, Map.of("a", "1"), letters);
		List<Checkpoint.Input> split = MergedPositions.split(input);
		assertThat(split).extracting(Checkpoint.Input::letters)
			.containsExactly(MergedSource.Parts.of(letters).part(0), MergedSource.Parts.of(letters).part(1), null);
		SortedMap<Integer, Checkpoint.Input> found = new TreeMap<>();
		for (int i = 0; i < split.size(); i++) {
			found.put(i, again(split.get(i)));
		}
		assertThat(MergedPositions.join(TOPIC, found)).isEqualTo(input);
		assertThat(MergedPositions.split(new Checkpoint.Input(position, Map.of())))
			.extracting(Checkpoint.Input::letters)
			.containsOnlyNulls();
	}

	private static Position parts(long... offsets) {
		List<Position> parts = new ArrayList<>();
		for (long offset : offsets) {
			parts.add(new KafkaPosition(offset, false, 1, "id").toPosition());
		}
		return MergedSource.Parts.of(parts).toPosition();
	}

}
