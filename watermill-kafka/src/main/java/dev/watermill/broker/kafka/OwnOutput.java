package dev.watermill.broker.kafka;

import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamSource;

/**
 * Checks that a mill does not read what it writes where two brokers, which are not known
 * to be of one cluster before anybody asks it, hide that.
 *
 * @param connection the cluster that is written
 * @param topic the topic that is written
 */
record OwnOutput(KafkaConnection connection, KafkaTopic topic) {

	/**
	 * Check that no input is the topic.
	 * @throws BrokerException if one is
	 */
	void requireNone(Map<String, StreamSource<?>> inputs) {
		inputs.forEach((stream, source) -> {
			if (source.resource() instanceof TopicResource read
					&& source.reads(new TopicResource(read.connection(), this.topic.name()))
					&& isOneCluster(read.connection())) {
				throw new BrokerException(this.topic.message("is read by the same mill, as its stream '" + stream
						+ "', by another broker of the same cluster: the mill would read its own output. Bind one of "
						+ "them to another topic."));
			}
		});
	}

	private boolean isOneCluster(KafkaConnection other) {
		if (other == this.connection) {
			return true;
		}
		String id = new TopicAdmin(other).clusterId();
		return id != null && Objects.equals(id, new TopicAdmin(this.connection).clusterId());
	}

}
