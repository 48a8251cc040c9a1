package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a topic and decodes it on a thread of its own, ahead of those who read it: the
 * merge and the function work while the next elements are decoded. It serves any number
 * of partitions, for as many lanes: they share the thread, the consumer and the buffer,
 * of which each has an equal part, and one whose part is full pauses. Partitions come and
 * go while others are read. Thread-safe.
 */
final class TopicFetch implements Fetch {

	/** How much is fetched ahead of the slowest reader, of all partitions together. */
	static final int MOST_ELEMENTS = 20_000;

	private static final long MOST_BYTES = KafkaConnection.shareOfHeap(32L * 1024 * 1024);

	private static final Duration BETWEEN_CHECKS = Duration.ofMillis(100);

	/** What is read first of the topic. */
	private final FetchTarget target;

	private final RecordDecoding decoding;

	private final ReentrantLock lock = new ReentrantLock();

	/** What the thread waits for: that something was taken, or is to be read. */
	private final Condition room = this.lock.newCondition();

	private final Map<TopicPartition, PartitionFeed> feeds = new LinkedHashMap<>();

	private @Nullable Thread thread;

	private volatile boolean closed;

	private volatile @Nullable Consumer<byte[], byte[]> consumer;

	TopicFetch(FetchTarget target, RecordDecoding decoding) {
		this.target = target;
		this.decoding = decoding;
	}

	/**
	 * Let a reader in, unless its partition is read already.
	 * @param reader what it reads
	 * @param from where it begins
	 * @return its place, {@code null} if it is too late, or too far from others
	 */
	@Nullable FeedPlace join(FetchTarget reader, KafkaPosition from) {
		this.lock.lock();
		try {
			if (this.closed) {
				return null;
			}
			return this.feeds
				.computeIfAbsent(reader.partition(), (partition) -> new PartitionFeed(this, reader, this.lock))
				.join(from);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void begin() {
		if (this.thread == null) {
			Thread fetcher = new Thread(this::run, this.target.lane().mill() + "-" + this.target.topic().stream());
			fetcher.setDaemon(true);
			this.thread = fetcher;
			fetcher.start();
		}
		this.room.signal();
	}

	@Override
	public void roomMade() {
		this.room.signal();
	}

	@Override
	public long elementsEach() {
		return MOST_ELEMENTS / Math.max(1, this.feeds.size());
	}

	@Override
	public long bytesEach() {
		return MOST_BYTES / Math.max(1, this.feeds.size());
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Return what is read, or was until now.
	 */
	List<PartitionFeed> feeds() {
		this.lock.lock();
		try {
			return this.feeds.values().stream().filter((feed) -> feed.state() != PartitionFeed.State.JOINED).toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until there is room in any feed, at most for a moment.
	 * @param read the feeds that are read
	 * @return those that are full
	 */
	Set<PartitionFeed> awaitRoom(Set<PartitionFeed> read) throws InterruptedException {
		this.lock.lock();
		try {
			Set<PartitionFeed> full = full(read);
			if (full.size() < read.size()) {
				return full;
			}
			this.room.await(BETWEEN_CHECKS.toNanos(), TimeUnit.NANOSECONDS);
			return full(read);
		}
		finally {
			this.lock.unlock();
		}
	}

	private Set<PartitionFeed> full(Set<PartitionFeed> read) {
		Set<PartitionFeed> full = new HashSet<>();
		for (PartitionFeed feed : read) {
			if (feed.isFull(elementsEach(), bytesEach())) {
				full.add(feed);
			}
		}
		return full;
	}

	/**
	 * Forget a feed that everybody left, so that others may read its partition from
	 * elsewhere.
	 */
	void forget(PartitionFeed feed) {
		this.lock.lock();
		try {
			this.feeds.remove(feed.target().partition(), feed);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		try (RecordDecoding open = this.decoding;
				TopicGuard guard = new TopicGuard(this.target.connection(), this.target.topic())) {
			Consumer<byte[], byte[]> client = this.target.connection()
				.consumer(this.target.group(), String.valueOf(this.target.lane().lane()),
						this.target.topic().clientSettings());
			try {
				this.consumer = client;
				new FetchLoop(this, open, guard, client).run();
			}
			finally {
				// a fetch that is on its way is not worth waiting for
				client.close(CloseOptions.timeout(Duration.ZERO));
			}
			end(null);
		}
		catch (Throwable ex) {
			end(ex);
		}
	}

	private void end(@Nullable Throwable problem) {
		this.lock.lock();
		try {
			this.closed = true;
			this.feeds.values().forEach((feed) -> feed.end(problem));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let go of a feed that everybody left. With the last one fetching ends.
	 */
	@Override
	public void leave(PartitionFeed feed) {
		Thread running;
		boolean last;
		this.lock.lock();
		try {
			if (feed.state() == PartitionFeed.State.OVER) {
				this.feeds.remove(feed.target().partition(), feed);
			}
			last = this.feeds.values().stream().allMatch(PartitionFeed::isLeft);
			this.closed |= last;
			running = this.thread;
			this.room.signal();
		}
		finally {
			this.lock.unlock();
		}
		if (last) {
			this.target.connection().fetches().forget(this);
		}
		try {
			end(feed, last, running);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void end(PartitionFeed feed, boolean last, @Nullable Thread running) throws InterruptedException {
		// its last commit is worth waiting for
		Duration patience = KafkaConnection.PATIENCE.plus(OffsetCommits.LAST_COMMIT);
		if (running == null) {
			if (last) {
				this.decoding.close();
			}
		}
		else if (last) {
			Consumer<byte[], byte[]> client = this.consumer;
			if (client != null) {
				client.wakeup();
			}
			running.join(patience.toMillis());
		}
		else {
			feed.awaitEnd(patience);
		}
	}

}
