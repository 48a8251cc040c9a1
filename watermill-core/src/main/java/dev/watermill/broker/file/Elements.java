package dev.watermill.broker.file;

import java.util.Arrays;

import dev.watermill.codec.InvalidElement;
import org.jspecify.annotations.Nullable;

/**
 * Collects the elements of a batch. For each there is its value, the index where it
 * begins and the index where reading has to begin to read it again, its mark; one mark
 * more stands behind the last.
 */
final class Elements {

	private @Nullable Object[] values;

	private int[] starts;

	private int[] marks;

	private int size;

	private int passed;

	private int passedStart = -1;

	/**
	 * Create a collection.
	 * @param mark where reading begins
	 * @param expected how many elements to expect
	 */
	Elements(int mark, int expected) {
		this.values = new Object[expected];
		this.starts = new int[expected];
		this.marks = new int[expected + 1];
		this.marks[0] = mark;
		this.passed = mark;
	}

	/**
	 * Add an element.
	 * @param value the element or an {@link InvalidElement}
	 * @param start its first byte
	 * @param end where the next element's reading begins
	 */
	void add(Object value, int start, int end) {
		if (this.size == this.values.length) {
			int length = Math.max(16, this.size + (this.size >> 1));
			this.values = Arrays.copyOf(this.values, length);
			this.starts = Arrays.copyOf(this.starts, length);
			this.marks = Arrays.copyOf(this.marks, length + 1);
		}
		this.values[this.size] = value;
		this.starts[this.size++] = start;
		this.marks[this.size] = end;
	}

	/**
	 * Say that what stands before an index is not needed to read the first element, nor
	 * is part of one: as long as there is none, it need not be kept.
	 */
	void pass(int to) {
		this.passed = Math.max(this.passed, to);
	}

	/**
	 * Say that what stands before an index is not needed to read the first element,
	 * although it is part of it.
	 * @param start where the element begins
	 * @param to up to where it was looked at
	 */
	void passWithin(int start, int to) {
		this.passedStart = start;
		pass(to);
	}

	int passed() {
		return this.passed;
	}

	/**
	 * Where the element begins of which something was passed, below zero if there is
	 * none.
	 */
	int passedStart() {
		return this.passedStart;
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

	/**
	 * Where an element begins, or behind the last one where reading goes on.
	 */
	int start(int index) {
		return (index < this.size) ? this.starts[index] : this.marks[index];
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

}
