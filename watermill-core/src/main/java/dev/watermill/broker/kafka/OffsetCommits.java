package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits offsets to the group of a node whose positions are kept elsewhere, for those
 * who watch its lag: now and then, and without harm if it fails. Thread-safe.
 */
final class OffsetCommits {

	private static final Logger logger = LoggerFactory.getLogger(OffsetCommits.class);

	private static final long BETWEEN_COMMITS = Duration.ofSeconds(1).toNanos();

	private final FetchTarget target;

	private volatile long wanted = -1;

	private long committed = -1;

	private long committedAt;

	OffsetCommits(FetchTarget target) {
		this.target = target;
		this.committedAt = System.nanoTime() - BETWEEN_COMMITS;
	}

	/**
	 * Ask for a commit. Called by the reader's thread.
	 */
	void want(long offset) {
		if (!this.target.covered()) {
			this.wanted = offset;
		}
	}

	/**
	 * Commit what was asked for, if it is time. Called by the consumer's thread.
	 */
	void commit(Consumer<byte[], byte[]> consumer) {
		long now = System.nanoTime();
		if (isDue() && now - this.committedAt >= BETWEEN_COMMITS) {
			this.committedAt = now;
			this.committed = this.wanted;
			consumer.commitAsync(offsets(), (offsets, ex) -> {
				if (ex != null) {
					logger.debug("The lag of group {} can't be shown", this.target.group(), ex);
				}
			});
		}
	}

	void commitLast(Consumer<byte[], byte[]> consumer) {
		if (isDue()) {
			try {
				consumer.commitSync(offsets(), Duration.ofSeconds(2));
			}
			catch (KafkaException ex) {
				logger.debug("The lag of group {} can't be shown", this.target.group(), ex);
			}
		}
	}

	private boolean isDue() {
		return this.wanted >= 0 && this.wanted != this.committed;
	}

	private Map<TopicPartition, OffsetAndMetadata> offsets() {
		return Map.of(this.target.partition(), new OffsetAndMetadata(this.wanted));
	}

}
