package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What was fetched of one partition, for those who read it: the two sides of a self-join
 * read one feed, as long as their distance fits its share of the buffer. This is where
 * elements change hands from the thread that fetches to those of the lanes. Thread-safe.
 */
final class PartitionFeed {

	private final Fetch fetch;

	private final FetchTarget target;

	private final ReentrantLock lock;

	/** What a reader waits for: a chunk, a failure, the end. */
	private final Condition changed;

	private final OffsetCommits offsets;

	private final PartitionEnd end = new PartitionEnd();

	private final List<FeedPlace> places = new ArrayList<>();

	private State state = State.JOINED;

	private List<KafkaPosition> positions = List.of();

	/** What the slowest reader has taken. */
	private @Nullable TopicChunk first;

	private @Nullable TopicChunk last;

	private @Nullable Throwable failure;

	/** Whether there is enough for now. */
	private boolean full;

	/**
	 * How many chunks were taken since the last commit; one at most if a reader found
	 * none since.
	 */
	private int taken;

	/** How many readers wait for a chunk. */
	private int waiting;

	/**
	 * Create a feed that readers may join.
	 * @param lock the lock of the fetch, which holds whatever is asked of it in one go
	 */
	PartitionFeed(Fetch fetch, FetchTarget target, ReentrantLock lock) {
		this.fetch = fetch;
		this.target = target;
		this.lock = lock;
		this.changed = lock.newCondition();
		this.offsets = new OffsetCommits(target);
	}

	FetchTarget target() {
		return this.target;
	}

	OffsetCommits offsets() {
		return this.offsets;
	}

	PartitionEnd end() {
		return this.end;
	}

	/**
	 * Let a reader in, unless fetching has begun.
	 * @param from where it begins
	 * @return its place, {@code null} if it is too late, or too far from others
	 */
	@Nullable FeedPlace join(KafkaPosition from) {
		return locked(() -> {
			boolean near = this.places.stream()
				.allMatch((place) -> Math.abs(place.from().offset() - from.offset()) < this.fetch.elementsEach() / 2);
			if (this.state != State.JOINED || !near) {
				return null;
			}
			FeedPlace place = new FeedPlace(this, from);
			this.places.add(place);
			return place;
		});
	}

	/**
	 * Return the next chunk for a reader.
	 * @return the chunk, {@code null} if none came in time
	 * @throws RuntimeException if fetching failed behind what was taken
	 */
	@Nullable TopicChunk next(FeedPlace place, Duration timeout) throws InterruptedException {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			begin();
			if (this.last == null) {
				requireSound();
			}
			while (true) {
				TopicChunk next = place.taken().next();
				if (next != null) {
					place.take(next);
					this.taken++;
					letGo();
					turn();
					return next;
				}
				this.taken = Math.min(this.taken, 1);
				requireSound();
				if (left <= 0 || isHeldUp() || place.isWoken()) {
					place.woken(false);
					return null;
				}
				left = await(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private long await(long nanos) throws InterruptedException {
		this.waiting++;
		try {
			return this.changed.awaitNanos(nanos);
		}
		finally {
			this.waiting--;
		}
	}

	/**
	 * Take note that a reader's lane has committed: it is the turn of others now.
	 */
	void committed() {
		locked(() -> {
			this.taken = 0;
			turn();
			return this.state;
		});
	}

	/**
	 * Let the one at a place wait no more.
	 */
	void wakeUp(FeedPlace place) {
		locked(() -> {
			place.woken(true);
			this.changed.signalAll();
			return null;
		});
	}

	private void begin() {
		if (this.state != State.JOINED) {
			return;
		}
		this.positions = this.places.stream()
			.map(FeedPlace::from)
			.sorted(Comparator.comparingLong(KafkaPosition::offset))
			.toList();
		TopicChunk start = new TopicChunk(this.target.partition(), null, 0, this.positions.get(0).offset(), null);
		this.places.forEach((place) -> place.take(start));
		this.first = start;
		this.last = start;
		this.state = State.READ;
		this.fetch.begin(this);
	}

	/**
	 * Part what every reader is beyond from what follows. A chunk that has become old
	 * would keep alive all that were read after it, dead as it is, until the whole heap
	 * is collected: each would be copied and become old in its turn.
	 */
	private void letGo() {
		TopicChunk oldest = this.first;
		while (oldest != null && oldest.next() != null && !isStoodAt(oldest)) {
			oldest = oldest.part();
		}
		this.first = oldest;
	}

	private boolean isStoodAt(TopicChunk chunk) {
		for (FeedPlace place : this.places) {
			if (place.taken() == chunk) {
				return true;
			}
		}
		return false;
	}

	private void requireSound() {
		if (this.failure != null) {
			throw KafkaFailures.translate(this.target.topic().message("can't be read"), this.failure);
		}
	}

	/**
	 * Fail if fetching failed, though not all before it was taken.
	 */
	void verify() {
		locked(() -> {
			requireSound();
			return this.state;
		});
	}

	/**
	 * Whether nothing more is fetched for a reader until a slower one has come closer.
	 */
	boolean isHeldUp(FeedPlace place) {
		return locked(() -> this.state == State.READ && place.taken().next() == null && isHeldUp());
	}

	private boolean isHeldUp() {
		return this.places.size() > 1 && isSomebodyBehind();
	}

	/**
	 * Let go of a place.
	 */
	void leave(FeedPlace place) {
		this.lock.lock();
		try {
			this.places.remove(place);
			if (!this.places.isEmpty()) {
				letGo();
				turn();
				return;
			}
			if (this.state == State.JOINED) {
				this.state = State.OVER;
			}
			else if (this.state == State.READ) {
				this.state = State.LEFT;
				turn();
			}
		}
		finally {
			this.lock.unlock();
		}
		this.fetch.leave(this);
	}

	/**
	 * Wait until nothing is done any more for a feed that was left.
	 */
	void awaitEnd(Duration timeout) throws InterruptedException {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			while (this.state != State.OVER && left > 0) {
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What is the matter with this feed. With the lock held, it stays so.
	 */
	State state() {
		return locked(() -> this.state);
	}

	/**
	 * Whether nothing is to be read of it any more. With the lock held, it stays so.
	 */
	boolean isLeft() {
		return state() == State.LEFT || state() == State.OVER;
	}

	/**
	 * Whether nothing is to be fetched until somebody has taken something.
	 */
	boolean isFull() {
		return locked(() -> this.full);
	}

	/**
	 * See whether this became full, or is so no more.
	 */
	private void turn() {
		boolean now = this.state == State.READ && (isSomebodyBehind() || isEnoughToBegin());
		if (now != this.full) {
			this.full = now;
			this.fetch.turned(this, now);
		}
	}

	/**
	 * Whether somebody is too far behind to go on.
	 */
	private boolean isSomebodyBehind() {
		TopicChunk newest = this.last;
		if (newest == null) {
			return false;
		}
		long elements = this.fetch.elementsEach();
		long bytes = this.fetch.bytesEach();
		for (FeedPlace place : this.places) {
			if (newest.totalElements() - place.taken().totalElements() >= elements
					|| newest.totalBytes() - place.taken().totalBytes() >= bytes) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether a lane that does not work just now finds enough when it is its turn. More
	 * would be fetched instead of what the lane needs that does work, and would have left
	 * the processor's caches until its turn comes.
	 */
	private boolean isEnoughToBegin() {
		TopicChunk newest = this.last;
		if (newest == null || this.taken > 1 || this.waiting > 0) {
			return false;
		}
		long first = this.places.stream().mapToLong((place) -> place.taken().totalElements()).max().orElse(0);
		return newest.totalElements() - first >= this.fetch.elementsToBegin();
	}

	/**
	 * Where the readers begin, the first of them first.
	 */
	List<KafkaPosition> positions() {
		return locked(() -> this.positions);
	}

	/**
	 * The chunk behind which the next one comes.
	 */
	TopicChunk last() {
		return locked(() -> Objects.requireNonNull(this.last, "fetching has not begun"));
	}

	void append(TopicChunk chunk) {
		locked(() -> {
			last().leadTo(chunk);
			this.last = chunk;
			turn();
			this.changed.signalAll();
			return chunk;
		});
	}

	/**
	 * Give nothing more.
	 * @param problem why, {@code null} if everybody left
	 */
	void end(@Nullable Throwable problem) {
		locked(() -> {
			this.failure = problem;
			this.state = State.OVER;
			turn();
			this.changed.signalAll();
			return this.state;
		});
	}

	private <V extends @Nullable Object> V locked(Supplier<V> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What a feed goes through.
	 */
	enum State {

		/** Readers may join. */
		JOINED,

		/** It is read. */
		READ,

		/** Everybody left, and the thread that fetches has yet to see it. */
		LEFT,

		/** Nothing is fetched any more. */
		OVER

	}

}
