package dev.watermill.broker.kafka;

import org.jspecify.annotations.Nullable;

/**
 * What one start of a mill knows of who commits: by that it finds whether another start
 * took over, though its own attempts come and go. Thread-safe.
 */
final class Tenure {

	private final String session;

	private volatile @Nullable String before;

	private volatile boolean read;

	private volatile boolean announced;

	Tenure(String session) {
		this.session = session;
	}

	boolean isOf(String other) {
		return this.session.equals(other);
	}

	/**
	 * Note who committed last when this start had taken the place and read the positions.
	 */
	void before(@Nullable String last) {
		if (!this.read && !this.session.equals(last)) {
			this.before = last;
			this.read = true;
		}
	}

	/**
	 * Note that this start has committed.
	 */
	void announced() {
		this.announced = true;
	}

	boolean isAnnounced() {
		return this.announced;
	}

	/**
	 * Whether the one who committed last has taken over from this start.
	 */
	boolean isTakenOverBy(@Nullable String last) {
		if (last == null || last.equals(this.session)) {
			return false;
		}
		if (this.announced) {
			return true;
		}
		// as long as it has not said so itself, whoever was there before is still named
		return this.read ? !last.equals(this.before) : last.compareTo(this.session) > 0;
	}

}
