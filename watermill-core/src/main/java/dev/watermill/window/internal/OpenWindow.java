package dev.watermill.window.internal;

import dev.watermill.join.internal.Group;
import org.jspecify.annotations.Nullable;

/**
 * A window that is open, or is to be delivered. Used by one thread.
 *
 * @since 0.1.0
 */
public final class OpenWindow {

	private final Group elements;

	private @Nullable Object key;

	OpenWindow(Group elements) {
		this.elements = elements;
	}

	/**
	 * The master elements that it holds, with their matches.
	 * @return the group
	 */
	public Group elements() {
		return this.elements;
	}

	/**
	 * The window key that its elements share.
	 * @return the normal form of the key, {@code null} if windows are not made by key
	 */
	public @Nullable Object key() {
		return this.key;
	}

	void key(@Nullable Object newKey) {
		this.key = newKey;
	}

	boolean isEmpty() {
		return this.elements.size() == 0;
	}

}
