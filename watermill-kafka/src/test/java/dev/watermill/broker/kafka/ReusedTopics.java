package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;

/**
 * A few topics that serve one mill after another: they are emptied between, which costs
 * less than to make new ones. The log of a topic then begins where the mill before has
 * ended.
 */
final class ReusedTopics {

	private static final int MOST_INPUTS = 6;

	private final Cluster cluster;

	private final String name = "reused-" + UUID.randomUUID();

	private final List<String> all = new ArrayList<>();

	private final Map<String, String> inputs = new LinkedHashMap<>();

	ReusedTopics(Cluster cluster) {
		this.cluster = cluster;
		for (int i = 0; i < MOST_INPUTS; i++) {
			this.all.add(this.name + "-" + i);
		}
		this.all.add(output());
		this.all.forEach((topic) -> cluster.topics().create(topic, 1));
	}

	String output() {
		return this.name + "-out";
	}

	/**
	 * Replace what is in the topics.
	 * @param streams the values by the names of the streams
	 */
	void fill(Map<String, List<byte[]>> streams) {
		this.cluster.empty(this.all);
		this.inputs.clear();
		streams.forEach((stream, values) -> {
			String topic = this.all.get(this.inputs.size());
			this.inputs.put(stream, topic);
			List<byte[]> ended = new ArrayList<>(values);
			ended.add(Cluster.END.getBytes());
			this.cluster.sendValues(topic, ended);
		});
	}

	void emptyOutput() {
		this.cluster.empty(List.of(output()));
	}

	/**
	 * Return a broker on which no mill has run before.
	 */
	Broker broker() {
		KafkaBroker kafka = this.cluster.broker("reused-" + UUID.randomUUID());
		return new Broker() {

			@Override
			public <T> StreamSource<T> source(StreamDefinition<T> definition) {
				return kafka.source(bound(definition, ReusedTopics.this.inputs.get(definition.name())));
			}

			@Override
			public <T> StreamSink<T> sink(StreamDefinition<T> definition) {
				return kafka.sink(bound(definition, output()));
			}

		};
	}

	private static <T> StreamDefinition<T> bound(StreamDefinition<T> definition, String topic) {
		return new StreamDefinition<>(definition.name(), definition.type(), Map.of(KafkaBroker.TOPIC_PROPERTY, topic));
	}

}
