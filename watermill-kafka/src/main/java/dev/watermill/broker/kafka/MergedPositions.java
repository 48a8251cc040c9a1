package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.MergedSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The position of a topic whose partitions are merged, as a group keeps it: at each
 * partition its own, so that the lag is that of each; and at the first one how many there
 * are, and the last keys of the stream.
 */
final class MergedPositions {

	private static final String COUNT = "partitions";

	private MergedPositions() {
	}

	/**
	 * Return what is kept at each partition.
	 */
	static List<Checkpoint.Input> split(Checkpoint.Input input) {
		MergedSource.Parts parts = MergedSource.Parts.of(input.position());
		Position upTo = input.letters();
		MergedSource.Parts letters = MergedSource.Parts.of((upTo != null) ? upTo : Position.empty());
		List<Checkpoint.Input> split = new ArrayList<>();
		for (int i = 0; i < parts.size(); i++) {
			Position position = (i == 0) ? parts.part(0).with(COUNT, parts.size()) : parts.part(i);
			split.add(new Checkpoint.Input(position, (i == 0) ? input.lastKeys() : Map.of(),
					(i < letters.size()) ? letters.part(i) : null, (i == 0) ? input.windows() : null));
		}
		return split;
	}

	/**
	 * Return the position of the stream.
	 * @param topic the topic
	 * @param found what was kept, by the numbers of the partitions
	 * @throws BrokerException if a partition is lacking
	 */
	static Checkpoint.Input join(KafkaTopic topic, SortedMap<Integer, Checkpoint.Input> found) {
		Checkpoint.@Nullable Input first = found.get(0);
		boolean counted = first != null && first.position().has(COUNT);
		// whoever sets offsets by other means counts nothing
		int count = (first != null && counted) ? (int) first.position().number(COUNT) : found.lastKey() + 1;
		List<Position> parts = new ArrayList<>();
		List<Position> letters = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Checkpoint.@Nullable Input part = found.get(i);
			if (part == null) {
				throw new BrokerException(topic.message("has no position for its partition " + i
						+ " any more, though the others have: going on from somewhere would lose or repeat elements. "
						+ "Reset the mill to begin at the start, or set the offset of that partition."));
			}
			Map<String, Object> fields = new LinkedHashMap<>(part.position().fields());
			fields.remove(COUNT);
			parts.add(Position.of(fields));
			if (part.letters() != null) {
				letters.add(part.letters());
			}
		}
		return new Checkpoint.Input(MergedSource.Parts.of(parts).toPosition(),
				(first != null) ? first.lastKeys() : Map.of(),
				letters.isEmpty() ? null : MergedSource.Parts.of(letters).toPosition(),
				(first != null) ? first.windows() : null);
	}

}
