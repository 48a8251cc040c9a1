package dev.watermill.join.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How long a stream has been silent for whoever waits for it. It begins anew once the
 * stream above was waited for: where both were silent nobody knows which of them goes on
 * first. Used by one thread.
 */
final class Silence {

	private final Pages reader;

	private @Nullable Silence above;

	/** How often the stream was waited for. */
	private int waits;

	/** How often the one above had been when it was last seen. */
	private int waitsAbove;

	/** How long this stream had been silent then. */
	private Duration before = Duration.ZERO;

	Silence(Pages reader) {
		this.reader = reader;
	}

	/**
	 * Set that of the stream whose elements ask for those of this one.
	 */
	void below(Silence parent) {
		this.above = parent;
	}

	/**
	 * Whether no stream asks for the elements of this one.
	 */
	boolean isMaster() {
		return this.above == null;
	}

	/**
	 * The stream is going to be waited for.
	 */
	void waits() {
		this.waits++;
	}

	/**
	 * How long it was waited for, and nothing came.
	 */
	Duration get() {
		Duration silence = this.reader.silence();
		Silence parent = this.above;
		if (parent != null && parent.waits != this.waitsAbove) {
			this.waitsAbove = parent.waits;
			this.before = silence;
		}
		if (silence.compareTo(this.before) < 0) {
			this.before = Duration.ZERO;
		}
		return silence.minus(this.before);
	}

}
