package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a stream that is not partitioned, or of one partition, and the marks
 * between them. A mark stands before the element of its offset. Thread-safe.
 */
final class InMemoryLog {

	private final String name;

	private final ReentrantLock lock;

	/** Whether elements may follow a mark, which begin another segment. */
	private final boolean goesOn;

	private final Condition changed;

	private Blocks blocks = new Blocks();

	/** All elements, if they were given as a list. */
	private @Nullable List<?> given;

	/** Before which elements a mark stands, the first one first. */
	private final List<Integer> marks = new ArrayList<>();

	InMemoryLog(String name, ReentrantLock lock, boolean goesOn) {
		this.name = name;
		this.lock = lock;
		this.goesOn = goesOn;
		this.changed = lock.newCondition();
	}

	boolean goesOn() {
		return this.goesOn;
	}

	/**
	 * What stands here, in the words of messages.
	 */
	String name() {
		return this.name;
	}

	void add(Collection<?> added) {
		this.lock.lock();
		try {
			if (isEnded() && !this.goesOn) {
				throw new IllegalStateException(
						"in-memory stream " + this.name + " has ended, so nothing can be appended to it");
			}
			this.blocks.addAll(added.toArray());
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Mark that the stream is over here, unless it is.
	 */
	void end() {
		this.lock.lock();
		try {
			if (!isEnded()) {
				mark();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Add a mark, be there one or not.
	 */
	void mark() {
		this.lock.lock();
		try {
			this.marks.add(size());
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	void complete(List<?> elements) {
		this.lock.lock();
		try {
			this.given = elements;
			if (!this.goesOn) {
				// a former end was that of other elements
				this.marks.clear();
			}
			end();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether the last thing that stands here is a mark.
	 */
	boolean isEnded() {
		this.lock.lock();
		try {
			return !this.marks.isEmpty() && (!this.goesOn || this.marks.get(this.marks.size() - 1) == size());
		}
		finally {
			this.lock.unlock();
		}
	}

	List<?> elements() {
		this.lock.lock();
		try {
			return (this.given != null) ? this.given : this.blocks.view(0, this.blocks.size());
		}
		finally {
			this.lock.unlock();
		}
	}

	int size() {
		this.lock.lock();
		try {
			return (this.given != null) ? this.given.size() : this.blocks.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	int marks() {
		this.lock.lock();
		try {
			return this.marks.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take back what stands behind a place.
	 * @param length how many elements stay
	 * @param ends how many marks stay
	 */
	void cut(int length, int ends) {
		this.lock.lock();
		try {
			if (size() < length) {
				throw new BrokerException("in-memory stream " + this.name + " has " + size() + " elements, but "
						+ length + " were committed. Restore it, or reset the mill.");
			}
			if (size() > length || this.given != null) {
				// readers may still look at the old ones
				Blocks kept = new Blocks();
				kept.addAll(elements().subList(0, length).toArray());
				this.blocks = kept;
				this.given = null;
			}
			while (this.marks.size() > ends) {
				this.marks.remove(this.marks.size() - 1);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	<T> InMemoryBatch<T> read(InMemoryPlace from, int limit, Duration timeout) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long nanos = timeout.toNanos();
			while (size() <= from.offset() && markBehind(from) == null && nanos > 0) {
				nanos = this.changed.awaitNanos(nanos);
			}
			InMemoryPlace place = passOver(from);
			Integer mark = markBehind(place);
			int known = (mark != null) ? mark : size();
			int to = Math.max(place.offset(), (int) Math.min((long) place.offset() + limit, known));
			return new InMemoryBatch<>(this, elements(), place, to - place.offset(), status(place, to, mark));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Pass a mark over that the stream owed.
	 */
	private InMemoryPlace passOver(InMemoryPlace place) {
		Integer mark = markBehind(place);
		return (place.owes() && mark != null && mark == place.offset()) ? place.behindMark() : place;
	}

	private Batch.Status status(InMemoryPlace place, int to, @Nullable Integer mark) {
		if (mark == null) {
			return (to < size()) ? Batch.Status.OPEN : Batch.Status.CAUGHT_UP;
		}
		return (to < mark || place.owes()) ? Batch.Status.OPEN : Batch.Status.ENDED;
	}

	private @Nullable Integer markBehind(InMemoryPlace place) {
		return (place.marks() < this.marks.size()) ? this.marks.get(place.marks()) : null;
	}

}
