package dev.watermill.broker.kafka;

/**
 * What fills feeds, as they see it.
 */
interface Fetch {

	/**
	 * Begin to read a feed, with the lock held.
	 */
	void begin(PartitionFeed feed);

	/**
	 * Note that a feed became full, or is so no more, with the lock held.
	 */
	void turned(PartitionFeed feed, boolean full);

	/**
	 * How many elements may be fetched ahead of each partition, with the lock held.
	 */
	long elementsEach();

	/**
	 * How many elements are enough of a partition whose lane does not work just now, with
	 * the lock held. Fetching them goes on as soon as it does.
	 */
	long elementsToBegin();

	/**
	 * How many bytes may be fetched ahead of each partition, with the lock held.
	 */
	long bytesEach();

	/**
	 * Let go of a feed that everybody left.
	 */
	void leave(PartitionFeed feed);

}
