package dev.watermill.broker.memory;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Elements side by side in blocks, so that none is copied when more are added. What was
 * added never changes, so a view stays as it is, for other threads too that were handed
 * it. Otherwise used by one thread at a time.
 */
final class Blocks {

	private static final int SHIFT = 10;

	private static final int BLOCK = 1 << SHIFT;

	private static final int IN_BLOCK = BLOCK - 1;

	private Object[][] blocks = {};

	private Object[] last = {};

	private int size;

	int size() {
		return this.size;
	}

	void add(Object element) {
		int at = this.size & IN_BLOCK;
		if (at == 0) {
			open();
		}
		this.last[at] = element;
		this.size++;
	}

	void addAll(Object[] elements) {
		int added = 0;
		while (added < elements.length) {
			int at = this.size & IN_BLOCK;
			if (at == 0) {
				open();
			}
			int count = Math.min(BLOCK - at, elements.length - added);
			System.arraycopy(elements, added, this.last, at, count);
			added += count;
			this.size += count;
		}
	}

	private void open() {
		int block = this.size >> SHIFT;
		if (block == this.blocks.length) {
			this.blocks = Arrays.copyOf(this.blocks, block + (block >> 1) + 1);
		}
		this.last = new Object[BLOCK];
		this.blocks[block] = this.last;
	}

	/**
	 * Return the elements from one place to another.
	 */
	List<Object> view(int from, int to) {
		Objects.checkFromToIndex(from, to, this.size);
		return new View(this.blocks, from, to - from);
	}

	private static final class View extends AbstractList<Object> implements RandomAccess {

		private final Object[][] blocks;

		private final int from;

		private final int size;

		View(Object[][] blocks, int from, int size) {
			this.blocks = blocks;
			this.from = from;
			this.size = size;
		}

		@Override
		public int size() {
			return this.size;
		}

		@Override
		public Object get(int index) {
			int at = this.from + Objects.checkIndex(index, this.size);
			return this.blocks[at >> SHIFT][at & IN_BLOCK];
		}

		@Override
		public List<Object> subList(int start, int end) {
			Objects.checkFromToIndex(start, end, this.size);
			return new View(this.blocks, this.from + start, end - start);
		}

		@Override
		public Object[] toArray() {
			Object[] copy = new Object[this.size];
			int copied = 0;
			while (copied < this.size) {
				int at = this.from + copied;
				int count = Math.min(BLOCK - (at & IN_BLOCK), this.size - copied);
				System.arraycopy(this.blocks[at >> SHIFT], at & IN_BLOCK, copy, copied, count);
				copied += count;
			}
			return copy;
		}

	}

}
