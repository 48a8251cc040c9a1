package dev.watermill.delivery;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;

/**
 * An input stream of a mill: while the mill is built what becomes of its bad elements,
 * later the way to what it contributes to a {@link Delivery}.
 * <p>
 * Not meant to be implemented outside of WaterMill.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public interface Input<T> {

	/**
	 * The name of the stream.
	 * @return the name
	 */
	String stream();

	/**
	 * The place of the stream in the join tree.
	 * @return its number, 0 for the master
	 */
	int node();

	/**
	 * Say what happens with elements that can't be read or have no valid key. The default
	 * is to fail.
	 * @param policy what happens
	 */
	void onInvalid(ErrorPolicy policy);

	/**
	 * Say what happens with records without a value. The default is what happens with
	 * elements that can't be read.
	 * @param policy what happens
	 */
	void onTombstone(ErrorPolicy policy);

	/**
	 * Say what happens with elements whose key is less than one before. The default is to
	 * fail.
	 * @param policy what happens
	 */
	void onDisorder(ErrorPolicy policy);

	/**
	 * Bring the elements into the order of a key, as far as that is bounded: each comes
	 * once one was read whose key is at least so much greater, or at the end of the
	 * stream, those of equal keys in the order in which they came. No clock has a part in
	 * it. What comes later than that is out of order. At most 100,000 elements wait.
	 * @param by the key: a number, an instant, a local date with or without a time
	 * @param within by how much keys may go back
	 */
	default void reorder(KeyFunction<?> by, KeySpan within) {
		reorder(by, within, 100_000);
	}

	/**
	 * Bring the elements into the order of a key.
	 * @param by the key: a number, an instant, a local date with or without a time
	 * @param within by how much keys may go back
	 * @param maxSize how many elements may wait for their turn; the mill fails beyond it
	 * @see #reorder(KeyFunction, KeySpan)
	 */
	void reorder(KeyFunction<?> by, KeySpan within, int maxSize);

	/**
	 * Tell keys that are wrong, and far ahead, from gaps. An element whose key is further
	 * ahead of the greatest one before it is set aside until the next valid one is read:
	 * if that one's key is less, the one set aside is invalid.
	 * @param step how far ahead a key may be of the only expression on the stream
	 */
	void maxStep(KeySpan step);

	/**
	 * Tell keys that are wrong, and far ahead, from gaps.
	 * @param by the key: a number, an instant, a local date with or without a time
	 * @param step how far ahead it may be
	 * @see #maxStep(KeySpan)
	 */
	void maxStep(KeyFunction<?> by, KeySpan step);

}
