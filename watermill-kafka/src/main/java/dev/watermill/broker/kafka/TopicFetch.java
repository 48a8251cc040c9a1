package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
 * go while others are read; whoever comes or goes waits for nobody. Thread-safe.
 */
final class TopicFetch implements Fetch {

	/** How much is fetched ahead of the slowest reader of a partition. */
	static final int MOST_ELEMENTS = 20_000;

	/**
	 * ... and of all partitions together. Lanes that work in turns have to find enough,
	 * when it is their turn, that changing over costs little beside.
	 */
	private static final int ALL_ELEMENTS = 240_000;

	private static final long MOST_BYTES = KafkaConnection.shareOfHeap(32L * 1024 * 1024);

	/** What each partition may have, however many there are. */
	private static final long LEAST_BYTES = 64 * 1024;

	private static final Duration BETWEEN_CHECKS = Duration.ofMillis(100);

	/** How long the last one who leaves waits for the thread, which seldom takes it. */
	private static final Duration LAST_LEAVE = Duration.ofSeconds(1);

	/** What is read first of the topic. */
	private final FetchTarget target;

	private final RecordDecoding decoding;

	private final ReentrantLock lock = new ReentrantLock();

	/** What the thread waits for: that something was taken, or is to be read. */
	private final Condition room = this.lock.newCondition();

	/** Those that readers may join, or that are read. */
	private final Map<TopicPartition, PartitionFeed> feeds = new HashMap<>();

	/** Those that not everybody left. */
	private final Set<PartitionFeed> present = new HashSet<>();

	private List<PartitionFeed> begun = new ArrayList<>();

	private List<PartitionFeed> left = new ArrayList<>();

	private Set<PartitionFeed> turned = new HashSet<>();

	/** How many of those that are read are full. */
	private int full;

	/** Whether there is something that the thread has yet to see. */
	private boolean woken;

	/** Whether the thread waits for records, so that it is to be woken. */
	private boolean polling;

	private @Nullable Thread thread;

	private volatile boolean closed;

	private @Nullable Consumer<byte[], byte[]> consumer;

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
			PartitionFeed feed = this.feeds.computeIfAbsent(reader.partition(),
					(partition) -> new PartitionFeed(this, reader, this.lock));
			this.present.add(feed);
			return feed.join(from);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void begin(PartitionFeed feed) {
		this.begun.add(feed);
		if (this.thread == null) {
			Thread fetcher = new Thread(this::run, this.target.lane().mill() + "-" + this.target.topic().stream());
			fetcher.setDaemon(true);
			this.thread = fetcher;
			fetcher.start();
		}
		wake();
	}

	@Override
	public void turned(PartitionFeed feed, boolean isFull) {
		this.full += isFull ? 1 : -1;
		this.turned.add(feed);
		if (!isFull) {
			wake();
		}
	}

	@Override
	public long elementsEach() {
		return Math.max(Math.min(MOST_ELEMENTS, ALL_ELEMENTS / Math.max(1, this.present.size())), FetchSize.POLL);
	}

	@Override
	public long elementsToBegin() {
		// one that is alone has every turn
		return (this.present.size() > 1) ? FetchSize.POLL : Long.MAX_VALUE;
	}

	@Override
	public long bytesEach() {
		return Math.max(MOST_BYTES / Math.max(1, this.present.size()), LEAST_BYTES);
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Let the thread see at once what has changed.
	 */
	void wake() {
		this.lock.lock();
		try {
			this.woken = true;
			this.room.signal();
			Consumer<byte[], byte[]> waiting = this.consumer;
			if (this.polling && waiting != null) {
				this.polling = false;
				waiting.wakeup();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return what has changed since this was called last.
	 * @param all whether the partitions may come and go just now
	 */
	Changes changes(boolean all) {
		this.lock.lock();
		try {
			this.woken = false;
			Set<PartitionFeed> nowTurned = this.turned;
			this.turned = new HashSet<>();
			if (!all) {
				return new Changes(List.of(), List.of(), nowTurned);
			}
			Changes changes = new Changes(this.left, this.begun, nowTurned);
			this.left = new ArrayList<>();
			this.begun = new ArrayList<>();
			return changes;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Begin to wait for records, unless there is something else to do.
	 * @param read how many partitions are read
	 * @return whether to wait for records; if not, all are full, or there are none
	 */
	boolean beginPoll(int read) throws InterruptedException {
		this.lock.lock();
		try {
			if (this.woken) {
				return false;
			}
			if (this.full < read) {
				this.polling = true;
				return true;
			}
			this.room.await(BETWEEN_CHECKS.toNanos(), TimeUnit.NANOSECONDS);
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	void endPoll() {
		this.lock.lock();
		try {
			this.polling = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let others read the partition of a feed that is over, though not everybody left it.
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
		KafkaConnection connection = this.target.connection();
		try (RecordDecoding open = this.decoding; SharedAdmin.Use admin = connection.admin()) {
			Consumer<byte[], byte[]> client = connection.fetcher(this.target);
			try {
				this.lock.lock();
				this.consumer = client;
				this.lock.unlock();
				new FetchLoop(this, this.target, open, admin.client(), client).run();
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
			this.polling = false;
			this.present.forEach((feed) -> feed.end(problem));
			this.left.forEach((feed) -> feed.end(problem));
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
			this.feeds.remove(feed.target().partition(), feed);
			this.present.remove(feed);
			if (feed.state() == PartitionFeed.State.LEFT) {
				this.left.add(feed);
			}
			last = this.present.isEmpty();
			this.closed |= last;
			running = this.thread;
			wake();
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
		boolean owes = feed.offsets().isOwed();
		// its last commit is worth waiting for
		Duration patience = owes ? KafkaConnection.PATIENCE.plus(OffsetCommits.LAST_COMMIT) : LAST_LEAVE;
		if (running == null) {
			if (last) {
				this.decoding.close();
			}
		}
		else if (last) {
			running.join(patience.toMillis());
		}
		else if (owes) {
			feed.awaitEnd(patience);
		}
	}

	/**
	 * What the thread has to see to.
	 *
	 * @param left the feeds that everybody left
	 * @param begun the feeds that are to be read
	 * @param turned the feeds that became full, or are so no more
	 */
	record Changes(List<PartitionFeed> left, List<PartitionFeed> begun, Set<PartitionFeed> turned) {

	}

}
