package dev.watermill.join.internal;

import java.util.List;

import dev.watermill.key.internal.KeyText;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a child that were taken for complete since it was silent: by their keys,
 * from the least to the greatest of which elements may still come. An element that has
 * such a key, and stands behind the place up to which the child was read by then, is
 * late. Used by one thread.
 */
final class ClosedGroups implements Lateness {

	private static final char SEPARATOR = '=';

	private static final char LENGTH = ':';

	/** By which keys they are groups: those by other keys were never delivered. */
	private final String description;

	private @Nullable Object least;

	private @Nullable Object greatest;

	/** Up to where the child was read when the last one was closed. */
	private @Nullable Position upTo;

	private int closings;

	/**
	 * Create what is known of groups where their stream is taken up.
	 * @param description how their keys are computed
	 * @param written what {@link #text} returned there, {@code null} if nothing did
	 */
	ClosedGroups(String description, @Nullable String written) {
		// short, since a position has little room
		this.description = Integer.toHexString(description.hashCode());
		if (written != null && written.startsWith(this.description + SEPARATOR)) {
			parse(written.substring(this.description.length() + 1));
		}
	}

	private void parse(String text) {
		int colon = text.indexOf(LENGTH);
		int end = colon + 1 + Integer.parseInt(text.substring(0, colon));
		if (KeyText.parse(text.substring(end)) instanceof List<?> keys) {
			this.least = keys.get(0);
			this.greatest = keys.get(keys.size() - 1);
			this.upTo = Position.parse(text.substring(colon + 1, end));
			this.closings++;
		}
	}

	/**
	 * Up to where the child was read when the last one was closed, {@code null} if none
	 * was.
	 */
	@Nullable Position upTo() {
		return this.upTo;
	}

	/**
	 * Take a group for complete.
	 * @param key its key
	 * @param last the last key that was read of the child, {@code null} if there is none
	 * @param standing where the child stands
	 */
	void close(Object key, @Nullable Object last, @Nullable Position standing) {
		if (this.greatest == null || (last != null && Keys.compare(last, this.greatest) > 0)) {
			this.least = key;
		}
		this.greatest = key;
		this.upTo = (standing != null) ? standing : Position.empty();
		this.closings++;
	}

	/**
	 * Forget them, since keys begin anew.
	 */
	void clear() {
		this.least = null;
		this.greatest = null;
		this.upTo = null;
	}

	@Override
	public int closings() {
		return this.closings;
	}

	@Override
	public boolean isPast(Object key) {
		return this.greatest == null || Keys.compare(key, this.greatest) > 0;
	}

	@Override
	public boolean isLate(Object key) {
		return !isPast(key) && this.least != null && Keys.compare(key, this.least) >= 0;
	}

	/**
	 * What a restart has to know.
	 * @return a text, {@code null} if there is nothing to be known
	 */
	@Nullable String text() {
		if (this.least == null || this.greatest == null) {
			return null;
		}
		String position = String.valueOf(this.upTo);
		String keys = KeyText
			.format(this.least.equals(this.greatest) ? List.of(this.least) : List.of(this.least, this.greatest));
		return keys.isEmpty() ? null : this.description + SEPARATOR + position.length() + LENGTH + position + keys;
	}

}
