package dev.watermill.spring.properties;

/**
 * Which partition of its topic a result goes to.
 *
 * @since 0.1.0
 */
public enum PartitionBy {

	/**
	 * That of the lane that wrote it, whatever its key: what was in order stays so.
	 */
	LANE,

	/**
	 * That which Kafka finds by its key, for consumers that need no order. No mark of the
	 * end is written.
	 */
	KEY

}
