package dev.watermill.engine.internal;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.ReservedName;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.engine.Output;
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
	 * output by name that has a place, one of results before one of dead letters, or else
	 * with the inputs, or else in the mill's state directory.
	 */
	static CommitPlace place(MillPlan plan) {
		List<CommitPlace> outputs = Stream
			.concat(places(plan.outputs()), places(plan.deadLetters().stream().map(DeadLetterPlace::output).toList()))
			.toList();
		return outputs.stream()
			.filter(CommitPlace::isTransactional)
			.findFirst()
			.or(() -> outputs.stream().findFirst())
			.or(() -> placeOfInputs(plan))
			.orElse(plan.state().checkpoint());
	}

	private static Stream<CommitPlace> places(List<Output> outputs) {
		return outputs.stream()
			.map(Output::sink)
			.sorted(Comparator.comparing(StreamSink::location))
			.flatMap((sink) -> sink.commitPlace().stream());
	}

	/**
	 * The place of the first input that has one, which holds where the others stand, too.
	 */
	private static Optional<CommitPlace> placeOfInputs(MillPlan plan) {
		return plan.tree().nodes().stream().flatMap((node) -> node.source().commitPlace().stream()).findFirst();
	}

	/**
	 * Read where the lane goes on, or decide where it begins.
	 */
	static Resumption resume(MillPlan plan, LaneTerms terms, CommitScope scope, CommitLog log, CommitPlace place,
			Completion completion) {
		Checkpoint own = log.read();
		requireAll(plan, own, place);
		Checkpoint checkpoint = new FormerPlaces(plan, place, scope).adopt(log, own);
		plan.state().places().remember(scope, place);
		plan.tree().nodes().forEach((node) -> node.source().committedAt(scope.lane(), place));
		completion.before(checkpoint);
		if (checkpoint == null) {
			log.requireNothingWritten();
			log.requireHeld();
			return fresh(plan, terms, terms.runAfter(null));
		}
		requireAll(plan, checkpoint, place);
		// whoever was here before finds itself replaced, although nothing may come for
		// long
		log.requireHeld();
		if (checkpoint.completed()) {
			finish(plan, checkpoint);
		}
		MillRun run = terms.runAfter(checkpoint);
		if (checkpoint != own && checkpoint.completed()) {
			// whoever looked for the run the mill is in did not look elsewhere
			run = run.atLeast(checkpoint.run() + 1);
		}
		if (checkpoint.completed() && checkpoint.run() == run.number()) {
			return new Resumption(checkpoint, log.origin().reachedIn(), run, false, true, true);
		}
		if (checkpoint.inputs().isEmpty() || isAfresh(plan, checkpoint)) {
			plan.written()
				.stream()
				.filter((output) -> checkpoint.outputs().containsKey(output.stream()))
				.forEach((output) -> output.sink().discard());
			return fresh(plan, terms, run);
		}
		return new Resumption(checkpoint, log.origin().reachedIn(), run, false, checkpoint.completed(), false);
	}

	private static void requireAll(MillPlan plan, @Nullable Checkpoint checkpoint, CommitPlace place) {
		if (checkpoint == null || checkpoint.inputs().isEmpty() || isAfresh(plan, checkpoint)) {
			// the mill begins, or was reset
			return;
		}
		List<String> lacking = plan.tree()
			.nodes()
			.stream()
			.map(JoinNode::stream)
			.filter((stream) -> !checkpoint.inputs().containsKey(stream))
			.toList();
		if (!lacking.isEmpty()) {
			throw new BrokerException("The positions in " + place.location() + " lack the streams " + lacking
					+ ": the mill was changed since, or they were deleted, as with a topic. Going on from somewhere would lose or "
					+ "repeat elements. Reset the mill to start from the beginning, or restore its former streams.");
		}
	}

	/**
	 * Whether a mill begins at the start though it has been somewhere.
	 */
	private static boolean isAfresh(MillPlan plan, Checkpoint checkpoint) {
		return checkpoint.completed() && plan.isBatch();
	}

	/**
	 * Check that a mill that had completed can write on: not to what appears whole at the
	 * end, which is there already.
	 * @throws BrokerException if it can't
	 */
	static void requireGrowing(MillPlan plan) {
		for (Output output : plan.written()) {
			if (output.sink().unfinishedLocation().isPresent()) {
				throw new BrokerException("Stream '" + output.stream() + "': the " + output.sink().location()
						+ " is whole since the mill completed, and more has come since: a second run would replace "
						+ "the results of the first one. Bind the stream to a .jsonl file, which grows; or move the "
						+ "file away and reset the mill, to write everything anew.");
			}
		}
	}

	/**
	 * Where a mill begins that has no positions. They are committed before anything is
	 * read, so that a crash can't move them. Whatever is in partitions that were added
	 * since the mill began came after that.
	 */
	private static Resumption fresh(MillPlan plan, LaneTerms terms, MillRun run) {
		StartFrom said = plan.start().from();
		StartFrom from = (said != null && !terms.run().isAdded(terms.lane())) ? said : new StartFrom.Earliest();
		Map<String, Checkpoint.Input> inputs = new LinkedHashMap<>();
		plan.tree()
			.nodes()
			.forEach((node) -> inputs.put(node.stream(),
					new Checkpoint.Input(node.source().start(terms.lane(), from), Map.of())));
		Checkpoint start = new Checkpoint(inputs, Map.of(), false, run.number(), run.begun());
		return new Resumption(start, "", run, true, false, false);
	}

	/**
	 * Forget where a lane stands. What it wrote still has its name in the checkpoint, so
	 * that the next start, in whatever process, may replace it.
	 */
	static void reset(MillPlan plan, LaneId lane) {
		CommitPlace place = place(plan);
		CommitScope scope = scope(plan, new LaneTerms(lane, MillRun.OF_ONE, null), CommitScope.newSession());
		try (CommitLog log = place.open(scope)) {
			Checkpoint last = log.read();
			log.commit(new Checkpoint(Map.of(), (last != null) ? last.outputs() : Map.of(), false));
		}
		catch (MillTakenOverException | BrokerUnavailableException ex) {
			throw ex;
		}
		catch (BrokerException ex) {
			// what can't be read names nothing
			place.reset(scope);
		}
	}

	/**
	 * Commit once more what a lane has committed last.
	 */
	static void renew(MillPlan plan, LaneTerms terms) {
		CommitScope scope = scope(plan, terms, CommitScope.newSession());
		try (CommitLog log = place(plan).open(scope)) {
			if (log.read() != null) {
				log.requireHeld();
			}
		}
	}

	/**
	 * Whether the lane completed after all, by a commit that was not answered.
	 * @return by whom, in the words of {@link CommitLog.Origin#reachedIn()}; {@code null}
	 * if it did not
	 */
	static @Nullable String completedIn(MillPlan plan, CommitScope scope, Completion completion) {
		if (!completion.isAttempted()) {
			return null;
		}
		try (CommitLog log = place(plan).open(scope)) {
			Checkpoint checkpoint = log.read();
			if (checkpoint == null || !completion.isShownBy(checkpoint)) {
				return null;
			}
			finish(plan, checkpoint);
			completed(plan, scope.lane());
			return log.origin().reachedIn();
		}
	}

	/**
	 * Note that a mill completed: a batch begins anew, wherever it commits then.
	 */
	static void completed(MillPlan plan, LaneId lane) {
		if (plan.isBatch()) {
			plan.state().places().forget(scope(plan, new LaneTerms(lane, MillRun.OF_ONE, null), ""));
		}
	}

	private static void finish(MillPlan plan, Checkpoint checkpoint) {
		for (Output output : plan.written()) {
			Position committed = checkpoint.outputs().get(output.stream());
			if (committed != null) {
				output.sink().finish(committed);
			}
		}
	}

	/**
	 * What a lane commits together.
	 * @param session distinguishes one start of the mill from the next
	 */
	static CommitScope scope(MillPlan plan, LaneTerms terms, String session) {
		Map<String, StreamSource<?>> inputs = new LinkedHashMap<>();
		plan.tree().nodes().forEach((node) -> inputs.put(node.stream(), node.source()));
		Map<String, StreamSink<?>> outputs = new LinkedHashMap<>();
		plan.written().forEach((output) -> outputs.put(output.stream(), output.sink()));
		return new CommitScope(terms.lane(), session, inputs, outputs, plan.start().from(), terms.member());
	}

	/**
	 * How the lanes of a mill are shared out among instances.
	 * @return empty if one has all
	 */
	static Optional<Membership> membership(MillPlan plan) {
		return place(plan).membership(scope(plan, new LaneTerms(new LaneId(plan.name(), 0), MillRun.OF_ONE, null), ""));
	}

	/**
	 * The names that belong to a mill alone, those of its first lane: where these differ
	 * those of all do.
	 * @return what of the mill each belongs to
	 */
	static Map<ReservedName, String> reservedNames(MillPlan plan) {
		Map<ReservedName, String> names = new LinkedHashMap<>();
		CommitPlace place = place(plan);
		LaneId lane = new LaneId(plan.name(), 0);
		CommitScope scope = scope(plan, new LaneTerms(lane, MillRun.OF_ONE, null), "");
		place.reservedNames(scope).forEach((name) -> names.put(name, "the mill '" + plan.name() + "'"));
		scope.inputs()
			.forEach((stream, source) -> source.reservedNames(lane)
				.forEach((name) -> names.put(name, "the stream '" + stream + "' of the mill '" + plan.name() + "'")));
		return names;
	}

	/**
	 * Where a lane goes on.
	 *
	 * @param from the positions
	 * @param reachedIn who committed them, in the words of
	 * {@link CommitLog.Origin#reachedIn()}
	 * @param run in which run of the mill the lane is now
	 * @param fresh whether nothing was committed before
	 * @param completed whether the lane had completed the run before
	 * @param over whether it has completed this one
	 */
	record Resumption(Checkpoint from, String reachedIn, MillRun run, boolean fresh, boolean completed, boolean over) {

	}

}
