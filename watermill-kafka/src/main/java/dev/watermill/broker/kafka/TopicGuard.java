package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a topic stays what it is while it is read: one that was made anew under
 * its name would be read on without a word otherwise, and what is new in it be lost; and
 * so would new partitions of one that is read as a whole. Used by one thread.
 */
final class TopicGuard {

	/** How often a topic is checked, and how often at most where it shows marks. */
	private static final long BETWEEN_CHECKS = Duration.ofSeconds(5).toNanos();

	private static final long BETWEEN_MARKS = Duration.ofMillis(100).toNanos();

	/** How long an answer tells of the marks that lanes find at the ends of theirs. */
	private static final long BETWEEN_ENDS = Duration.ofMillis(5).toNanos();

	private final KafkaTopic topic;

	private final Admin admin;

	/** The answer that is awaited. */
	private @Nullable KafkaFuture<TopicDescription> answer;

	private long askedAt;

	private String id = "";

	/** How many partitions are merged, if they are. */
	private final int merged;

	TopicGuard(FetchTarget target, Admin admin) {
		this.topic = target.topic();
		this.merged = target.partitions();
		this.admin = admin;
	}

	/**
	 * Check the topic before a lane reads it.
	 * @param found what the cluster says of it
	 * @param target what the lane reads
	 * @param positions where it is read from
	 * @return the id of the topic
	 * @throws BrokerException if it is not what was read before
	 */
	String open(TopicDescription found, FetchTarget target, List<KafkaPosition> positions) {
		String now = found.topicId().toString();
		for (KafkaPosition position : positions) {
			if (position.topic() != null && !position.topic().equals(now)) {
				throw another(position.topic(), now);
			}
		}
		if (!this.id.isEmpty() && !this.id.equals(now)) {
			throw another(this.id, now);
		}
		this.id = now;
		PartitionCount count = new PartitionCount(this.topic, found.partitions().size());
		if (positions.stream().anyMatch((position) -> position.topic() != null)) {
			count.requireUnchanged(this.merged);
		}
		count.requireReadable(target.lane());
		return now;
	}

	/**
	 * Check the topic now and then, without waiting for the answer.
	 */
	void check() {
		KafkaFuture<TopicDescription> awaited = this.answer;
		if (awaited == null) {
			if (System.nanoTime() - this.askedAt >= BETWEEN_CHECKS) {
				this.answer = ask();
			}
		}
		else if (awaited.isDone()) {
			this.answer = null;
			try {
				require(TopicAdmin.await(problem(), awaited));
			}
			catch (BrokerUnavailableException ex) {
				// what reads the topic finds out itself
			}
		}
	}

	/**
	 * Check the topic where a mark was seen: nobody checks it any more once the lane
	 * completed.
	 * @param last whether it is the last record that is there
	 */
	void checkAtMark(boolean last) {
		if (System.nanoTime() - this.askedAt >= (last ? BETWEEN_ENDS : BETWEEN_MARKS)) {
			checkNow();
		}
	}

	private void require(TopicDescription found) {
		String now = found.topicId().toString();
		if (!now.equals(this.id)) {
			throw another(this.id, now);
		}
		// that there are fewer is said by brokers only that have yet to hear of the
		// others
		new PartitionCount(this.topic, found.partitions().size()).requireUnchanged(this.merged);
	}

	/**
	 * Check the topic now, since what stood in it is gone.
	 */
	void checkNow() {
		this.answer = null;
		require(TopicAdmin.await(problem(), ask()));
	}

	private BrokerException another(String before, String now) {
		return DataLossException.anew(this.topic, before, now);
	}

	/**
	 * Ask what the topic is now.
	 */
	KafkaFuture<TopicDescription> ask() {
		this.askedAt = System.nanoTime();
		return Objects.requireNonNull(
				this.admin.describeTopics(List.of(this.topic.name())).topicNameValues().get(this.topic.name()));
	}

	/**
	 * What to say if there is no answer.
	 */
	String problem() {
		return this.topic.message("can't be looked at");
	}

}
