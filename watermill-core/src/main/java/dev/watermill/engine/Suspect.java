package dev.watermill.engine;

import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The delivery that failed in the run before, by the position of its first master
 * element.
 */
final class Suspect {

	private boolean active;

	private boolean skip;

	private @Nullable Position position;

	private int failures;

	/**
	 * Note that a delivery failed.
	 * @return how often this one failed in a row
	 */
	int failed(@Nullable Position at) {
		boolean same = this.failures > 0 && ((at != null) ? at.equals(this.position) : this.position == null);
		this.failures = same ? this.failures + 1 : 1;
		this.position = at;
		this.active = true;
		this.skip = false;
		return this.failures;
	}

	void skip() {
		this.skip = true;
		this.failures = 0;
	}

	boolean isActive() {
		return this.active;
	}

	boolean isReached(@Nullable Position at) {
		return (at != null) ? at.equals(this.position) : this.position == null;
	}

	boolean isToBeSkipped() {
		return this.skip;
	}

	void passed() {
		this.active = false;
	}

}
