package dev.watermill.join.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.join.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a merge, for people. Used by the thread that merges, but for
 * {@link #lags()} and {@link #heldBackBy()}.
 *
 * @since 0.1.0
 */
public final class JoinReport {

	private final Branch master;

	JoinReport(Branch master) {
		this.master = master;
	}

	/**
	 * What is known of each stream besides what was counted.
	 * @param checkpoint where the streams are to be taken up again
	 * @return the statuses, by the names of the streams
	 */
	public Map<String, InputStatus> statuses(Checkpoint checkpoint) {
		Map<String, InputStatus> statuses = new LinkedHashMap<>();
		add(this.master, null, null, checkpoint, statuses);
		return statuses;
	}

	private static void add(Branch branch, @Nullable Branch parent, @Nullable Edge above, Checkpoint checkpoint,
			Map<String, InputStatus> statuses) {
		Cursor cursor = branch.cursor;
		statuses.put(branch.stream,
				new InputStatus(cursor.progress().key(), (above != null) ? above.matches().size() : 0,
						cursor.progress().remaining(),
						cursor.progress().progress(checkpoint.inputs().get(branch.stream)),
						(above != null) ? above.unmatched() : null,
						(above != null && parent != null) ? above.leftRange(parent.cursor) : null,
						(above != null) ? above.rightRange() : null));
		for (Edge edge : branch.edges) {
			add(edge.child, branch, edge, checkpoint, statuses);
		}
	}

	/**
	 * What holds back elements that are there already. Other threads than the one that
	 * merges may ask, too.
	 * @return a text such as <em>partition 3 of topic orders (stream 'order')</em>,
	 * {@code null} if nothing does
	 */
	public @Nullable String heldBackBy() {
		return heldBackBy(this.master);
	}

	private static @Nullable String heldBackBy(Branch branch) {
		String found = branch.cursor.progress().heldBackBy();
		if (found != null) {
			return found + " (stream '" + branch.stream + "')";
		}
		for (Edge edge : branch.edges) {
			String below = heldBackBy(edge.child);
			if (below != null) {
				return below;
			}
		}
		return null;
	}

	/**
	 * How many elements are known now to stand behind those that were passed. Other
	 * threads than the one that merges may ask, too.
	 * @return the numbers, by the names of the streams, without those that are unknown
	 */
	public Map<String, Long> lags() {
		Map<String, Long> lags = new LinkedHashMap<>();
		this.master.forEach((branch) -> {
			Long behind = branch.cursor.progress().remaining();
			if (behind != null) {
				lags.put(branch.stream, behind);
			}
		});
		return lags;
	}

}
