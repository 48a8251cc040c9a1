package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.codec.InvalidElement;
import org.jspecify.annotations.Nullable;

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

	private Blocks blocks = new Blocks();

	/** All elements, if they were given as a list. */
	private @Nullable List<?> given;

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
			this.given = elements;
			return end();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the elements there are now; of what a mill wrote, only what was committed.
	 * @return an unmodifiable list, which stays as it is
	 */
	@SuppressWarnings("unchecked")
	public List<T> elements() {
		this.lock.lock();
		try {
			return Collections.unmodifiableList((List<T>) all());
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
			return length();
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
			this.blocks.addAll(added.toArray());
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private List<?> all() {
		return (this.given != null) ? this.given : this.blocks.view(0, this.blocks.size());
	}

	private int length() {
		return (this.given != null) ? this.given.size() : this.blocks.size();
	}

	/**
	 * Take back what stands behind a place, the end included.
	 */
	void cut(int length) {
		this.lock.lock();
		try {
			if (length() < length) {
				throw new BrokerException(this + " has " + length() + " elements, but " + length
						+ " were committed. Restore it, or reset the mill.");
			}
			// readers may still look at the old ones
			Blocks kept = new Blocks();
			kept.addAll(all().subList(0, length).toArray());
			this.blocks = kept;
			this.given = null;
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
			while (length() <= from && !this.ended && nanos > 0) {
				nanos = this.changed.awaitNanos(nanos);
			}
			int to = Math.max(from, (int) Math.min((long) from + limit, length()));
			return new InMemoryBatch<>(this.key, all(), from, to - from, statusAt(to));
		}
		finally {
			this.lock.unlock();
		}
	}

	private Batch.Status statusAt(int offset) {
		if (offset < length()) {
			return Batch.Status.OPEN;
		}
		return this.ended ? Batch.Status.ENDED : Batch.Status.CAUGHT_UP;
	}

	@Override
	public String toString() {
		return "in-memory stream " + this.key;
	}

}
