package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Objects;

import dev.watermill.engine.MillPhase;
import dev.watermill.engine.RestartPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often in a row a mill, or a lane of it, failed and was started again, and
 * says whether it is once more. Used by one thread.
 */
final class Restarts {

	/** Without a failure for so long, and the one that follows is another matter. */
	private static final Duration LONG_ENOUGH = Duration.ofHours(1);

	private final MillPlan plan;

	private int inARow;

	/** What was committed when it failed last. */
	private @Nullable Object reached;

	private long begun;

	Restarts(MillPlan plan) {
		this.plan = plan;
	}

	/**
	 * Decide about a failure.
	 * @param cause why it failed
	 * @param committed what is committed: something equal as long as nothing new is
	 * @return what follows, {@code null} if nothing does
	 */
	@Nullable Restart after(Throwable cause, @Nullable Object committed) {
		RestartPolicy policy = this.plan.failure().restart();
		if (policy.maxRestarts() == 0 || ProcessingException.isFatal(cause)) {
			return null;
		}
		boolean gotOn = !Objects.equals(committed, this.reached)
				|| this.plan.ticker().getAsLong() - this.begun >= LONG_ENOUGH.toNanos();
		this.inARow = gotOn ? 0 : this.inARow;
		this.reached = committed;
		if (this.inARow == policy.maxRestarts()) {
			return null;
		}
		this.inARow++;
		Duration pause = policy.pauseBefore(this.inARow);
		return new Restart(pause, new MillPhase.Restarting(cause, this.inARow, policy.maxRestarts(),
				this.plan.clock().instant().plus(pause)));
	}

	/**
	 * Note that it begins again.
	 */
	void begins() {
		this.begun = this.plan.ticker().getAsLong();
	}

	/**
	 * It is going to be started again.
	 *
	 * @param pause how long to wait before
	 * @param phase what it is until then
	 */
	record Restart(Duration pause, MillPhase.Restarting phase) {

	}

}
