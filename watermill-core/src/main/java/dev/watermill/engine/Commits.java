package dev.watermill.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamSink;
import dev.watermill.join.JoinNode;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a mill commits.
 */
final class Commits {

	private Commits() {
	}

	/**
	 * Choose the place: a transaction that covers everything, or else beside the first
	 * output by name that has a place, or else with the inputs, or else in the mill's
	 * state directory.
	 */
	static CommitPlace place(MillPlan plan) {
		List<CommitPlace> outputs = plan.outputs()
			.stream()
			.map(Output::sink)
			.sorted(Comparator.comparing(StreamSink::location))
			.flatMap((sink) -> sink.commitPlace().stream())
			.toList();
		return outputs.stream()
			.filter(CommitPlace::isTransactional)
			.findFirst()
			.or(() -> outputs.stream().findFirst())
			.or(() -> placeOfInputs(plan))
			.orElse(plan.stateCheckpoint());
	}

	private static Optional<CommitPlace> placeOfInputs(MillPlan plan) {
		List<Optional<CommitPlace>> places = plan.tree()
			.nodes()
			.stream()
			.map((node) -> node.source().commitPlace())
			.toList();
		// a place that not all inputs share could not tell where the others stand
		return places.stream().allMatch(Optional::isPresent) ? places.get(0) : Optional.empty();
	}

	/**
	 * Read where the mill goes on.
	 * @return the last commit, {@code null} if the mill starts from the start
	 */
	static @Nullable Checkpoint resume(MillPlan plan, CommitLog log, CommitPlace place, Completion completion) {
		Checkpoint checkpoint = log.read();
		completion.before(checkpoint);
		if (checkpoint == null) {
			return null;
		}
		List<String> missing = plan.tree()
			.nodes()
			.stream()
			.map(JoinNode::stream)
			.filter((stream) -> !checkpoint.inputs().containsKey(stream))
			.toList();
		List<String> unknownLength = plan.outputs()
			.stream()
			.map(Output::stream)
			.filter((stream) -> !checkpoint.outputs().containsKey(stream))
			.toList();
		if (checkpoint.completed()) {
			finish(plan, checkpoint);
		}
		if (checkpoint.inputs().isEmpty() || (checkpoint.completed() && plan.isBatch())) {
			plan.outputs()
				.stream()
				.filter((output) -> checkpoint.outputs().containsKey(output.stream()))
				.forEach((output) -> output.sink().discard());
			return null;
		}
		if (!missing.isEmpty() || !unknownLength.isEmpty()) {
			throw new BrokerException("The positions in " + place.location() + " lack the streams "
					+ Stream.concat(missing.stream(), unknownLength.stream()).toList()
					+ ": the mill was changed since. Going on from somewhere would lose or repeat elements. "
					+ "Reset the mill to start from the beginning, or restore its former streams.");
		}
		return checkpoint;
	}

	/**
	 * Forget where the mill stands. What it wrote still has its name in the checkpoint,
	 * so that the next start, in whatever process, may replace it.
	 */
	static void reset(MillPlan plan) {
		CommitPlace place = place(plan);
		Checkpoint last = place.isTransactional() ? null : last(place, owner(plan));
		if (last == null || last.outputs().isEmpty()) {
			place.reset(owner(plan));
			return;
		}
		try (CommitLog log = place.open(owner(plan))) {
			log.read();
			log.commit(new Checkpoint(Map.of(), last.outputs(), false));
		}
	}

	private static @Nullable Checkpoint last(CommitPlace place, LaneId owner) {
		try (CommitLog log = place.open(owner)) {
			return log.read();
		}
		catch (MillTakenOverException ex) {
			throw ex;
		}
		catch (BrokerException ex) {
			// what can't be read names nothing
			return null;
		}
	}

	/**
	 * Whether the mill completed after all, by a commit that was not answered.
	 */
	static boolean isCompleted(MillPlan plan, Completion completion) {
		if (!completion.isAttempted()) {
			return false;
		}
		try (CommitLog log = place(plan).open(owner(plan))) {
			Checkpoint checkpoint = log.read();
			if (checkpoint == null || !completion.isShownBy(checkpoint)) {
				return false;
			}
			finish(plan, checkpoint);
			return true;
		}
	}

	private static void finish(MillPlan plan, Checkpoint checkpoint) {
		for (Output output : plan.outputs()) {
			Position committed = checkpoint.outputs().get(output.stream());
			if (committed != null) {
				output.sink().finish(committed);
			}
		}
	}

	static LaneId owner(MillPlan plan) {
		return new LaneId(plan.name(), 0);
	}

}
