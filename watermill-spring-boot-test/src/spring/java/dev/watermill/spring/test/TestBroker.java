package dev.watermill.spring.test;

/**
 * Where the streams of a test are.
 *
 * @since 0.1.0
 */
public enum TestBroker {

	/**
	 * In memory.
	 */
	MEMORY,

	/**
	 * In topics of a real Kafka, which are made anew for each run: that of
	 * {@code @EmbeddedKafka}, or the one that {@code spring.kafka} or a service
	 * connection leads to, else one in a container, by Testcontainers.
	 */
	KAFKA

}
