package dev.watermill.join.internal;

import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.Keys;

/**
 * The partitions of a stream by the keys of their next elements, the least on top, equal
 * keys by the numbers of the partitions: a binary heap. To put an element of n partitions
 * in its place costs two comparisons for each level, of which there are log2 n; elements
 * of one partition behind one another cost a comparison each. Whole numbers and floating
 * point are compared as primitives. Used by one thread.
 */
final class KeyHeap {

	private final boolean primitive;

	/** The numbers of the partitions. */
	private final int[] heap;

	/** The keys of their next elements beside them, in one of the two forms. */
	private final long[] keys;

	private final Object[] objects;

	private int size;

	/**
	 * Create an empty heap.
	 * @param partitions how many partitions there can be
	 * @param primitive whether their keys compare as {@code long}s
	 */
	KeyHeap(int partitions, boolean primitive) {
		this.primitive = primitive;
		this.heap = new int[partitions];
		this.keys = new long[primitive ? partitions : 0];
		this.objects = new Object[primitive ? 0 : partitions];
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	void clear() {
		this.size = 0;
	}

	/**
	 * Add a partition.
	 * @param partition its number
	 * @param column its keys
	 * @param index where the next one is
	 */
	void add(int partition, KeyColumn column, int index) {
		int at = this.size++;
		put(at, partition, column, index);
		while (at > 0 && isBefore(at, (at - 1) / 2)) {
			swap(at, (at - 1) / 2);
			at = (at - 1) / 2;
		}
	}

	/**
	 * The partition whose element comes first.
	 */
	int first() {
		return this.heap[0];
	}

	/**
	 * How many elements of the first partition come before those of all others.
	 * @param column its keys
	 * @param index where the next one is
	 * @param end where to look no further
	 * @return the index behind the last of them
	 */
	int endOfRun(KeyColumn column, int index, int end) {
		if (this.size == 1) {
			return end;
		}
		int second = (this.size > 2 && isBefore(2, 1)) ? 2 : 1;
		boolean beforeEqual = this.heap[0] < this.heap[second];
		int at = index + 1;
		if (this.primitive) {
			long[] of = column.primitives();
			// cannot overflow: the first one's key is less then
			long most = beforeEqual ? this.keys[second] : this.keys[second] - 1;
			while (at < end && of[at] <= most) {
				at++;
			}
			return at;
		}
		int most = beforeEqual ? 0 : -1;
		while (at < end && Keys.compare(column.get(at), this.objects[second]) <= most) {
			at++;
		}
		return at;
	}

	/**
	 * Put the first partition in its place again, which has gone on.
	 * @param column its keys
	 * @param index where the next one is
	 */
	void replaceFirst(KeyColumn column, int index) {
		if (this.primitive) {
			siftDown(this.heap[0], column.primitive(index));
		}
		else {
			siftDown(this.heap[0], column.get(index));
		}
	}

	/**
	 * Remove the first partition.
	 */
	void removeFirst() {
		int last = --this.size;
		if (this.primitive) {
			siftDown(this.heap[last], this.keys[last]);
		}
		else {
			siftDown(this.heap[last], this.objects[last]);
		}
	}

	private void siftDown(int partition, long key) {
		int[] numbers = this.heap;
		long[] of = this.keys;
		int end = this.size;
		int at = 0;
		int child = 1;
		while (child < end) {
			long least = of[child];
			if (child + 1 < end) {
				long right = of[child + 1];
				if (right < least || (right == least && numbers[child + 1] < numbers[child])) {
					least = right;
					child++;
				}
			}
			if (least > key || (least == key && numbers[child] > partition)) {
				break;
			}
			numbers[at] = numbers[child];
			of[at] = least;
			at = child;
			child = 2 * at + 1;
		}
		numbers[at] = partition;
		of[at] = key;
	}

	private void siftDown(int partition, Object key) {
		int at = 0;
		int child = 1;
		while (child < this.size) {
			if (child + 1 < this.size && isBefore(child + 1, child)) {
				child++;
			}
			int comparison = Keys.compare(this.objects[child], key);
			if (comparison > 0 || (comparison == 0 && this.heap[child] > partition)) {
				break;
			}
			this.heap[at] = this.heap[child];
			this.objects[at] = this.objects[child];
			at = child;
			child = 2 * at + 1;
		}
		this.heap[at] = partition;
		this.objects[at] = key;
	}

	private void put(int at, int partition, KeyColumn column, int index) {
		this.heap[at] = partition;
		if (this.primitive) {
			this.keys[at] = column.primitive(index);
		}
		else {
			this.objects[at] = column.get(index);
		}
	}

	private void swap(int left, int right) {
		int partition = this.heap[left];
		this.heap[left] = this.heap[right];
		this.heap[right] = partition;
		if (this.primitive) {
			long key = this.keys[left];
			this.keys[left] = this.keys[right];
			this.keys[right] = key;
		}
		else {
			Object key = this.objects[left];
			this.objects[left] = this.objects[right];
			this.objects[right] = key;
		}
	}

	private boolean isBefore(int left, int right) {
		int comparison = this.primitive ? Long.compare(this.keys[left], this.keys[right])
				: Keys.compare(this.objects[left], this.objects[right]);
		return comparison < 0 || (comparison == 0 && this.heap[left] < this.heap[right]);
	}

}
