package dev.watermill.engine;

import java.time.Instant;

import dev.watermill.broker.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a mill at one moment. Immutable.
 *
 * @param state what it is doing
 * @param since since when
 * @param detail what it waits for, or why it stopped, {@code null} if there is nothing to
 * say
 * @param unavailable the broker or stream that does not answer now, {@code null} if all
 * do
 * @param unavailableSince since when it does not answer, {@code null} if all do
 * @param lastError what went wrong last, {@code null} if nothing did
 * @param checkpoint the last commit, {@code null} if there was none
 * @since 0.1.0
 */
public record MillStatus(MillState state, Instant since, @Nullable String detail, @Nullable String unavailable,
		@Nullable Instant unavailableSince, @Nullable Problem lastError, @Nullable Checkpoint checkpoint) {

	public MillStatus to(MillState newState, Instant now) {
		boolean starts = newState == MillState.STARTING;
		return new MillStatus(newState, now, null, null, null, starts ? null : this.lastError, this.checkpoint);
	}

	public MillStatus withDetail(@Nullable String newDetail) {
		return new MillStatus(this.state, this.since, newDetail, this.unavailable, this.unavailableSince,
				this.lastError, this.checkpoint);
	}

	public MillStatus withUnavailable(String newUnavailable, Instant now) {
		return new MillStatus(this.state, this.since, this.detail, newUnavailable,
				(this.unavailableSince != null) ? this.unavailableSince : now, this.lastError, this.checkpoint);
	}

	public MillStatus withAllAvailable() {
		return new MillStatus(this.state, this.since, this.detail, null, null, this.lastError, this.checkpoint);
	}

	public MillStatus withError(Problem problem) {
		return new MillStatus(this.state, this.since, this.detail, this.unavailable, this.unavailableSince, problem,
				this.checkpoint);
	}

	public MillStatus withCheckpoint(@Nullable Checkpoint newCheckpoint) {
		return new MillStatus(this.state, this.since, this.detail, this.unavailable, this.unavailableSince,
				this.lastError, newCheckpoint);
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
