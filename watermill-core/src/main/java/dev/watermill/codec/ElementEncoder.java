package dev.watermill.codec;

/**
 * Turns one result into bytes, where a user's own way of writing takes the place of the
 * broker's.
 *
 * @param <R> the type of the results
 * @since 0.1.0
 */
@FunctionalInterface
public interface ElementEncoder<R> {

	/**
	 * Turn a result into bytes.
	 * @param result the result
	 * @return the bytes
	 * @throws Exception if that is impossible
	 */
	byte[] encode(R result) throws Exception;

}
