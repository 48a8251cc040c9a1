package dev.watermill.codec;

import org.jspecify.annotations.Nullable;

/**
 * Reads one element from its bytes, where a user's own way of reading takes the place of
 * the broker's. Whatever it throws makes the element an {@link InvalidElement}.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
@FunctionalInterface
public interface ElementDecoder<T> {

	/**
	 * Read an element.
	 * @param bytes the bytes of the element, and nothing else
	 * @return the element; {@code null} makes it invalid
	 * @throws Exception if the bytes are no element
	 */
	@Nullable T decode(byte[] bytes) throws Exception;

}
