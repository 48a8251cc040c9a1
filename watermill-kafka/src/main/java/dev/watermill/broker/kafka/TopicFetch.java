package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a partition and decodes it on a thread of its own, ahead of those who read it:
 * the merge and the function work while the next elements are decoded. The two sides of a
 * self-join share one fetch, as long as their distance fits its buffer. Thread-safe.
 */
final class TopicFetch {

	/** How much is fetched ahead of the slowest reader. */
	static final int MOST_ELEMENTS = 20_000;

	private static final long MOST_BYTES = KafkaConnection.shareOfHeap(32L * 1024 * 1024);

	private static final Duration BETWEEN_CHECKS = Duration.ofMillis(100);

	private final FetchTarget target;

	private final RecordDecoding decoding;

	private final OffsetCommits offsets;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition arrived = this.lock.newCondition();

	private final Condition taken = this.lock.newCondition();

	private final List<Place> places = new ArrayList<>();

	private @Nullable Thread thread;

	private @Nullable TopicChunk last;

	private @Nullable Throwable failure;

	private volatile boolean closed;

	private volatile @Nullable Consumer<byte[], byte[]> consumer;

	private volatile @Nullable PartitionConsumer partition;

	TopicFetch(FetchTarget target, RecordDecoding decoding) {
		this.target = target;
		this.decoding = decoding;
		this.offsets = new OffsetCommits(target);
	}

	FetchTarget target() {
		return this.target;
	}

	RecordDecoding decoding() {
		return this.decoding;
	}

	OffsetCommits offsets() {
		return this.offsets;
	}

	/**
	 * Let a reader in, unless fetching has begun.
	 * @param from where it begins
	 * @return its place, {@code null} if it is too late, or too far from others
	 */
	@Nullable Place join(KafkaPosition from) {
		this.lock.lock();
		try {
			boolean near = this.places.stream()
				.allMatch((place) -> Math.abs(place.from.offset() - from.offset()) < MOST_ELEMENTS / 2);
			if (this.thread != null || this.closed || !near) {
				return null;
			}
			Place place = new Place(from);
			this.places.add(place);
			return place;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the next chunk for a reader.
	 * @return the chunk, {@code null} if none came in time
	 * @throws RuntimeException if fetching failed behind what was taken
	 */
	@Nullable TopicChunk next(Place place, Duration timeout) throws InterruptedException {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			start();
			while (true) {
				TopicChunk next = place.taken().next();
				if (next != null) {
					place.last = next;
					this.taken.signal();
					return next;
				}
				requireSound();
				if (left <= 0 || isHeldUp()) {
					return null;
				}
				left = this.arrived.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Fail if fetching failed, though not all before it was taken.
	 */
	void verify() {
		this.lock.lock();
		try {
			requireSound();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void requireSound() {
		if (this.failure != null) {
			throw KafkaFailures.translate(this.target.topic().message("can't be read"), this.failure);
		}
	}

	/**
	 * Whether nothing more is fetched until a slower reader has come closer.
	 */
	boolean isHeldUp(Place place) {
		this.lock.lock();
		try {
			return this.thread != null && place.taken().next() == null && isHeldUp();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isHeldUp() {
		return this.places.size() > 1 && isFull();
	}

	private boolean isFull() {
		TopicChunk newest = this.last;
		if (newest == null) {
			return false;
		}
		long elements = newest.totalElements();
		long bytes = newest.totalBytes();
		for (Place place : this.places) {
			if (elements - place.taken().totalElements() >= MOST_ELEMENTS
					|| bytes - place.taken().totalBytes() >= MOST_BYTES) {
				return true;
			}
		}
		return false;
	}

	private void start() {
		if (this.thread != null) {
			return;
		}
		List<KafkaPosition> positions = this.places.stream()
			.map((place) -> place.from)
			.sorted(Comparator.comparingLong(KafkaPosition::offset))
			.toList();
		TopicChunk start = new TopicChunk(this.target.partition(), null, 0, positions.get(0).offset(), null);
		this.places.forEach((place) -> place.last = start);
		this.last = start;
		Thread fetcher = new Thread(() -> run(positions), this.target.lane() + "-" + this.target.topic().stream());
		fetcher.setDaemon(true);
		this.thread = fetcher;
		fetcher.start();
	}

	private void run(List<KafkaPosition> positions) {
		try (RecordDecoding open = this.decoding;
				TopicGuard guard = new TopicGuard(this.target.connection(), this.target.topic())) {
			Consumer<byte[], byte[]> client = this.target.connection()
				.consumer(this.target.group(), String.valueOf(this.target.lane().lane()),
						this.target.topic().clientSettings());
			try {
				this.consumer = client;
				fetch(client, new PartitionConsumer(this.target, open, client, guard), positions);
				this.offsets.commitLast(client);
			}
			finally {
				// a fetch that is on its way is not worth waiting for
				client.close(CloseOptions.timeout(Duration.ZERO));
			}
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	private void fetch(Consumer<byte[], byte[]> client, PartitionConsumer source, List<KafkaPosition> positions)
			throws InterruptedException {
		this.partition = source;
		try {
			if (!this.closed) {
				source.begin(positions);
			}
			while (!this.closed) {
				this.offsets.commit(client);
				TopicChunk newest = awaitRoom();
				if (newest != null) {
					source.poll(newest, this::append);
				}
				else {
					source.lookAtEnd();
				}
			}
		}
		catch (WakeupException ex) {
			// closed
		}
	}

	/**
	 * Wait until there is room for more.
	 * @return the chunk behind which it comes, {@code null} if there is no room yet
	 */
	private @Nullable TopicChunk awaitRoom() throws InterruptedException {
		this.lock.lock();
		try {
			if (isFull()) {
				this.taken.await(BETWEEN_CHECKS.toNanos(), TimeUnit.NANOSECONDS);
			}
			return isFull() ? null : this.last;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void append(TopicChunk chunk) {
		this.lock.lock();
		try {
			TopicChunk newest = this.last;
			if (newest != null) {
				newest.leadTo(chunk);
			}
			this.last = chunk;
			this.arrived.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void fail(Throwable problem) {
		this.lock.lock();
		try {
			this.failure = problem;
			this.arrived.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether nothing is behind what a reader took.
	 * @param offset behind all it took
	 */
	boolean isCaughtUp(long offset) {
		PartitionConsumer source = this.partition;
		return source != null && source.isCaughtUp(offset);
	}

	OptionalDouble progress(long offset) {
		PartitionConsumer source = this.partition;
		return (source != null) ? source.progress(offset) : OptionalDouble.empty();
	}

	long knownEnd() {
		PartitionConsumer source = this.partition;
		return (source != null) ? source.knownEnd() : -1;
	}

	/**
	 * Let go of a place. With the last one fetching ends.
	 */
	void leave(Place place) {
		Thread running;
		this.lock.lock();
		try {
			this.places.remove(place);
			this.taken.signal();
			if (!this.places.isEmpty()) {
				return;
			}
			this.closed = true;
			running = this.thread;
		}
		finally {
			this.lock.unlock();
		}
		if (running == null) {
			this.decoding.close();
			return;
		}
		Consumer<byte[], byte[]> client = this.consumer;
		if (client != null) {
			client.wakeup();
		}
		try {
			// its last commit is worth waiting for
			running.join(KafkaConnection.PATIENCE.plus(OffsetCommits.LAST_COMMIT).toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * How far one reader has come.
	 */
	static final class Place {

		private final KafkaPosition from;

		private @Nullable TopicChunk last;

		Place(KafkaPosition from) {
			this.from = from;
		}

		private TopicChunk taken() {
			if (this.last == null) {
				throw new IllegalStateException("fetching has not begun");
			}
			return this.last;
		}

	}

}
