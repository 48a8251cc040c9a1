package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.watermill.broker.BrokerException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

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

	private final Map<String, GroupPositions.Group> further = new HashMap<>();

	/** The place that was used last, by the names of the groups. */
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
	Map<GroupPositions.Group, OffsetAndMetadata> pack(Map<GroupPositions.Group, OffsetAndMetadata> offsets) {
		Map<GroupPositions.Group, OffsetAndMetadata> packed = new LinkedHashMap<>();
		offsets.forEach((group, offset) -> {
			int slot = this.atomic ? 0 : 1 - this.slots.getOrDefault(group.name(), 1);
			PackedText text = PackedText.pack(offset.metadata(), slot);
			for (int i = 0; i < text.pieces().size(); i++) {
				this.slots.put(group.name(), slot);
				packed.put(further(group, slot, i), new OffsetAndMetadata(0, text.pieces().get(i)));
			}
			packed.put(group, new OffsetAndMetadata(offset.offset(), offset.leaderEpoch(), text.head()));
		});
		return packed;
	}

	/**
	 * Return what was committed to a group, with its text as it was before it was packed.
	 * @param read reads what was committed to another group
	 */
	OffsetAndMetadata unpack(GroupPositions.Group group, OffsetAndMetadata found,
			Function<GroupPositions.Group, @Nullable OffsetAndMetadata> read) {
		String head = found.metadata();
		try {
			if (head.isBlank() || !PackedText.isPacked(head)) {
				return found;
			}
			List<String> texts = new ArrayList<>();
			PackedText.Pieces pieces = PackedText.pieces(head);
			for (int i = 0; pieces != null && i < pieces.count(); i++) {
				this.slots.put(group.name(), pieces.slot());
				OffsetAndMetadata piece = read.apply(further(group, pieces.slot(), i));
				texts.add((piece != null) ? piece.metadata() : "");
			}
			return new OffsetAndMetadata(found.offset(), found.leaderEpoch(), new PackedText(head, texts).unpack());
		}
		catch (BrokerException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			// whatever is wrong with it is told by who reads the text
			return found;
		}
	}

	private GroupPositions.Group further(GroupPositions.Group group, int slot, int number) {
		return this.further.computeIfAbsent(group.name() + ".more-" + slot + "-" + number,
				(name) -> new GroupPositions.Group(null, name, group.partition(), group.clientSettings()));
	}

}
