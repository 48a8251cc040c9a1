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

	/** The keys of the heap, in one of two forms, and the slot of each. */
	private long[] keys;

	private Object[] objects;

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
			this.slots[at] = this.slots[parent];
			at = parent;
		}
		of[at] = key;
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
			this.slots[at] = this.slots[parent];
			at = parent;
		}
		of[at] = key;
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
		this.numbersOf[slot] = this.added++;
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
			siftDown(this.keys[last], this.slots[last]);
		}
		else {
			siftDown(this.objects[last], this.slots[last]);
			this.objects[last] = GONE;
		}
		unlink(slot);
		moveTo(made, slot, read);
	}

	/**
	 * Put an element in the place of the first one. It was the last of the heap, and
	 * belongs nearly as far down again: so the lesser ones go up along the way to the
	 * bottom, and it goes up from there. Which of two is less nobody can predict, so
	 * nothing branches on it.
	 */
	private void siftDown(long key, int slot) {
		long[] of = this.keys;
		int[] in = this.slots;
		int end = this.size;
		int at = 0;
		int child = 1;
		while (child < end) {
			int right = (child + 1 < end) ? child + 1 : child;
			long left = of[child];
			long other = of[right];
			child += (other < left) ? right - child : 0;
			if (other == left && isEarlier(in[right], in[child])) {
				child = right;
			}
			of[at] = of[child];
			in[at] = in[child];
			at = child;
			child = 2 * at + 1;
		}
		while (at > 0) {
			int parent = (at - 1) / 2;
			if (of[parent] < key || (of[parent] == key && isEarlier(in[parent], slot))) {
				break;
			}
			of[at] = of[parent];
			in[at] = in[parent];
			at = parent;
		}
		of[at] = key;
		in[at] = slot;
	}

	private boolean isEarlier(int slot, int other) {
		return this.numbersOf[slot] < this.numbersOf[other];
	}

	private void siftDown(Object key, int slot) {
		Object[] of = this.objects;
		int at = 0;
		int child = 1;
		while (child < this.size) {
			int right = child + 1;
			if (right < this.size && isBefore(of[right], this.slots[right], of[child], this.slots[child])) {
				child = right;
			}
			if (isBefore(key, slot, of[child], this.slots[child])) {
				break;
			}
			of[at] = of[child];
			this.slots[at] = this.slots[child];
			at = child;
			child = 2 * at + 1;
		}
		of[at] = key;
		this.slots[at] = slot;
	}

	private boolean isBefore(Object key, int slot, Object other, int otherSlot) {
		int comparison = Keys.compare(key, other);
		return comparison < 0 || (comparison == 0 && isEarlier(slot, otherSlot));
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
