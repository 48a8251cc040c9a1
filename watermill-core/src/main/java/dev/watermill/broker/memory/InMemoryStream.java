package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.InvalidElement;

/**
 * A stream in memory. Readers see what is appended here at once, and what a mill writes
 * when it was committed. Thread-safe.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public final class InMemoryStream<T> {

	private final String key;

	private final ReentrantLock lock;

	private final Condition changed;

	// Batches are views of these two; so what once stood below the size is never
	// overwritten, the array is replaced instead.
	private Object[] array = new Object[16];

	private List<?> elements = Arrays.asList(this.array);

	private int size;

	private boolean ended;

	InMemoryStream(String key, ReentrantLock lock) {
		this.key = key;
		this.lock = lock;
		this.changed = lock.newCondition();
	}

	/**
	 * Return the key of the stream.
	 * @return the key
	 */
	public String key() {
		return this.key;
	}

	/**
	 * Append an element.
	 * @param element the element
	 * @return this stream
	 */
	public InMemoryStream<T> append(T element) {
		return appendAll(List.of(element));
	}

	/**
	 * Append elements.
	 * @param elements the elements
	 * @return this stream
	 */
	public InMemoryStream<T> appendAll(Collection<? extends T> elements) {
		add(elements);
		return this;
	}

	/**
	 * Append what stands for an element that could not be read.
	 * @param element the invalid element
	 * @return this stream
	 */
	public InMemoryStream<T> appendInvalid(InvalidElement element) {
		add(List.of(element));
		return this;
	}

	/**
	 * Say that nothing more will be appended.
	 * @return this stream
	 */
	public InMemoryStream<T> end() {
		this.lock.lock();
		try {
			this.ended = true;
			this.changed.signalAll();
			return this;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Make these the elements of the stream, all of them, and end it. The list is not
	 * copied, so it must not change any more.
	 * @param elements the elements
	 * @return this stream
	 */
	public InMemoryStream<T> complete(List<? extends T> elements) {
		this.lock.lock();
		try {
			this.elements = elements;
			this.array = new Object[0];
			this.size = elements.size();
			return end();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the elements there are now; of what a mill wrote, only what was committed.
	 * @return a copy
	 */
	@SuppressWarnings("unchecked")
	public List<T> elements() {
		this.lock.lock();
		try {
			return Collections.unmodifiableList((List<T>) Arrays.asList(Arrays.copyOf(toArray(), this.size)));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether the stream is over.
	 * @return {@code true} if nothing more will be appended
	 */
	public boolean isEnded() {
		this.lock.lock();
		try {
			return this.ended;
		}
		finally {
			this.lock.unlock();
		}
	}

	int size() {
		this.lock.lock();
		try {
			return this.size;
		}
		finally {
			this.lock.unlock();
		}
	}

	void add(Collection<?> added) {
		this.lock.lock();
		try {
			if (this.ended) {
				throw new IllegalStateException(this + " has ended, so nothing can be appended to it");
			}
			grow(this.size + added.size());
			Object[] copied = added.toArray();
			System.arraycopy(copied, 0, this.array, this.size, copied.length);
			this.size += copied.length;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private Object[] toArray() {
		return (this.array.length > 0) ? this.array : this.elements.toArray();
	}

	/**
	 * Take back what stands behind a place, the end included.
	 */
	void cut(int length) {
		this.lock.lock();
		try {
			if (this.size < length) {
				throw new BrokerException(this + " has " + this.size + " elements, but " + length
						+ " were committed. Restore it, or reset the mill.");
			}
			this.array = Arrays.copyOf(Arrays.copyOf(toArray(), length), length + 16, Object[].class);
			this.elements = Arrays.asList(this.array);
			this.size = length;
			this.ended = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	Batch<T> read(int from, int limit, Duration timeout) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long nanos = timeout.toNanos();
			while (this.size <= from && !this.ended && nanos > 0) {
				nanos = this.changed.awaitNanos(nanos);
			}
			int to = Math.max(from, (int) Math.min((long) from + limit, this.size));
			return new InMemoryBatch<>(this.key, this.elements, from, to - from, statusAt(to));
		}
		finally {
			this.lock.unlock();
		}
	}

	private Batch.Status statusAt(int offset) {
		if (offset < this.size) {
			return Batch.Status.OPEN;
		}
		return this.ended ? Batch.Status.ENDED : Batch.Status.CAUGHT_UP;
	}

	private void grow(int length) {
		if (length > this.array.length) {
			this.array = Arrays.copyOf(this.array, Math.max(length, this.array.length * 2));
			this.elements = Arrays.asList(this.array);
		}
	}

	@Override
	public String toString() {
		return "in-memory stream " + this.key;
	}

}
