package dev.watermill.broker.kafka;

/**
 * What fills feeds, as they see it.
 */
interface Fetch {

	/**
	 * Begin to read a feed, with the lock held.
	 */
	void begin();

	/**
	 * Note that something was taken, with the lock held.
	 */
	void roomMade();

	/**
	 * How many elements may be fetched ahead of each partition, with the lock held.
	 */
	long elementsEach();

	/**
	 * How many bytes may be fetched ahead of each partition, with the lock held.
	 */
	long bytesEach();

	/**
	 * Let go of a feed that everybody left.
	 */
	void leave(PartitionFeed feed);

}
