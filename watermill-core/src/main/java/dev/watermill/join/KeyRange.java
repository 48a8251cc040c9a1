package dev.watermill.join;

import dev.watermill.key.internal.KeyWords;

/**
 * Between which keys a stream was read, for people. Immutable.
 *
 * @param first the key of its first element since the mill started
 * @param last the key of the last element that was read
 * @since 0.1.0
 */
public record KeyRange(Object first, Object last) {

	@Override
	public String toString() {
		String from = KeyWords.describe(this.first);
		return this.first.equals(this.last) ? from : from + " to " + KeyWords.describe(this.last);
	}

}
