package dev.watermill.join;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.jspecify.annotations.Nullable;

/**
 * What is done about the elements of a stream as they arrive, before they are checked and
 * merged. Immutable.
 *
 * @param maxStep how far the key of one may be ahead of those before, {@code null} for as
 * far as it likes
 * @param reorder how elements are brought into order, {@code null} if they are in order
 * @param maxBadRate which share of the last 1,000 elements may be bad, 1 for all of them
 * @since 0.1.0
 */
public record ArrivalPolicy(@Nullable MaxStep maxStep, @Nullable Reorder reorder, double maxBadRate) {

	/**
	 * Nothing is done.
	 */
	public static final ArrivalPolicy NONE = new ArrivalPolicy(null, null, 1);

	/**
	 * How far ahead a key may be.
	 *
	 * @param by the key
	 * @param step how far it may be ahead of the greatest one before it
	 */
	public record MaxStep(KeyFunction<?> by, KeySpan step) {

	}

	/**
	 * How elements are brought into order: each comes once one was read whose key is at
	 * least so much greater, or at the end of the stream; those of equal keys in the
	 * order in which they came.
	 *
	 * @param by the key in whose order they come
	 * @param within by how much keys may go back
	 * @param maxSize how many elements may wait for it
	 */
	public record Reorder(KeyFunction<?> by, KeySpan within, int maxSize) {

	}

}
