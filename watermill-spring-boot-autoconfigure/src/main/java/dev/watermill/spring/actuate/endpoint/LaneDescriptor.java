package dev.watermill.spring.actuate.endpoint;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.watermill.Mill;
import dev.watermill.broker.Checkpoint;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.internal.KeyText;
import dev.watermill.spring.actuate.endpoint.MillDescriptor.ErrorDescriptor;
import dev.watermill.spring.actuate.endpoint.MillDescriptor.LivenessDescriptor;
import dev.watermill.spring.actuate.endpoint.MillDescriptor.UnavailableDescriptor;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * A lane of a mill that is here: what it does now, and where it would go on after a
 * restart, as of its last commit.
 *
 * @param lane its number, from 0
 * @param state what it is doing, {@code null} if it has not been at work here
 * @param since since when
 * @param unavailable the broker or stream that it waits for
 * @param liveness whether it gets on, {@code null} if it is not at work
 * @param error why it failed, {@code null} if it did not
 * @param windowSize how many elements the open window has
 * @param inputs what is known of each stream, by name; empty if it has never committed
 * @param outputs how far each output stream reaches, by name, in the fields of its broker
 * @param completed whether the lane has completed
 * @since 0.1.0
 */
public record LaneDescriptor(int lane, @Nullable MillState state, @Nullable Instant since,
		@Nullable UnavailableDescriptor unavailable, @Nullable LivenessDescriptor liveness,
		@Nullable ErrorDescriptor error, int windowSize, Map<String, InputDescriptor> inputs,
		Map<String, Map<String, Object>> outputs, boolean completed) {

	/**
	 * Of a lane that has never committed.
	 */
	private static final LaneStatus NOTHING = new LaneStatus(0, new Checkpoint(Map.of(), Map.of(), false), Map.of(),
			null, null);

	static List<LaneDescriptor> of(Mill mill, MillStatus status, boolean whole) {
		SortedMap<Integer, LaneDescriptor> lanes = new TreeMap<>();
		Map<Integer, MillStatus.Lane> now = new HashMap<>();
		status.lanes().forEach((lane) -> now.put(lane.lane(), lane));
		mill.lanes().forEach((lane) -> lanes.put(lane.lane(), of(mill, lane, now.get(lane.lane()), whole)));
		now.values()
			.stream()
			.filter((lane) -> lane.phase().isAtWork() || lane.failure() != null)
			.forEach((lane) -> lanes.computeIfAbsent(lane.lane(), (missing) -> of(mill, NOTHING, lane, whole)));
		return List.copyOf(lanes.values());
	}

	private static LaneDescriptor of(Mill mill, LaneStatus committed, MillStatus.@Nullable Lane now, boolean whole) {
		JoinTree tree = mill.tree();
		int number = (now != null) ? now.lane() : committed.lane();
		Map<String, InputDescriptor> inputs = new LinkedHashMap<>();
		for (JoinNode node : tree.nodes()) {
			Checkpoint.Input input = committed.checkpoint().inputs().get(node.stream());
			if (input != null) {
				String parent = (node.parent() >= 0) ? tree.nodes().get(node.parent()).stream() : null;
				inputs.put(node.stream(),
						InputDescriptor.of(input, committed.inputs().get(node.stream()), parent, node.stream(), whole));
			}
		}
		Map<String, Map<String, Object>> outputs = new LinkedHashMap<>();
		committed.checkpoint().outputs().forEach((stream, position) -> outputs.put(stream, position.fields()));
		return new LaneDescriptor(number, (now != null) ? now.phase().state() : null,
				(now != null) ? now.since() : null, (now != null) ? UnavailableDescriptor.of(now.outage()) : null,
				(now != null) ? LivenessDescriptor.of(now.liveness()) : null,
				(now != null) ? ErrorDescriptor.of(now.failure(), now.since()) : null,
				mill.counters().windowSize(number), inputs, outputs, committed.checkpoint().completed());
	}

	/**
	 * How many elements, of all streams, stand behind those that it has passed.
	 */
	long knownLag() {
		return this.inputs.values().stream().mapToLong((input) -> (input.lag() != null) ? input.lag() : 0).sum();
	}

	/**
	 * Where a lane stands in one stream.
	 *
	 * @param position the place where it is read again, in the fields of the stream's
	 * broker
	 * @param lastKeys the last key before it by the expressions on the stream
	 * @param key the key at which the merge stands, {@code null} while it is unknown
	 * @param groupSize how many elements have the key that was asked for last
	 * @param lag how many elements stand behind those that were read, {@code null} while
	 * it is unknown
	 * @param unmatched the last keys that found no match, {@code null} if there were none
	 */
	public record InputDescriptor(Map<String, Object> position, Map<String, String> lastKeys, @Nullable String key,
			int groupSize, @Nullable Long lag, @Nullable UnmatchedDescriptor unmatched) {

		static InputDescriptor of(Checkpoint.Input input, @Nullable InputStatus status, @Nullable String parent,
				String stream, boolean whole) {
			Position position = input.position();
			if (status == null) {
				return new InputDescriptor(position.fields(), keys(input), null, 0, null, null);
			}
			InputStatus.Unmatched unmatched = status.unmatched();
			return new InputDescriptor(position.fields(), keys(input), text(status.key()), status.groupSize(),
					status.lag(), (unmatched != null && parent != null)
							? UnmatchedDescriptor.of(unmatched, parent, stream, whole) : null);
		}

		/**
		 * The keys themselves, not what a checkpoint writes of them.
		 */
		private static Map<String, String> keys(Checkpoint.Input input) {
			Map<String, String> keys = new LinkedHashMap<>();
			input.lastKeys().forEach((expression, written) -> {
				Object key = KeyText.parse(written);
				if (key != null) {
					keys.put(expression, key.toString());
				}
			});
			return keys;
		}

		private static @Nullable String text(@Nullable Object key) {
			return (key != null) ? key.toString() : null;
		}

	}

	/**
	 * The last keys that found no match between a stream and its parent, and where the
	 * other side stood then.
	 *
	 * @param left the last key of the parent without a match
	 * @param rightAt the key at which the stream stood then, {@code null} if it was over
	 * @param right the last key of the stream that no element of the parent asked for
	 * @param leftAt the key at which the parent stood then
	 * @param explanation the later of both, in words
	 * @param recentLeft the last keys of the parent without a match, the latest first;
	 * {@code null} in a list of mills
	 * @param recentRight the last keys of the stream that no element of the parent asked
	 * for, likewise
	 */
	public record UnmatchedDescriptor(@Nullable String left, @Nullable String rightAt, @Nullable String right,
			@Nullable String leftAt, String explanation, @Nullable List<UnmatchedKeyDescriptor> recentLeft,
			@Nullable List<UnmatchedKeyDescriptor> recentRight) {

		static UnmatchedDescriptor of(InputStatus.Unmatched unmatched, String parent, String stream, boolean whole) {
			InputStatus.Unmatched.Key left = unmatched.left();
			InputStatus.Unmatched.Key right = unmatched.right();
			return new UnmatchedDescriptor((left != null) ? left.key().toString() : null,
					(left != null) ? InputDescriptor.text(left.otherAt()) : null,
					(right != null) ? right.key().toString() : null,
					(right != null) ? InputDescriptor.text(right.otherAt()) : null, unmatched.explain(parent, stream),
					whole ? UnmatchedKeyDescriptor.of(unmatched.recentLeft()) : null,
					whole ? UnmatchedKeyDescriptor.of(unmatched.recentRight()) : null);
		}

	}

	/**
	 * A key that found no match.
	 *
	 * @param key the key
	 * @param at the key at which the other side stood then, {@code null} if it was over
	 */
	public record UnmatchedKeyDescriptor(String key, @Nullable String at) {

		static List<UnmatchedKeyDescriptor> of(List<InputStatus.Unmatched.Key> keys) {
			return keys.stream()
				.map((key) -> new UnmatchedKeyDescriptor(key.key().toString(), InputDescriptor.text(key.otherAt())))
				.toList();
		}

	}

}
