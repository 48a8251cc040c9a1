package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.watermill.broker.BrokerException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Positions that take more than one offset's metadata: what does not fit stands in the
 * metadata of further groups, {@code <group>.more-<slot>-<number>}, which nothing else
 * uses, so that a position fits whatever the keys and however many the inputs.
 * <p>
 * A transaction commits a group and its further ones as one. Without one they are
 * committed before their group, by turns into one of two places, so that a crash between
 * leaves what the group's former commit needs. Used by one thread.
 */
final class LongPositions {

	private final boolean atomic;

	private final Map<String, CommitGroup> further = new HashMap<>();

	/** The place that was used last, by the keys of the groups. */
	private final Map<String, Integer> slots = new HashMap<>();

	/**
	 * Create.
	 * @param atomic whether all that is committed is committed as one
	 */
	LongPositions(boolean atomic) {
		this.atomic = atomic;
	}

	/**
	 * Let every text fit.
	 * @return what is to be committed, in this order
	 */
	Map<CommitGroup, OffsetAndMetadata> pack(Map<CommitGroup, OffsetAndMetadata> offsets) {
		Map<CommitGroup, OffsetAndMetadata> packed = new LinkedHashMap<>();
		offsets.forEach((group, offset) -> {
			int slot = this.atomic ? 0 : 1 - this.slots.getOrDefault(key(group), 1);
			PackedText text = PackedText.pack(offset.metadata(), slot);
			for (int i = 0; i < text.pieces().size(); i++) {
				this.slots.put(key(group), slot);
				packed.put(further(group, slot, i), new OffsetAndMetadata(0, text.pieces().get(i)));
			}
			packed.put(group, new OffsetAndMetadata(offset.offset(), offset.leaderEpoch(), text.head()));
		});
		return packed;
	}

	/**
	 * Return what was committed to a group, with its text as it was before it was packed.
	 * @param read reads what was committed to other groups
	 */
	OffsetAndMetadata unpack(CommitGroup group, OffsetAndMetadata found,
			Function<List<CommitGroup>, Map<CommitGroup, OffsetAndMetadata>> read) {
		String head = found.metadata();
		try {
			if (head.isBlank() || !PackedText.isPacked(head)) {
				return found;
			}
			List<CommitGroup> others = new ArrayList<>();
			PackedText.Pieces pieces = PackedText.pieces(head);
			for (int i = 0; pieces != null && i < pieces.count(); i++) {
				this.slots.put(key(group), pieces.slot());
				others.add(further(group, pieces.slot(), i));
			}
			Map<CommitGroup, OffsetAndMetadata> committed = read.apply(others);
			List<String> texts = others.stream()
				.map((other) -> (committed.get(other) != null) ? committed.get(other).metadata() : "")
				.toList();
			return new OffsetAndMetadata(found.offset(), found.leaderEpoch(), new PackedText(head, texts).unpack());
		}
		catch (BrokerException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			// whatever is wrong with it is reported by who reads the text
			return found;
		}
	}

	private CommitGroup further(CommitGroup group, int slot, int number) {
		String name = group.name() + ".more-" + slot + "-" + number;
		return this.further.computeIfAbsent(key(group) + " " + name,
				(key) -> new CommitGroup(null, name, group.partition(), group.clientSettings()));
	}

	/**
	 * A group has a position at each partition that it reads.
	 */
	private static String key(CommitGroup group) {
		return group.partition() + " " + group.name();
	}

}
