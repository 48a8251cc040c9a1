package dev.watermill.broker.kafka;

import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How much is fetched in one go. Of a topic of many partitions, all of which one instance
 * may have to read, it is less of each, so that what all of them hold stays bounded.
 */
final class FetchSize {

	/**
	 * How many records one poll takes, unless the user says something else: the client's
	 * own number. What is decoded of one is handed over at once, so that the merge finds
	 * it in the caches; with 2,000 no join was faster.
	 */
	static final int POLL = ConsumerConfig.DEFAULT_MAX_POLL_RECORDS;

	private static final long ALL_BYTES = 64L * 1024 * 1024;

	private static final long MOST_BYTES = KafkaConnection.shareOfHeap(4L * 1024 * 1024);

	private static final long LEAST_BYTES = 64 * 1024;

	private FetchSize() {
	}

	/**
	 * How many bytes are fetched of a partition at once.
	 * @param partitions how many partitions the topic has
	 */
	static int ofPartition(int partitions) {
		return (int) Math.max(LEAST_BYTES, Math.min(MOST_BYTES, ALL_BYTES / Math.max(1, partitions)));
	}

}
