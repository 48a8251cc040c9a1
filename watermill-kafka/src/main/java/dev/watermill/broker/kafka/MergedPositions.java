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
		List<Checkpoint.Input> split = new ArrayList<>();
		for (int i = 0; i < parts.size(); i++) {
			split.add((i == 0) ? new Checkpoint.Input(parts.part(0).with(COUNT, parts.size()), input.lastKeys())
					: new Checkpoint.Input(parts.part(i), Map.of()));
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
		}
		return new Checkpoint.Input(MergedSource.Parts.of(parts).toPosition(),
				(first != null) ? first.lastKeys() : Map.of());
	}

}
