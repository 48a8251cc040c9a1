package dev.watermill.delivery;

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

}
