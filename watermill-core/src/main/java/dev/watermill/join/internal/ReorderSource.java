package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.Objects;

import dev.watermill.broker.Batch;
import org.jspecify.annotations.Nullable;

/**
 * What was read at once, while any of it waits to be brought into order. Used by one
 * thread.
 */
final class ReorderSource {

	private static final Object[] NO_KEYS = {};

	/** The number by which it is found. */
	final int id;

	/** How many elements had been read before. */
	final long number;

	/** How many of it wait. */
	int waiting;

	/** What waits of the same stream before it and behind it. */
	@Nullable ReorderSource before;

	@Nullable ReorderSource behind;

	/** What was read, {@code null} once those that wait were noted down one by one. */
	private @Nullable Batch<?> batch;

	/** The elements, {@code null} for those that do not wait. */
	private @Nullable Object[] elements;

	/** Their keys, if these are objects. */
	private Object[] keys;

	/** Where those that were noted down stood. */
	private int[] indexes = {};

	private Batch<?>[] noted = {};

	/** Before which place nothing waits. */
	private int first;

	ReorderSource(int id, long number, Batch<?> batch, @Nullable Object[] elements, boolean primitive) {
		this.id = id;
		this.number = number;
		this.batch = batch;
		this.elements = elements;
		this.keys = primitive ? NO_KEYS : new Object[elements.length];
	}

	/**
	 * How many elements were read.
	 */
	int size() {
		return this.elements.length;
	}

	/**
	 * How many elements had come before one of these.
	 */
	long number(int index) {
		return this.number + index;
	}

	/**
	 * Take note that an element does not wait.
	 */
	void pass(int index) {
		this.elements[index] = null;
	}

	void keep(int index, Object key) {
		this.keys[index] = key;
	}

	/**
	 * The key of an element, {@code null} if keys are no objects.
	 */
	@Nullable Object key(int index) {
		return (this.keys.length > 0) ? this.keys[place(index)] : null;
	}

	/**
	 * Move an element to a batch that is made.
	 * @param read up to which index of what was read last elements are in it by then
	 */
	void move(int index, ReorderedBatch.Builder made, int read) {
		int place = place(index);
		Object element = Objects.requireNonNull(this.elements[place]);
		this.elements[place] = null;
		this.waiting--;
		Batch<?> whole = this.batch;
		if (whole != null) {
			made.add(element, whole, index, this.number + index, read);
		}
		else {
			made.add(element, this.noted[place], 0, this.number + index, read);
		}
	}

	private int place(int index) {
		return (this.batch != null) ? index : Arrays.binarySearch(this.indexes, index);
	}

	/**
	 * Where the first one stands that waits.
	 */
	ReorderedBatch.Place oldest() {
		while (this.elements[this.first] == null) {
			this.first++;
		}
		Batch<?> whole = this.batch;
		return (whole != null) ? new ReorderedBatch.Place(whole, this.first, this.number + this.first)
				: new ReorderedBatch.Place(this.noted[this.first], 0, this.number + this.indexes[this.first]);
	}

	/**
	 * Note down those that wait, and let go of what was read with them.
	 */
	void note() {
		Batch<?> whole = Objects.requireNonNull(this.batch);
		int[] places = new int[this.waiting];
		Batch<?>[] alone = new Batch<?>[this.waiting];
		Object[] kept = new Object[this.waiting];
		Object[] keptKeys = (this.keys.length > 0) ? new Object[this.waiting] : NO_KEYS;
		int at = 0;
		for (int i = this.first; at < places.length; i++) {
			Object element = this.elements[i];
			if (element != null) {
				places[at] = i;
				kept[at] = element;
				alone[at] = whole.alone(i);
				if (keptKeys.length > 0) {
					keptKeys[at] = this.keys[i];
				}
				at++;
			}
		}
		this.indexes = places;
		this.noted = alone;
		this.elements = kept;
		this.keys = keptKeys;
		this.first = 0;
		this.batch = null;
	}

}
