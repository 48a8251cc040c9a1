package dev.watermill.spring.binding.internal;

/**
 * Puts all streams elsewhere than their settings say, as tests do. What the settings say
 * of a place is not looked at then; what they say of the elements holds.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StreamPlacement {

	/**
	 * Say where a stream lives.
	 * @param stream the name of the stream
	 * @return the binding, whose broker has a place for dead letters
	 */
	StreamBinding place(String stream);

}
