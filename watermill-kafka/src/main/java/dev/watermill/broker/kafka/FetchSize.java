package dev.watermill.broker.kafka;

/**
 * How much is fetched in one go. Of a topic of many partitions, all of which one instance
 * may have to read, it is less of each, so that what all of them hold stays bounded.
 */
final class FetchSize {

	private static final int ALL_RECORDS = 100_000;

	private static final int MOST_RECORDS = 2000;

	private static final int LEAST_RECORDS = 500;

	private static final long ALL_BYTES = 64L * 1024 * 1024;

	private static final long MOST_BYTES = KafkaConnection.shareOfHeap(4L * 1024 * 1024);

	private static final long LEAST_BYTES = 64 * 1024;

	private FetchSize() {
	}

	/**
	 * How many records one poll takes.
	 * @param partitions how many partitions the topic has
	 */
	static int ofPoll(int partitions) {
		return Math.max(LEAST_RECORDS, Math.min(MOST_RECORDS, ALL_RECORDS / Math.max(1, partitions)));
	}

	/**
	 * How many bytes are fetched of a partition at once.
	 * @param partitions how many partitions the topic has
	 */
	static int ofPartition(int partitions) {
		return (int) Math.max(LEAST_BYTES, Math.min(MOST_BYTES, ALL_BYTES / Math.max(1, partitions)));
	}

}
