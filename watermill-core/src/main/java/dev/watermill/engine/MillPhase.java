package dev.watermill.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * What a mill is doing, with what there is to say about it. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface MillPhase {

	/**
	 * The state for short.
	 * @return the state, which several phases may share
	 */
	MillState state();

	/**
	 * What the mill waits for, or why it stopped.
	 * @return a text for people, {@code null} if there is nothing to say
	 */
	default @Nullable String detail() {
		return null;
	}

	/**
	 * Whether the mill runs or is about to.
	 * @return {@code true} if so
	 */
	default boolean isAtWork() {
		return switch (state()) {
			case STARTING, RUNNING, PAUSED -> true;
			case STOPPED, COMPLETED, FAILED -> false;
		};
	}

	/**
	 * It is going to be started once something has happened.
	 *
	 * @param detail what it waits for
	 */
	record Waiting(String detail) implements MillPhase {

		@Override
		public MillState state() {
			return MillState.STARTING;
		}

	}

	/**
	 * It opens what it needs.
	 */
	record Starting() implements MillPhase {

		@Override
		public MillState state() {
			return MillState.STARTING;
		}

	}

	/**
	 * It reads, or waits for something to read.
	 */
	record Running() implements MillPhase {

		@Override
		public MillState state() {
			return MillState.RUNNING;
		}

	}

	/**
	 * It was told to pause; its streams stay open.
	 */
	record Paused() implements MillPhase {

		@Override
		public MillState state() {
			return MillState.PAUSED;
		}

	}

	/**
	 * It was not started, or was told to stop.
	 */
	record Stopped() implements MillPhase {

		@Override
		public MillState state() {
			return MillState.STOPPED;
		}

	}

	/**
	 * It stopped since another instance took over.
	 *
	 * @param by who did, for people
	 * @param cause how it was found
	 */
	record TakenOver(String by, Throwable cause) implements MillPhase {

		@Override
		public MillState state() {
			return MillState.STOPPED;
		}

		@Override
		public String detail() {
			return this.by;
		}

	}

	/**
	 * Its streams are over and everything is committed.
	 */
	record Completed() implements MillPhase {

		@Override
		public MillState state() {
			return MillState.COMPLETED;
		}

	}

	/**
	 * One of its lanes can't go on until somebody removes the cause and starts it again;
	 * the others do, and other instances leave that lane alone.
	 *
	 * @param lane the number of the lane
	 * @param cause why
	 * @param next when it is taken up again by itself, {@code null} if it is not
	 */
	record LaneFailed(int lane, Throwable cause, @Nullable Restarting next) implements MillPhase {

		@Override
		public MillState state() {
			return MillState.FAILED;
		}

		@Override
		public boolean isAtWork() {
			return true;
		}

		@Override
		public String detail() {
			return "lane " + this.lane + " failed, the others go on; "
					+ ((this.next != null) ? this.next.detail() : "start the mill again to take it up");
		}

	}

	/**
	 * It failed, and is going to be started again by itself.
	 *
	 * @param cause why it failed
	 * @param restart which restart in a row that is, from 1
	 * @param most after how many of them it is left alone
	 * @param at when
	 */
	record Restarting(Throwable cause, int restart, int most, Instant at) implements MillPhase {

		@Override
		public MillState state() {
			return MillState.FAILED;
		}

		@Override
		public boolean isAtWork() {
			return true;
		}

		@Override
		public String detail() {
			return "it is started again at " + this.at.truncatedTo(ChronoUnit.SECONDS) + ", restart " + this.restart
					+ " of " + this.most;
		}

	}

	/**
	 * It can't go on until somebody removes the cause.
	 *
	 * @param cause why
	 */
	record Failed(Throwable cause) implements MillPhase {

		@Override
		public MillState state() {
			return MillState.FAILED;
		}

	}

}
