package dev.watermill.engine.internal;

import java.util.Objects;

/**
 * The processing function failed for a delivery, or the window function before there was
 * one.
 */
class ProcessingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient DeliveryId delivery;

	private final Kind kind;

	private final boolean partlyWritten;

	/**
	 * Create a failure.
	 * @param mill the name of the mill
	 * @param what what failed, and where
	 * @param delivery of which delivery it is
	 * @param kind what there is to do about it, unless the cause rules it out
	 * @param partlyWritten whether results of it were written
	 * @param cause what was thrown
	 */
	ProcessingException(String mill, String what, DeliveryId delivery, Kind kind, boolean partlyWritten,
			Throwable cause) {
		super("mill '" + mill + "': " + what + ": " + cause, cause);
		this.delivery = delivery;
		this.kind = isFatal(cause) ? Kind.FATAL : kind;
		this.partlyWritten = partlyWritten;
	}

	/**
	 * What was thrown.
	 */
	Throwable thrown() {
		return Objects.requireNonNull(getCause());
	}

	/**
	 * Whether there is nothing to do about it but to stop and to show it.
	 */
	static boolean isFatal(Throwable cause) {
		if (cause instanceof ProcessingException failure) {
			return failure.kind == Kind.FATAL;
		}
		return cause instanceof Error && !(cause instanceof StackOverflowError || cause instanceof LinkageError
				|| cause instanceof AssertionError);
	}

	/**
	 * Of which delivery it is.
	 */
	DeliveryId delivery() {
		return this.delivery;
	}

	Kind kind() {
		return this.kind;
	}

	/**
	 * Whether results of the delivery were written before it failed, which have to be
	 * taken back before it can be repeated.
	 */
	boolean isPartlyWritten() {
		return this.partlyWritten;
	}

	/**
	 * What there is to do about a failure.
	 */
	enum Kind {

		/** It can be repeated, or passed over. */
		DELIVERY,

		/**
		 * It can be repeated; but it is an element of which it is not known where it
		 * belongs, so it can't be passed over.
		 */
		WINDOW,

		/** An error of the virtual machine, or the like: nothing. */
		FATAL

	}

}
