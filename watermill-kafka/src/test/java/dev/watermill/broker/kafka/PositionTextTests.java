package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PositionTextTests {

	private static final KafkaTopic TOPIC = KafkaTopic
		.of(new StreamDefinition<>("in", String.class, Map.of(KafkaBroker.TOPIC_PROPERTY, "in")));

	private static final LaneId LANE = new LaneId("mill", 1);

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
		Checkpoint.Input exact = input.withLetters(input.letters(), "3,1:2").withDelivered("windows");
		assertThat(again(exact)).isEqualTo(exact);
	}

	@Test
	void tellsItOfInputsThatAreNoTopics() {
		Checkpoint.Input file = new Checkpoint.Input(Position.of("offset", 1), Map.of())
			.withLetters(Position.of("offset", 5), "3,1:2");
		Checkpoint.Input other = new Checkpoint.Input(Position.of("offset", 1), Map.of());
		PositionText.Rest rest = new PositionText.Rest("session", "a former one", false, 1, 12,
				Map.of("file", file, "other", other), Map.of("dead-letters:file", Position.of("length", 17)));
		assertThat(PositionText.parse(PositionText.of(null, rest).toString()).rest()).isEqualTo(rest);
	}

	/**
	 * Brokers refuse metadata of more than 4,096 bytes, and with it the commit.
	 */
	@Test
	void takesPiecesThatBrokersTakeHoweverLongItsTextsAre() {
		Random random = new Random(1);
		String many = random.ints(10_000, 1, 100)
			.mapToObj((step) -> Integer.toString(step, Character.MAX_RADIX))
			.collect(Collectors.joining(","));
		Position position = new KafkaPosition(7, false, 3, "id").toPosition();
		Checkpoint.Input input = new Checkpoint.Input(position, Map.of("a", "1")).withLetters(position, many)
			.withDelivered(many);
		PositionText.Rest rest = new PositionText.Rest("session", "session", false, 1, 12, Map.of(), Map.of());
		String text = PositionText.of(input, rest).toString();
		PackedText packed = PackedText.pack(text, 0);
		assertThat(packed.head().length()).isLessThanOrEqualTo(PackedText.LONGEST);
		assertThat(packed.pieces()).hasSizeGreaterThan(1).allMatch((piece) -> piece.length() <= PackedText.LONGEST);
		assertThat(packed.head()).contains("session");
		assertThat(packed.unpack()).isEqualTo(text);
	}

	@Test
	void tellsItOfEachPartitionThatIsMerged() {
		Position position = parts(3, 3, 3);
		Position letters = parts(3, 9);
		Checkpoint.Input input = new Checkpoint.Input(position, Map.of("a", "1")).withLetters(letters, "3,1:2");
		MergedPositions positions = new MergedPositions(TOPIC, LANE);
		Map<TopicPartition, Checkpoint.Input> split = positions.split(input);
		assertThat(split.keySet()).extracting(TopicPartition::toString).containsExactly("in-0", "in-1", "in-2");
		assertThat(split.values()).extracting(Checkpoint.Input::letters)
			.containsExactly(MergedSource.Parts.of(letters).unnamed(0), MergedSource.Parts.of(letters).unnamed(1),
					null);
		List<TopicPartition> partitions = List.copyOf(split.keySet());
		split.replaceAll((partition, of) -> again(of));
		assertThat(positions.join(partitions, split)).isEqualTo(input);
		assertThat(positions.split(new Checkpoint.Input(position, Map.of())).values())
			.extracting(Checkpoint.Input::letters)
			.containsOnlyNulls();
		// one that nobody has read yet
		List<TopicPartition> more = new ArrayList<>(partitions);
		more.add(new TopicPartition("in", 3));
		assertThat(positions.join(more, split)).isEqualTo(input);
		split.remove(partitions.get(2));
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> positions.join(more, split))
			.withMessageContaining("has no position for its partition 2 any more");
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> positions.join(partitions.subList(0, 2), split))
			.withMessageContaining("has no position for its partition 2 any more");
	}

	@Test
	void findsTopicsThatAreMergedByTheirNames() {
		MergedPositions positions = new MergedPositions(topics("a", "b"), LANE);
		Checkpoint.Input input = new Checkpoint.Input(named("a", 3, "b", 4), Map.of("k", "9"), named("b", 5));
		Map<TopicPartition, Checkpoint.Input> split = positions.split(input);
		split.replaceAll((partition, of) -> again(of));
		assertThat(split.keySet()).extracting(TopicPartition::toString).containsExactly("a-1", "b-1");
		assertThat(positions.join(List.copyOf(split.keySet()), split)).isEqualTo(input);
		// in another order, and one is new
		MergedPositions others = new MergedPositions(topics("c", "b", "a"), LANE);
		Checkpoint.Input moved = others
			.join(List.of(new TopicPartition("c", 1), new TopicPartition("b", 1), new TopicPartition("a", 1)), split);
		MergedSource.Parts parts = MergedSource.Parts.of(moved.position());
		assertThat(List.of(String.valueOf(parts.name(0)), String.valueOf(parts.name(1)), String.valueOf(parts.name(2))))
			.containsExactly("c", "b", "a");
		assertThat(parts.position(0)).isEqualTo(Position.empty());
		assertThat(parts.position(2).number(KafkaPosition.OFFSET)).isEqualTo(3);
		assertThat(moved.lastKeys()).isEqualTo(input.lastKeys());
		assertThat(moved.letters()).isEqualTo(input.letters());
		// what nobody has begun with is not committed
		assertThat(others.split(moved).keySet()).extracting(TopicPartition::topic).containsExactly("b", "a");
		Map<TopicPartition, Checkpoint.Input> lost = Map.of(new TopicPartition("a", 1),
				split.get(new TopicPartition("a", 1)));
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> positions.join(List.copyOf(split.keySet()), lost))
			.withMessageContaining("the topic 'b' has no position for its partition 1 any more");
	}

	@Test
	void aTopicKeepsItsPositionWhenAnotherIsMergedWithIt() {
		TopicPartition a = new TopicPartition("a", 1);
		Checkpoint.Input alone = again(
				new Checkpoint.Input(new KafkaPosition(3, false, 1, "id").toPosition(), Map.of("k", "9")));
		Checkpoint.Input merged = new MergedPositions(topics("a", "b"), LANE)
			.join(List.of(a, new TopicPartition("b", 1)), Map.of(a, alone));
		MergedSource.Parts parts = MergedSource.Parts.of(merged.position());
		assertThat(parts.position(0)).isEqualTo(alone.position());
		assertThat(parts.position(1)).isEqualTo(Position.empty());
		assertThat(merged.lastKeys()).isEqualTo(alone.lastKeys());
	}

	private static KafkaTopic topics(String... names) {
		return KafkaTopic.of(new StreamDefinition<>("in", String.class,
				Map.of(KafkaBroker.TOPICS_PROPERTY, String.join(", ", names))));
	}

	private static Position named(Object... namesAndOffsets) {
		List<Position> parts = new ArrayList<>();
		for (int i = 0; i < namesAndOffsets.length; i += 2) {
			Position position = new KafkaPosition((int) namesAndOffsets[i + 1], false, 1, "id").toPosition();
			parts.add(MergedSource.Parts.part(position, (String) namesAndOffsets[i], false, 0));
		}
		return MergedSource.Parts.of(parts).toPosition();
	}

	private static Position parts(long... offsets) {
		List<Position> parts = new ArrayList<>();
		for (long offset : offsets) {
			parts.add(new KafkaPosition(offset, false, 1, "id").toPosition());
		}
		return MergedSource.Parts.of(parts).toPosition();
	}

}
