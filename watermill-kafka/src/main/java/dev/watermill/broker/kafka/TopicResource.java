package dev.watermill.broker.kafka;

/**
 * What makes two topics one place.
 *
 * @param connection the cluster
 * @param topic the name of the topic
 */
record TopicResource(KafkaConnection connection, String topic) {

	@Override
	public String toString() {
		return "topic " + this.topic;
	}

}
