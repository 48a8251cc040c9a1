package dev.watermill.join.internal;

import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * Elements side by side in an array in which they stay where they are. Immutable.
 */
final class StayingElements extends AbstractList<Object> implements RandomAccess {

	private final Object[] elements;

	private final int first;

	private final int size;

	StayingElements(Object[] elements, int first, int size) {
		this.elements = elements;
		this.first = first;
		this.size = size;
	}

	@Override
	public Object get(int index) {
		if (index < 0 || index >= this.size) {
			throw new IndexOutOfBoundsException("Index " + index + " of " + this.size + " elements");
		}
		return this.elements[this.first + index];
	}

	@Override
	public int size() {
		return this.size;
	}

}
