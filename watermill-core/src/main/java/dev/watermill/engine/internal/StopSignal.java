package dev.watermill.engine.internal;

/**
 * Leaves the merge from wherever it waits. Carries no stack trace, since nothing went
 * wrong.
 */
final class StopSignal extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** The mill was told to stop. */
	static final StopSignal STOPPED = new StopSignal("stopped");

	/** The mill was told to end at once, and to commit nothing any more. */
	static final StopSignal ABORTED = new StopSignal("aborted");

	/** The processing function ended the stream while the merge was waiting. */
	static final StopSignal ENDED = new StopSignal("ended");

	private StopSignal(String message) {
		super(message, null, false, false);
	}

}
