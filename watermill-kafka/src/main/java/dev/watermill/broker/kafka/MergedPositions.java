package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MergedSource;
import dev.watermill.stream.Position;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The position of a stream that is merged of partitions or topics, as a group keeps it:
 * at each partition its own, so that the lag is that of each; and at the first one which
 * there are, and the last keys of the stream.
 *
 * @param topic what is merged
 * @param lane who reads it
 */
record MergedPositions(KafkaTopic topic, LaneId lane) {

	private static final Logger logger = LoggerFactory.getLogger(MergedPositions.class);

	/** How many partitions of one topic there are. */
	private static final String COUNT = "partitions";

	/** Which partitions of several topics, or topics, there are. */
	private static final String NAMES = "topics";

	/**
	 * Return what is kept at each partition.
	 */
	Map<TopicPartition, Checkpoint.Input> split(Checkpoint.Input input) {
		MergedSource.Parts parts = MergedSource.Parts.of(input.position());
		Position upTo = input.letters();
		MergedSource.Parts letters = MergedSource.Parts.of((upTo != null) ? upTo : Position.empty());
		Map<TopicPartition, Checkpoint.Input> split = new LinkedHashMap<>();
		List<String> names = new ArrayList<>();
		for (int i = 0; i < parts.size(); i++) {
			String name = parts.name(i);
			if (parts.position(i).equals(Position.empty())) {
				// nobody has begun with it
				continue;
			}
			if (name != null) {
				names.add(name);
			}
			int letter = letters.find(name, i);
			split.put(partition(name, i), new Checkpoint.Input(parts.unnamed(i),
					split.isEmpty() ? input.lastKeys() : Map.of(), (letter >= 0) ? letters.unnamed(letter) : null));
		}
		if (this.topic.names().hasPattern()) {
			// none of the topics need be there next time, and all that were are to be
			// known
			split.replaceAll((partition, part) -> new Checkpoint.Input(
					part.position().with(NAMES, String.join(",", names)), part.lastKeys(), part.letters()));
		}
		split.entrySet().stream().findFirst().ifPresent((first) -> {
			Position position = first.getValue().position();
			first.setValue(new Checkpoint.Input(
					names.isEmpty() ? position.with(COUNT, parts.size())
							: position.with(NAMES, String.join(",", names)),
					first.getValue().lastKeys(), first.getValue().letters(), input.written(), input.delivered(),
					input.read()));
		});
		return split;
	}

	private TopicPartition partition(@Nullable String name, int number) {
		if (name == null) {
			return new TopicPartition(this.topic.name(), number);
		}
		if (this.topic.use() != TopicUse.MERGED) {
			return this.topic.named(name).read(this.lane);
		}
		int hyphen = name.lastIndexOf('-');
		return new TopicPartition(name.substring(0, hyphen), Integer.parseInt(name.substring(hyphen + 1)));
	}

	/**
	 * Return the position of the stream.
	 * @param partitions what is read now
	 * @param found what was kept
	 * @throws BrokerException if what was kept of a partition is lacking
	 */
	Checkpoint.Input join(List<TopicPartition> partitions, Map<TopicPartition, Checkpoint.Input> found) {
		Set<String> known = known(found);
		Map<String, String> lastKeys = Map.of();
		String written = null;
		String delivered = null;
		String read = null;
		List<Position> parts = new ArrayList<>();
		List<Position> letters = new ArrayList<>();
		for (TopicPartition partition : all(partitions, known)) {
			String name = MergedTopics.name(partition, this.topic.use());
			Checkpoint.@Nullable Input part = found.get(partition);
			if (part == null && known.contains(this.topic.isSeveral() ? name : partition.toString())) {
				throw new BrokerException(this.topic.named(partition.topic())
					.message("has no position for its partition " + partition.partition()
							+ " any more, though the others have: going on from somewhere would lose or repeat "
							+ "elements. Reset the mill to begin at the start, or set the offset of that partition."));
			}
			if (part == null && !this.topic.isSeveral()) {
				// there are more partitions than there were
				break;
			}
			parts.add(named((part != null) ? plain(part.position()) : Position.empty(), name));
			if (part != null) {
				lastKeys = part.lastKeys().isEmpty() ? lastKeys : part.lastKeys();
				written = (part.written() != null) ? part.written() : written;
				delivered = (part.delivered() != null) ? part.delivered() : delivered;
				read = (part.read() != null) ? part.read() : read;
				if (part.letters() != null) {
					letters.add(named(part.letters(), name));
				}
			}
		}
		sayWhatIsGone(known, partitions);
		return new Checkpoint.Input(MergedSource.Parts.of(parts).toPosition(), lastKeys,
				letters.isEmpty() ? null : MergedSource.Parts.of(letters).toPosition(), written, delivered, read);
	}

	/**
	 * What is read now; of one topic what was read before, too.
	 */
	private List<TopicPartition> all(List<TopicPartition> partitions, Set<String> known) {
		return this.topic.isSeveral() ? partitions
				: IntStream.range(0, Math.max(partitions.size(), known.size()))
					.mapToObj((number) -> new TopicPartition(this.topic.name(), number))
					.toList();
	}

	private Position named(Position position, String name) {
		return this.topic.isSeveral() ? MergedSource.Parts.part(position, name, false, 0) : position;
	}

	private static Position plain(Position position) {
		Map<String, Object> fields = new LinkedHashMap<>(position.fields());
		fields.remove(COUNT);
		fields.remove(NAMES);
		return Position.of(fields);
	}

	/**
	 * The names of what was merged. Whoever sets offsets by other means counts nothing.
	 */
	private Set<String> known(Map<TopicPartition, Checkpoint.Input> found) {
		for (Checkpoint.Input input : found.values()) {
			String names = input.position().text(NAMES);
			if (names != null) {
				return Set.of(names.split(","));
			}
			if (input.position().has(COUNT)) {
				return upTo((int) input.position().number(COUNT));
			}
		}
		return this.topic.isSeveral() ? Set.of()
				: upTo(found.keySet().stream().mapToInt(TopicPartition::partition).max().orElse(-1) + 1);
	}

	private Set<String> upTo(int count) {
		return IntStream.range(0, count)
			.mapToObj((number) -> new TopicPartition(this.topic.name(), number).toString())
			.collect(Collectors.toSet());
	}

	/**
	 * Whoever takes a topic out of the list means that.
	 */
	private void sayWhatIsGone(Set<String> known, Collection<TopicPartition> partitions) {
		if (!this.topic.isSeveral()) {
			return;
		}
		Set<String> now = partitions.stream()
			.map((partition) -> MergedTopics.name(partition, this.topic.use()))
			.collect(Collectors.toSet());
		known.stream().filter((name) -> !now.contains(name)).sorted().forEach((name) -> {
			if (isLost(name)) {
				throw new BrokerException(this.topic.message("had " + name + " among them, which was merged with the "
						+ "others and is not there any more: what was not read of it yet is lost. Set '"
						+ KafkaBroker.ON_DATA_LOSS_PROPERTY
						+ "' to earliest to go on without it, or reset the mill to begin at the start."));
			}
			logger.warn("Mill '{}': stream '{}' was merged of {}, too, and is not any more: what was not read of it "
					+ "yet is left out", this.lane.mill(), this.topic.stream(), name);
		});
	}

	/**
	 * Whether a topic went by itself, which nobody has taken out of a list.
	 */
	private boolean isLost(String name) {
		return this.topic.onDataLoss() == OnDataLoss.FAIL && this.topic.names().hasPattern()
				&& this.topic.names().includes(topicOf(name));
	}

	private String topicOf(String name) {
		return (this.topic.use() == TopicUse.MERGED) ? name.substring(0, name.lastIndexOf('-')) : name;
	}

}
