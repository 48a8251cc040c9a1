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

	private int size;

	/** The key of the next element for each partition, in one of the two forms. */
	private final long[] keys;

	private final Object[] objects;

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
		put(partition, column, index);
		int at = this.size++;
		while (at > 0 && isBefore(partition, this.heap[(at - 1) / 2])) {
			this.heap[at] = this.heap[(at - 1) / 2];
			at = (at - 1) / 2;
		}
		this.heap[at] = partition;
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
		int first = this.heap[0];
		int second = (this.size > 2 && isBefore(this.heap[2], this.heap[1])) ? this.heap[2] : this.heap[1];
		int at = index + 1;
		if (this.primitive) {
			long[] of = column.primitives();
			// cannot overflow: the first one's key is less then
			long most = (first < second) ? this.keys[second] : this.keys[second] - 1;
			while (at < end && of[at] <= most) {
				at++;
			}
			return at;
		}
		int most = (first < second) ? 0 : -1;
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
		int partition = this.heap[0];
		put(partition, column, index);
		siftDown(partition);
	}

	/**
	 * Remove the first partition.
	 */
	void removeFirst() {
		this.size--;
		if (this.size > 0) {
			siftDown(this.heap[this.size]);
		}
	}

	private void siftDown(int partition) {
		int at = 0;
		int child = 1;
		while (child < this.size) {
			if (child + 1 < this.size && isBefore(this.heap[child + 1], this.heap[child])) {
				child++;
			}
			if (!isBefore(this.heap[child], partition)) {
				break;
			}
			this.heap[at] = this.heap[child];
			at = child;
			child = 2 * at + 1;
		}
		this.heap[at] = partition;
	}

	private void put(int partition, KeyColumn column, int index) {
		if (this.primitive) {
			this.keys[partition] = column.primitive(index);
		}
		else {
			this.objects[partition] = column.get(index);
		}
	}

	private boolean isBefore(int left, int right) {
		int comparison = this.primitive ? Long.compare(this.keys[left], this.keys[right])
				: Keys.compare(this.objects[left], this.objects[right]);
		return comparison < 0 || (comparison == 0 && left < right);
	}

}
