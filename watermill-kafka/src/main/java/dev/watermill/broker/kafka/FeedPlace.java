package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How far one reader of a feed has come. Used by the reader's thread; what it has taken
 * is asked for under the lock of the feed only.
 */
final class FeedPlace {

	private final PartitionFeed feed;

	private final KafkaPosition from;

	private @Nullable TopicChunk last;

	/** Whether nobody is to wait here now. */
	private boolean woken;

	FeedPlace(PartitionFeed feed, KafkaPosition from) {
		this.feed = feed;
		this.from = from;
	}

	/**
	 * Where the reader begins.
	 */
	KafkaPosition from() {
		return this.from;
	}

	TopicChunk taken() {
		return Objects.requireNonNull(this.last, "fetching has not begun");
	}

	void take(TopicChunk chunk) {
		this.last = chunk;
	}

	/**
	 * Let the one who waits for the next chunk wait no more.
	 */
	void wakeUp() {
		this.feed.wakeUp(this);
	}

	void woken(boolean isWoken) {
		this.woken = isWoken;
	}

	boolean isWoken() {
		return this.woken;
	}

	/**
	 * Return the next chunk.
	 * @return the chunk, {@code null} if none came in time
	 * @throws RuntimeException if fetching failed behind what was taken
	 */
	@Nullable TopicChunk next(Duration timeout) throws InterruptedException {
		return this.feed.next(this, timeout);
	}

	/**
	 * Whether nothing more is fetched until a slower reader has come closer.
	 */
	boolean isHeldUp() {
		return this.feed.isHeldUp(this);
	}

	/**
	 * Fail if fetching failed, though not all before it was taken.
	 */
	void verify() {
		this.feed.verify();
	}

	PartitionEnd end() {
		return this.feed.end();
	}

	/**
	 * Note what the reader's lane has committed.
	 * @param offset where the partition is taken up again
	 */
	void committed(long offset) {
		this.feed.offsets().want(offset);
		this.feed.committed();
	}

	/**
	 * Let go of this place.
	 */
	void leave() {
		this.feed.leave(this);
	}

}
