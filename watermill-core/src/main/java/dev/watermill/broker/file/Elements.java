package dev.watermill.broker.file;

import java.util.Arrays;

import dev.watermill.broker.InvalidElement;
import org.jspecify.annotations.Nullable;

/**
 * Collects the elements of a batch. For each there is only its value and the index where
 * reading has to begin to read it again, its mark; one mark more stands behind the last.
 */
final class Elements {

	private @Nullable Object[] values;

	private int[] marks;

	private int size;

	private boolean over;

	/**
	 * Create a collection.
	 * @param mark where reading begins
	 * @param expected how many elements to expect
	 */
	Elements(int mark, int expected) {
		this.values = new Object[expected];
		this.marks = new int[expected + 1];
		this.marks[0] = mark;
	}

	/**
	 * Add an element.
	 * @param value the element or an {@link InvalidElement}
	 * @param end where the next element's reading begins
	 */
	void add(Object value, int end) {
		if (this.size == this.values.length) {
			int length = Math.max(16, this.size + (this.size >> 1));
			this.values = Arrays.copyOf(this.values, length);
			this.marks = Arrays.copyOf(this.marks, length + 1);
		}
		this.values[this.size++] = value;
		this.marks[this.size] = end;
	}

	/**
	 * Add what can't be read, and behind which nothing can be read.
	 */
	void addLast(InvalidElement value, int end) {
		add(value, end);
		this.over = true;
	}

	int size() {
		return this.size;
	}

	Object value(int index) {
		Object value = this.values[index];
		if (value == null || index >= this.size) {
			throw new IndexOutOfBoundsException(index);
		}
		return value;
	}

	int mark(int index) {
		return this.marks[index];
	}

	/**
	 * Where reading goes on.
	 */
	int end() {
		return this.marks[this.size];
	}

	/**
	 * Whether the last element is one behind which nothing can be read.
	 */
	boolean isOver() {
		return this.over;
	}

}
