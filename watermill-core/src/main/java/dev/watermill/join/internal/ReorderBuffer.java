package dev.watermill.join.internal;

import java.util.Arrays;

import dev.watermill.broker.Batch;
import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Elements that wait for their turn: a binary heap by their keys, those of equal keys in
 * the order in which they came, and a list of all in that order, by which the oldest is
 * known at any time. One that comes in order costs a comparison, and log2 n of them when
 * it goes. Keys that are {@code long}s are compared as such. Used by one thread.
 */
final class ReorderBuffer {

	private static final int NONE = -1;

	private static final Object GONE = new Object();

	private final boolean primitive;

	/** The keys of the heap, in one of two forms, the number and the slot of each. */
	private long[] keys;

	private Object[] objects;

	private long[] numbers;

	private int[] slots;

	private int size;

	/** What is in each slot: the element, where it was read, the neighbours in order. */
	private @Nullable Object[] elements;

	private @Nullable Batch<?>[] batches;

	private int[] indexes;

	private long[] numbersOf;

	private int[] before;

	/** The next one in order; of a slot that is free the next free one. */
	private int[] behind;

	private int oldest = NONE;

	private int youngest = NONE;

	private int free = NONE;

	/** How many elements came up to now. */
	private long added;

	ReorderBuffer(boolean primitive) {
		this.primitive = primitive;
		int capacity = 64;
		this.keys = new long[primitive ? capacity : 0];
		this.objects = new Object[primitive ? 0 : capacity];
		this.numbers = new long[capacity];
		this.slots = new int[capacity];
		this.elements = new Object[capacity];
		this.batches = new Batch<?>[capacity];
		this.indexes = new int[capacity];
		this.numbersOf = new long[capacity];
		this.before = new int[capacity];
		this.behind = new int[capacity];
		makeFree(0, capacity);
	}

	private void makeFree(int from, int to) {
		for (int slot = to - 1; slot >= from; slot--) {
			this.behind[slot] = this.free;
			this.free = slot;
		}
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	int size() {
		return this.size;
	}

	/**
	 * Add an element whose key is a {@code long}.
	 */
	void add(long key, Object element, Batch<?> batch, int index) {
		int slot = take(element, batch, index);
		long[] of = this.keys;
		int at = this.size++;
		while (at > 0) {
			int parent = (at - 1) / 2;
			// of equal keys the one that is there came before
			if (of[parent] <= key) {
				break;
			}
			of[at] = of[parent];
			this.numbers[at] = this.numbers[parent];
			this.slots[at] = this.slots[parent];
			at = parent;
		}
		of[at] = key;
		this.numbers[at] = this.added++;
		this.slots[at] = slot;
	}

	/**
	 * Add an element whose key is an object.
	 */
	void add(Object key, Object element, Batch<?> batch, int index) {
		int slot = take(element, batch, index);
		Object[] of = this.objects;
		int at = this.size++;
		while (at > 0) {
			int parent = (at - 1) / 2;
			if (Keys.compare(of[parent], key) <= 0) {
				break;
			}
			of[at] = of[parent];
			this.numbers[at] = this.numbers[parent];
			this.slots[at] = this.slots[parent];
			at = parent;
		}
		of[at] = key;
		this.numbers[at] = this.added++;
		this.slots[at] = slot;
	}

	private int take(Object element, Batch<?> batch, int index) {
		if (this.free == NONE) {
			grow();
		}
		int slot = this.free;
		this.free = this.behind[slot];
		this.elements[slot] = element;
		this.batches[slot] = batch;
		this.indexes[slot] = index;
		this.numbersOf[slot] = this.added;
		this.before[slot] = this.youngest;
		this.behind[slot] = NONE;
		if (this.youngest == NONE) {
			this.oldest = slot;
		}
		else {
			this.behind[this.youngest] = slot;
		}
		this.youngest = slot;
		return slot;
	}

	private void grow() {
		int capacity = this.slots.length;
		int larger = (int) Math.min(2L * capacity, Integer.MAX_VALUE - 8);
		this.keys = this.primitive ? Arrays.copyOf(this.keys, larger) : this.keys;
		this.objects = this.primitive ? this.objects : Arrays.copyOf(this.objects, larger);
		this.numbers = Arrays.copyOf(this.numbers, larger);
		this.slots = Arrays.copyOf(this.slots, larger);
		this.elements = Arrays.copyOf(this.elements, larger);
		this.batches = Arrays.copyOf(this.batches, larger);
		this.indexes = Arrays.copyOf(this.indexes, larger);
		this.numbersOf = Arrays.copyOf(this.numbersOf, larger);
		this.before = Arrays.copyOf(this.before, larger);
		this.behind = Arrays.copyOf(this.behind, larger);
		makeFree(capacity, larger);
	}

	/**
	 * The least key.
	 */
	long firstKey() {
		return this.keys[0];
	}

	/**
	 * The least key, where keys are objects.
	 */
	Object firstObject() {
		return this.objects[0];
	}

	/**
	 * Move the element with the least key to a batch that is made.
	 * @param made the batch
	 * @param read up to which index of what was read last elements are in it by then
	 */
	void moveFirst(ReorderedBatch.Builder made, int read) {
		int slot = this.slots[0];
		int last = --this.size;
		if (this.primitive) {
			siftDown(this.keys[last], last);
		}
		else {
			siftDown(this.objects[last], last);
			this.objects[last] = GONE;
		}
		unlink(slot);
		moveTo(made, slot, read);
	}

	private void siftDown(long key, int from) {
		long[] of = this.keys;
		long[] numbered = this.numbers;
		long number = numbered[from];
		int slot = this.slots[from];
		int at = 0;
		int child = 1;
		while (child < this.size) {
			int right = child + 1;
			if (right < this.size
					&& (of[right] < of[child] || (of[right] == of[child] && numbered[right] < numbered[child]))) {
				child = right;
			}
			if (of[child] > key || (of[child] == key && numbered[child] > number)) {
				break;
			}
			of[at] = of[child];
			move(child, at);
			at = child;
			child = 2 * at + 1;
		}
		of[at] = key;
		numbered[at] = number;
		this.slots[at] = slot;
	}

	private void siftDown(Object key, int from) {
		Object[] of = this.objects;
		long[] numbered = this.numbers;
		long number = numbered[from];
		int slot = this.slots[from];
		int at = 0;
		int child = 1;
		while (child < this.size) {
			int right = child + 1;
			if (right < this.size && isBefore(right, child)) {
				child = right;
			}
			int comparison = Keys.compare(of[child], key);
			if (comparison > 0 || (comparison == 0 && numbered[child] > number)) {
				break;
			}
			of[at] = of[child];
			move(child, at);
			at = child;
			child = 2 * at + 1;
		}
		of[at] = key;
		numbered[at] = number;
		this.slots[at] = slot;
	}

	private boolean isBefore(int left, int right) {
		int comparison = Keys.compare(this.objects[left], this.objects[right]);
		return comparison < 0 || (comparison == 0 && this.numbers[left] < this.numbers[right]);
	}

	private void move(int from, int to) {
		this.numbers[to] = this.numbers[from];
		this.slots[to] = this.slots[from];
	}

	private void unlink(int slot) {
		int left = this.before[slot];
		int right = this.behind[slot];
		if (left == NONE) {
			this.oldest = right;
		}
		else {
			this.behind[left] = right;
		}
		if (right == NONE) {
			this.youngest = left;
		}
		else {
			this.before[right] = left;
		}
		this.behind[slot] = this.free;
		this.free = slot;
	}

	private void moveTo(ReorderedBatch.Builder made, int slot, int read) {
		Object element = this.elements[slot];
		Batch<?> batch = this.batches[slot];
		if (element == null || batch == null) {
			throw new IllegalStateException("The slot " + slot + " is empty");
		}
		made.add(element, batch, this.indexes[slot], this.numbersOf[slot], read);
		this.elements[slot] = null;
		this.batches[slot] = null;
	}

	/**
	 * Where the oldest element stands, {@code null} if there is none.
	 */
	ReorderedBatch.@Nullable Place oldest() {
		if (this.oldest == NONE) {
			return null;
		}
		Batch<?> batch = this.batches[this.oldest];
		return (batch != null) ? new ReorderedBatch.Place(batch, this.indexes[this.oldest], this.numbersOf[this.oldest])
				: null;
	}

}
