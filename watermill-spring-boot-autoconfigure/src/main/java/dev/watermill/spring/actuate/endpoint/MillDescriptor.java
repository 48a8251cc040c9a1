package dev.watermill.spring.actuate.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

import dev.watermill.Mill;
import dev.watermill.count.Counter;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.Output;
import dev.watermill.window.WindowPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.core.NestedExceptionUtils;

/**
 * What the endpoint shows of a mill.
 *
 * @param name its name
 * @param state what it is doing
 * @param since since when
 * @param detail what it waits for, or why it stopped
 * @param unavailable the broker or stream that does not answer now
 * @param liveness whether it gets on, {@code null} if it is not at work
 * @param noMatch what there is to say about a join in which nothing found a match
 * @param progress how much is done, of a mill whose end is known
 * @param actions the actions that it takes now
 * @param tree the nodes of the join tree, the master first and every parent before its
 * children
 * @param window how the master is cut into windows, {@code null} if it is not
 * @param outputs where results go
 * @param commitPlace where positions are committed
 * @param deliveries the deliveries that were processed since the application started
 * @param skippedDeliveries the deliveries that were passed over since the function failed
 * for them
 * @param restarts the times that it, or a lane of it, failed and was started again by
 * itself
 * @param deliveryRate how many deliveries are processed in a second, of late
 * @param inFlight the deliveries that are open, {@code null} if its function answers at
 * once
 * @param lanesByState the numbers of its lanes on this instance, by what they are doing
 * @param lanes its lanes on this instance; in a list of mills only those that want a look
 * where they are many
 * @param membership who has which lanes, {@code null} if they are not shared out among
 * instances
 * @param lastError what went wrong last
 * @param history how it was in the last minutes, the oldest sample first; only where one
 * mill is asked for, {@code null} if nobody remembers
 * @since 0.1.0
 */
public record MillDescriptor(String name, MillState state, Instant since, @Nullable String detail,
		@Nullable UnavailableDescriptor unavailable, @Nullable LivenessDescriptor liveness, @Nullable String noMatch,
		@Nullable ProgressDescriptor progress, List<String> actions, List<NodeDescriptor> tree,
		@Nullable WindowDescriptor window, List<OutputDescriptor> outputs, String commitPlace, long deliveries,
		long skippedDeliveries, long restarts, double deliveryRate, @Nullable InFlightDescriptor inFlight,
		Map<MillState, List<Integer>> lanesByState, List<LaneDescriptor> lanes,
		@Nullable MembershipDescriptor membership, @Nullable ErrorDescriptor lastError,
		@Nullable List<MillSample> history) implements OperationResponseBody {

	static MillDescriptor of(Mill mill, Set<MillAction> permitted, KnownMembers members, boolean allLanes,
			@Nullable List<MillSample> history) {
		MillStatus status = mill.status();
		LaneOverview lanes = LaneOverview.of(mill, status, allLanes);
		return new MillDescriptor(mill.name(), status.state(), status.since(), status.detail(),
				UnavailableDescriptor.of(status), LivenessDescriptor.of(mill.liveness()),
				mill.lanes().stream().map(LaneStatus::noMatch).filter(Objects::nonNull).findFirst().orElse(null),
				ProgressDescriptor.of(mill, status.state()),
				permitted.stream().filter((action) -> action.isUseful(status)).map(MillAction::label).toList(),
				mill.tree().nodes().stream().map((node) -> NodeDescriptor.of(mill, node)).toList(),
				WindowDescriptor.of(mill.window()),
				mill.outputs().stream().map((output) -> OutputDescriptor.of(mill, output, status)).toList(),
				mill.commitPlace(), mill.counters().deliveries().get(), mill.counters().skippedDeliveries().get(),
				mill.counters().restarts().get(), perSecond(mill, mill.counters().deliveryRate()),
				InFlightDescriptor.of(mill), lanes.byState(), lanes.shown(), members.of(mill, status),
				(status.lastError() != null) ? ErrorDescriptor.of(status.lastError()) : null, history);
	}

	/**
	 * How fast something grows, of a mill that is at work.
	 */
	static double perSecond(Mill mill, Counter.@Nullable Rate rate) {
		return (rate != null && mill.state() == MillState.RUNNING) ? Math.round(rate.perSecond() * 10) / 10.0 : 0;
	}

	static double rounded(double fraction) {
		return Math.round(fraction * 1000) / 1000.0;
	}

	/**
	 * A broker or stream that does not answer.
	 *
	 * @param what which, and what was found
	 * @param since since when
	 */
	public record UnavailableDescriptor(String what, @Nullable Instant since) {

		static @Nullable UnavailableDescriptor of(MillStatus.@Nullable Outage outage) {
			return (outage != null) ? new UnavailableDescriptor(outage.what(), outage.since()) : null;
		}

		static @Nullable UnavailableDescriptor of(MillStatus status) {
			String what = status.unavailable();
			return (what != null) ? new UnavailableDescriptor(what, status.unavailableSince()) : null;
		}

	}

	/**
	 * The deliveries for which the function was called, and whose results are not
	 * written.
	 *
	 * @param deliveries how many they are, in all lanes
	 * @param most how many they may be in each lane
	 */
	public record InFlightDescriptor(int deliveries, int most) {

		static @Nullable InFlightDescriptor of(Mill mill) {
			OptionalInt most = mill.maxInFlight();
			return most.isPresent() ? new InFlightDescriptor(mill.counters().inFlight(), most.getAsInt()) : null;
		}

	}

	/**
	 * Whether a mill gets on.
	 *
	 * @param activity what its thread does; of several lanes the one that got on least
	 * @param sinceProgress how long ago it got on, or found nothing to do
	 * @param callAge how long the call of the function has taken in which it is,
	 * {@code null} if it is in none
	 * @param waitsFor what it waits for, where that holds back what is there already
	 */
	public record LivenessDescriptor(MillLiveness.Activity activity, @Nullable Duration sinceProgress,
			@Nullable Duration callAge, @Nullable String waitsFor) {

		static @Nullable LivenessDescriptor of(MillLiveness liveness) {
			return (liveness.activity() != MillLiveness.Activity.NONE) ? new LivenessDescriptor(liveness.activity(),
					liveness.sinceProgress(), liveness.callAge(), liveness.waitsFor()) : null;
		}

	}

	/**
	 * How much is done.
	 *
	 * @param fraction how much, from 0 to 1
	 * @param timeLeft how long the rest is going to take at the pace so far, {@code null}
	 * if nothing can be said, or the mill is not running
	 */
	public record ProgressDescriptor(double fraction, @Nullable Duration timeLeft) {

		static @Nullable ProgressDescriptor of(Mill mill, MillState state) {
			LaneStatus.Progress last = mill.lanes()
				.stream()
				.map(LaneStatus::progress)
				.filter(Objects::nonNull)
				.min(Comparator.comparingDouble(LaneStatus.Progress::fraction))
				.orElse(null);
			if (last == null) {
				return null;
			}
			if (state == MillState.COMPLETED) {
				return new ProgressDescriptor(1, null);
			}
			return new ProgressDescriptor(rounded(last.fraction()),
					(state == MillState.RUNNING) ? last.timeLeft() : null);
		}

	}

	/**
	 * How the master is cut into windows.
	 *
	 * @param by the key whose runs are windows, {@code null} if they are not cut by a key
	 * @param every how long a window is, {@code null} if they are not cut by the clock
	 * @param function the function that cuts windows, {@code null} if there is none
	 * @param size how long windows are that begin at regular distances, {@code null} if
	 * they are not cut so
	 * @param step how far behind one another they begin
	 * @param offset how far behind 0 or the epoch one begins
	 * @param gap how far apart the elements of a session may be, {@code null} if there
	 * are no sessions
	 * @param count how many elements a window has, {@code null} if they are not counted
	 */
	public record WindowDescriptor(@Nullable String by, @Nullable Duration every, @Nullable String function,
			@Nullable String size, @Nullable String step, @Nullable String offset, @Nullable String gap,
			@Nullable Integer count) {

		static @Nullable WindowDescriptor of(WindowPolicy policy) {
			if (policy instanceof WindowPolicy.Hopping hopping) {
				return new WindowDescriptor(hopping.key().description(), null, null, hopping.size().toString(),
						hopping.step().toString(), hopping.offset().toString(), null, null);
			}
			if (policy instanceof WindowPolicy.Session session) {
				return new WindowDescriptor(session.key().description(), null, null, null, null, null,
						session.gap().toString(), null);
			}
			if (policy instanceof WindowPolicy.Count count) {
				return of(null, null, null, count.size());
			}
			if (policy instanceof WindowPolicy.ByKey byKey) {
				return of(byKey.key().description(), null, null, null);
			}
			if (policy instanceof WindowPolicy.Every every) {
				return of(null, every.duration(), null, null);
			}
			if (policy instanceof WindowPolicy.ByFunction byFunction) {
				return of(null, null, byFunction.function().getClass().getSimpleName(), null);
			}
			return null;
		}

		private static WindowDescriptor of(@Nullable String by, @Nullable Duration every, @Nullable String function,
				@Nullable Integer count) {
			return new WindowDescriptor(by, every, function, null, null, null, null, count);
		}

	}

	/**
	 * An output stream.
	 *
	 * @param stream the name of the stream
	 * @param type the type of its elements
	 * @param location where the stream lives
	 * @param unfinishedLocation where the results stand for now, if they are moved to the
	 * location only when the mill completes and it has not
	 * @param results how many results were written since the application started
	 * @param rate how many are written in a second, of late
	 */
	public record OutputDescriptor(String stream, String type, String location, @Nullable String unfinishedLocation,
			long results, double rate) {

		static OutputDescriptor of(Mill mill, Output output, MillStatus status) {
			return new OutputDescriptor(output.stream(), output.type().getName(), output.sink().location(),
					(status.state() != MillState.COMPLETED) ? output.sink().unfinishedLocation().orElse(null) : null,
					Objects.requireNonNull(mill.counters().results().get(output.stream())).get(),
					perSecond(mill, mill.counters().resultRates().get(output.stream())));
		}

	}

	/**
	 * What went wrong last.
	 *
	 * @param message what, for people
	 * @param cause the exception behind it all
	 * @param at when
	 */
	public record ErrorDescriptor(String message, String cause, Instant at) {

		static ErrorDescriptor of(MillStatus.Problem problem) {
			return of(problem.message(), problem.cause(), problem.at());
		}

		static @Nullable ErrorDescriptor of(@Nullable Throwable failure, Instant at) {
			return (failure != null) ? of(String.valueOf(failure.getMessage()), failure, at) : null;
		}

		private static ErrorDescriptor of(String message, Throwable cause, Instant at) {
			return new ErrorDescriptor(message, NestedExceptionUtils.getMostSpecificCause(cause).toString(), at);
		}

	}

}
