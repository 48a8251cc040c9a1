package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits offsets to the group of a node whose positions are kept elsewhere, for those
 * who watch its lag: now and then, and without harm if it fails. Thread-safe.
 */
final class OffsetCommits {

	private static final Logger logger = LoggerFactory.getLogger(OffsetCommits.class);

	private static final long BETWEEN_COMMITS = Duration.ofSeconds(1).toNanos();

	/** How long the last commit may take, which nobody does again. */
	static final Duration LAST_COMMIT = KafkaConnection.PATIENCE;

	private final FetchTarget target;

	/** Where the stream is taken up again as of the last commit, whoever keeps that. */
	private volatile long needed = -1;

	private volatile long wanted = -1;

	/** What was asked of the broker last, and what it confirmed. */
	private long sent = -1;

	private volatile long confirmed = -1;

	private long sentAt;

	OffsetCommits(FetchTarget target) {
		this.target = target;
		this.sentAt = System.nanoTime() - BETWEEN_COMMITS;
	}

	/**
	 * Ask for a commit. Called by the reader's thread.
	 */
	void want(long offset) {
		this.needed = offset;
		if (!this.target.covered()) {
			this.wanted = offset;
		}
	}

	/**
	 * Where the stream is taken up again, -1 if nothing was committed yet.
	 */
	long needed() {
		return this.needed;
	}

	/**
	 * Whether something was asked for that is not known to be committed.
	 */
	boolean isOwed() {
		return this.wanted >= 0 && this.wanted != this.confirmed;
	}

	/**
	 * Commit what was asked for, if it is time. Called by the consumer's thread.
	 */
	void commit(Consumer<byte[], byte[]> consumer) {
		long now = System.nanoTime();
		long offset = this.wanted;
		if (offset < 0 || offset == this.sent || now - this.sentAt < BETWEEN_COMMITS) {
			return;
		}
		this.sentAt = now;
		this.sent = offset;
		// answered, if at all, on this thread
		consumer.commitAsync(offsets(offset), (offsets, ex) -> {
			if (ex == null) {
				this.confirmed = offset;
			}
			else {
				this.sent = -1;
				logger.debug("The lag of group {} can't be shown", this.target.group(), ex);
			}
		});
	}

	/**
	 * Commit what was asked for last, unless it was confirmed: what is only on its way
	 * would be lost with the consumer.
	 */
	void commitLast(Consumer<byte[], byte[]> consumer) {
		long offset = this.wanted;
		if (offset < 0 || offset == this.confirmed) {
			return;
		}
		try {
			try {
				consumer.commitSync(offsets(offset), LAST_COMMIT);
			}
			catch (WakeupException ex) {
				// meant for the poll that was not going on then
				consumer.commitSync(offsets(offset), LAST_COMMIT);
			}
		}
		catch (KafkaException ex) {
			logger.warn("The consumer group {} does not show how far its topic was read: {}", this.target.group(),
					ex.toString());
		}
	}

	private Map<TopicPartition, OffsetAndMetadata> offsets(long offset) {
		return Map.of(this.target.partition(), new OffsetAndMetadata(offset,
				PositionText.of(PositionText.Kind.LAG, this.target.place(), null).toString()));
	}

}
