package dev.watermill.benchmarks.kafka;

/**
 * A way to join topics. Each run begins with nothing and ends when all results are
 * committed.
 */
interface Contestant {

	/**
	 * Join.
	 * @param bootstrapServers where Kafka is
	 * @param task what to do
	 * @param ready to be called once elements are waited for
	 * @throws Exception if it did not work
	 */
	void run(String bootstrapServers, Task task, Runnable ready) throws Exception;

}
