package dev.watermill.engine;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a mill at one moment. Immutable.
 *
 * @param phase what it is doing
 * @param since since when
 * @param outage the broker or stream that does not answer now, {@code null} if all do
 * @param lastError what went wrong last, {@code null} if nothing did
 * @param lanes what each lane does that is here, in the order of their numbers; of a mill
 * that is not at work those that were here last
 * @since 0.1.0
 */
public record MillStatus(MillPhase phase, Instant since, @Nullable Outage outage, @Nullable Problem lastError,
		List<Lane> lanes) {

	/**
	 * Create a status.
	 */
	public MillStatus {
		lanes = List.copyOf(lanes);
	}

	/**
	 * What the mill is doing, for short.
	 * @return the state
	 */
	public MillState state() {
		return this.phase.state();
	}

	/**
	 * What the mill waits for before it starts, or why it stopped.
	 * @return a text for people, {@code null} if there is nothing to say
	 */
	public @Nullable String detail() {
		return this.phase.detail();
	}

	/**
	 * What keeps the mill from its work now: a broker or stream that does not answer, or
	 * another instance that took over.
	 * @return a text for people, {@code null} if nothing does
	 */
	public @Nullable String unavailable() {
		if (this.phase instanceof MillPhase.TakenOver takenOver) {
			return takenOver.by();
		}
		return (this.outage != null) ? this.outage.what() : null;
	}

	/**
	 * Since when something keeps the mill from its work.
	 * @return the time, {@code null} if nothing does
	 */
	public @Nullable Instant unavailableSince() {
		if (this.phase instanceof MillPhase.TakenOver) {
			return this.since;
		}
		return (this.outage != null) ? this.outage.since() : null;
	}

	/**
	 * What one lane does.
	 *
	 * @param lane its number, from 0
	 * @param phase what it is doing: for a lane the same words count as for a mill
	 * @param since since when
	 * @param outage the broker or stream that does not answer it now, {@code null} if all
	 * do
	 * @param liveness whether it gets on
	 */
	public record Lane(int lane, MillPhase phase, Instant since, @Nullable Outage outage, MillLiveness liveness) {

		/**
		 * Why it failed.
		 * @return the cause, {@code null} if it did not
		 */
		public @Nullable Throwable failure() {
			if (this.phase instanceof MillPhase.Restarting restarting) {
				return restarting.cause();
			}
			return (this.phase instanceof MillPhase.Failed failed) ? failed.cause() : null;
		}

	}

	/**
	 * A broker or stream that does not answer.
	 *
	 * @param what which, and what was found
	 * @param since since when
	 */
	public record Outage(String what, Instant since) {

	}

	/**
	 * Something that went wrong.
	 *
	 * @param message what, for people
	 * @param cause the exception
	 * @param at when
	 */
	public record Problem(String message, Throwable cause, Instant at) {

	}

}
