package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places where a mill may have committed before its configuration moved the place:
 * with a first topic among its outputs, another first file, and the like. The youngest
 * commit of all places counts. It is committed at the new place before anything else, and
 * then the old one is marked as left, so that a crash in between moves nothing.
 */
final class FormerPlaces {

	private static final Logger logger = LoggerFactory.getLogger(FormerPlaces.class);

	private final MillPlan plan;

	private final CommitPlace place;

	private final CommitScope scope;

	/**
	 * Where the mill committed last, though nothing that it reads or writes may show it.
	 */
	private final @Nullable CommitPlace remembered;

	FormerPlaces(MillPlan plan, CommitPlace place, CommitScope scope) {
		this.plan = plan;
		this.place = place;
		this.scope = scope;
		this.remembered = plan.state().places().last(scope).orElse(null);
	}

	/**
	 * Return the youngest commit, after it was taken over from where it is.
	 * @param log the open place
	 * @param own what was read there
	 * @return the youngest commit, {@code null} if there is none
	 * @throws BrokerException if the mill has committed elsewhere since, nobody knows
	 * where
	 */
	@Nullable Checkpoint adopt(CommitLog log, @Nullable Checkpoint own) {
		CommitLog.Origin origin = log.origin();
		if (own != null && origin.session().isEmpty()) {
			// set by hand, or by a place that keeps no sessions: nothing is younger
			return own;
		}
		List<CommitLog> logs = new ArrayList<>();
		try {
			String leftFor = origin.leftFor();
			String session = (leftFor != null) ? "" : origin.session();
			Checkpoint youngest = own;
			CommitPlace from = null;
			for (CommitPlace former : used(origin)) {
				CommitLog open = open(former);
				logs.add(open);
				Checkpoint found = open.read();
				CommitLog.Origin theirs = open.origin();
				if (theirs.leftFor() != null) {
					leftFor = theirs.leftFor();
					logs.remove(open);
					open.close();
				}
				else if (found != null && theirs.session().compareTo(session) > 0) {
					youngest = found;
					session = theirs.session();
					from = former;
				}
			}
			if (youngest == null && session.isEmpty() && leftFor != null) {
				throw left(leftFor);
			}
			if (from != null && youngest != null) {
				youngest = moved(youngest, isOfAnOutput(from));
				log.commit(youngest);
				logger.info("Mill '{}' commits in {} from now on, and goes on from its positions in {}",
						this.plan.name(), this.place.location(), from.location());
			}
			if (youngest != null) {
				logs.forEach((former) -> former.leave(this.place.location()));
			}
			return youngest;
		}
		finally {
			logs.forEach(CommitLog::close);
		}
	}

	private CommitLog open(CommitPlace former) {
		try {
			return former.open(this.scope);
		}
		catch (MillTakenOverException ex) {
			if (!former.equals(this.remembered)) {
				throw ex;
			}
			throw new MillTakenOverException(ex.getMessage() + " That is where the mill '" + this.plan.name()
					+ "' committed last, as is remembered in " + this.plan.state().places().location()
					+ ". For two that are at work at once, give one of them another name or directory "
					+ "(watermill.state-dir).", ex);
		}
	}

	private boolean isOfAnOutput(CommitPlace former) {
		return !former.equals(this.remembered) || this.plan.written()
			.stream()
			.anyMatch((output) -> output.sink().commitPlace().filter(former::equals).isPresent());
	}

	private List<CommitPlace> used(CommitLog.Origin origin) {
		Map<String, CommitPlace> all = new LinkedHashMap<>();
		Stream<CommitPlace> outputs = this.plan.written()
			.stream()
			.flatMap((output) -> output.sink().commitPlace().stream())
			.filter((former) -> !former.isTransactional());
		// a transaction has the groups of the inputs
		Stream<CommitPlace> inputs = this.place.isTransactional() ? Stream.empty()
				: this.plan.tree().nodes().stream().flatMap((node) -> node.source().commitPlace().stream()).limit(1);
		Stream<CommitPlace> named = origin.elsewhere()
			.stream()
			.flatMap((location) -> this.plan.state().checkpoint().at(location).stream());
		Stream.of(outputs, inputs, named, Stream.ofNullable(this.remembered), Stream.of(this.plan.state().checkpoint()))
			.flatMap((places) -> places)
			.filter((former) -> !former.equals(this.place))
			.forEach((former) -> all.putIfAbsent(former.location(), former));
		all.remove(this.place.location());
		return all.values().stream().filter((former) -> former.isUsed(this.scope)).toList();
	}

	/**
	 * What was written to a topic has no length, and what was written to another kind of
	 * place names none. A file that has taken the place of another begins empty, unless
	 * it is that one and was moved.
	 * @param same whether the outputs are still bound to the files they were bound to
	 */
	private Checkpoint moved(Checkpoint found, boolean same) {
		Map<String, Position> outputs = new LinkedHashMap<>();
		this.plan.written().forEach((output) -> {
			boolean transactional = output.sink().commitPlace().filter(CommitPlace::isTransactional).isPresent();
			Position length = found.outputs().get(output.stream());
			if (transactional) {
				outputs.put(output.stream(), Position.empty());
			}
			else if (length != null && !length.equals(Position.empty())) {
				if (same || output.sink().holds(length)) {
					outputs.put(output.stream(), length);
				}
				else if (!found.inputs().isEmpty()) {
					logger.warn(
							"Mill '{}': its stream '{}' begins empty in {}, since it was written to another place "
									+ "until now. Reset the mill to begin at the start.",
							this.plan.name(), output.stream(), output.sink().location());
				}
			}
		});
		return new Checkpoint(found.inputs(), outputs, found.completed(), found.run(), found.lanes());
	}

	private BrokerException left(String leftFor) {
		return new BrokerException("The mill '" + this.plan.name() + "' has committed in " + leftFor + " since it left "
				+ this.place.location() + ", and nothing is known of its positions there. Going on "
				+ "from here would repeat elements. Bring back the outputs it had, or reset the mill to start from the "
				+ "beginning.");
	}

}
