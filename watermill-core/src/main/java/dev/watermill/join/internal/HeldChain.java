package dev.watermill.join.internal;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Open elements, the last one added behind the others, the first one closed before them.
 * <p>
 * What stood in a place stays there until all are moved to a larger array: so a list of
 * those that are open is a view of what never changes, and as cheap with many as with
 * one. Used by one thread, but for such lists.
 */
final class HeldChain {

	/** One for each value of what has to be equal are many, and most of them short. */
	private static final int SMALLEST = 2;

	private static final int SMALL = 8;

	private @Nullable HeldElement[] held = new HeldElement[SMALLEST];

	/** The same elements as users see them. */
	private Object[] elements = new Object[SMALLEST];

	private int first;

	private int end;

	boolean isEmpty() {
		return this.first == this.end;
	}

	int size() {
		return this.end - this.first;
	}

	HeldElement get(int index) {
		return Objects.requireNonNull(this.held[this.first + index]);
	}

	@Nullable HeldElement first() {
		return isEmpty() ? null : this.held[this.first];
	}

	HeldElement last() {
		return get(size() - 1);
	}

	void add(HeldElement element) {
		if (this.end == this.held.length) {
			move();
		}
		this.held[this.end] = element;
		this.elements[this.end] = element.get(0);
		this.end++;
	}

	/**
	 * Move to arrays of which two thirds are free.
	 */
	private void move() {
		int size = size();
		int capacity = Math.max(SMALL, size * 3);
		@Nullable HeldElement[] moved = new HeldElement[capacity];
		Object[] shown = new Object[capacity];
		System.arraycopy(this.held, this.first, moved, 0, size);
		System.arraycopy(this.elements, this.first, shown, 0, size);
		this.held = moved;
		this.elements = shown;
		this.first = 0;
		this.end = size;
	}

	/**
	 * Remove the first element. Lists that were given out have it still.
	 */
	void removeFirst() {
		this.held[this.first] = null;
		this.first++;
	}

	HeldElement[] toArray() {
		HeldElement[] all = new HeldElement[size()];
		System.arraycopy(this.held, this.first, all, 0, all.length);
		return all;
	}

	/**
	 * Return the elements as users see them.
	 * @return an unmodifiable list, which stays as it is
	 */
	List<Object> asList() {
		return new StayingElements(this.elements, this.first, size());
	}

}
