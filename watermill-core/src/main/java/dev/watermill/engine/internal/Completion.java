package dev.watermill.engine.internal;

import dev.watermill.broker.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * The commit that says the mill completed, while nobody knows whether it happened: the
 * broker may have gone before it could answer.
 */
final class Completion {

	private @Nullable Checkpoint before;

	private @Nullable Checkpoint attempted;

	/**
	 * Note what is committed for certain.
	 */
	void before(@Nullable Checkpoint checkpoint) {
		this.before = checkpoint;
		this.attempted = null;
	}

	void attempted(Checkpoint checkpoint) {
		this.attempted = checkpoint;
	}

	boolean isAttempted() {
		return this.attempted != null;
	}

	/**
	 * Whether what is committed now shows that the commit happened. One that equals what
	 * was there before shows nothing.
	 */
	boolean isShownBy(@Nullable Checkpoint committed) {
		return committed != null && committed.equals(this.attempted) && !committed.equals(this.before);
	}

}
