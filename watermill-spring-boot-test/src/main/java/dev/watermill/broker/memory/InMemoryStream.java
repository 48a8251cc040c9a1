package dev.watermill.broker.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.InvalidElement;

/**
 * A stream in memory. Readers see what is appended here at once, and what a mill writes
 * when it was committed. Thread-safe.
 * <p>
 * A stream that is {@linkplain InMemoryBroker#stream(String, int) partitioned} is read
 * and written by the lanes of a mill, each of which has a partition. It is no batch, as a
 * topic is none: more can be appended behind its end, and a mill that is started again
 * after it completed goes on there.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public final class InMemoryStream<T> {

	private final String key;

	private final ReentrantLock lock;

	/** The partitions, or the only place of a stream that has none. */
	private final List<InMemoryLog> logs = new CopyOnWriteArrayList<>();

	private volatile boolean partitioned;

	InMemoryStream(String key, ReentrantLock lock) {
		this.key = key;
		this.lock = lock;
		this.logs.add(new InMemoryLog(key, lock, false));
	}

	private InMemoryStream(String key, ReentrantLock lock, InMemoryLog partition) {
		this.key = key;
		this.lock = lock;
		this.partitioned = true;
		this.logs.add(partition);
	}

	/**
	 * Return the key of the stream.
	 * @return the key
	 */
	public String key() {
		return this.key;
	}

	/**
	 * How many partitions there are.
	 * @return the number, 1 of a stream that is not partitioned
	 */
	public int partitions() {
		return this.logs.size();
	}

	/**
	 * Return a partition as a stream of its own, to append to it and to see what is in
	 * it.
	 * @param partition the number of the partition, from 0
	 * @return the partition
	 */
	public InMemoryStream<T> partition(int partition) {
		InMemoryLog log = this.logs.get(partition);
		return this.partitioned ? new InMemoryStream<>(log.name(), this.lock, log) : this;
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
		only().add(elements);
		return this;
	}

	/**
	 * Append what stands for an element that could not be read.
	 * @param element the invalid element
	 * @return this stream
	 */
	public InMemoryStream<T> appendInvalid(InvalidElement element) {
		only().add(List.of(element));
		return this;
	}

	/**
	 * Say that nothing more will be appended: of a stream that is partitioned, to none of
	 * its partitions for now.
	 * @return this stream
	 */
	public InMemoryStream<T> end() {
		this.logs.forEach(InMemoryLog::end);
		return this;
	}

	/**
	 * Make these the elements of the stream, all of them, and end it. The list is not
	 * copied, so it must not change any more.
	 * @param elements the elements
	 * @return this stream
	 */
	public InMemoryStream<T> complete(List<? extends T> elements) {
		only().complete(elements);
		return this;
	}

	/**
	 * Return the elements there are now; of what a mill wrote, only what was committed.
	 * @return an unmodifiable list, which stays as it is; of several partitions one
	 * behind the other
	 */
	@SuppressWarnings("unchecked")
	public List<T> elements() {
		if (this.logs.size() == 1) {
			return Collections.unmodifiableList((List<T>) this.logs.get(0).elements());
		}
		List<T> all = new ArrayList<>();
		this.logs.forEach((log) -> all.addAll((List<T>) log.elements()));
		return Collections.unmodifiableList(all);
	}

	/**
	 * Whether the stream is over.
	 * @return {@code true} if nothing more will be appended, nor to any of its partitions
	 */
	public boolean isEnded() {
		return this.logs.stream().allMatch(InMemoryLog::isEnded);
	}

	boolean isPartitioned() {
		return this.partitioned;
	}

	/**
	 * Return where a lane reads.
	 */
	InMemoryLog log(int lane) {
		if (!this.partitioned) {
			return this.logs.get(0);
		}
		if (lane >= this.logs.size()) {
			throw new BrokerException(
					this + " has " + this.logs.size() + " partitions, so none for lane " + lane + ". Give it more.");
		}
		return this.logs.get(lane);
	}

	private InMemoryLog only() {
		if (this.logs.size() > 1) {
			throw new IllegalStateException(
					this + " has " + this.logs.size() + " partitions: say which, by partition(0)");
		}
		return this.logs.get(0);
	}

	/**
	 * See to it that there are so many partitions.
	 * @throws IllegalStateException if there are more, or something stands here that has
	 * no partition
	 */
	void partitions(int count) {
		this.lock.lock();
		try {
			if (!this.partitioned) {
				InMemoryLog former = this.logs.get(0);
				if (former.size() > 0 || former.marks() > 0) {
					throw new IllegalStateException(this + " is not partitioned, and not empty");
				}
				this.partitioned = true;
				this.logs.clear();
			}
			if (count < this.logs.size()) {
				throw new IllegalStateException(
						this + " has " + this.logs.size() + " partitions, which can't become " + count);
			}
			while (this.logs.size() < count) {
				this.logs.add(new InMemoryLog(this.key + "-" + this.logs.size(), this.lock, true));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public String toString() {
		return "in-memory stream " + this.key;
	}

}
