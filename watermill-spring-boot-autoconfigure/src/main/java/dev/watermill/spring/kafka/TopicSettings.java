package dev.watermill.spring.kafka;

import java.util.Set;

import dev.watermill.spring.binding.internal.StreamSetting;
import dev.watermill.spring.binding.internal.StreamSetting.Use;

/**
 * What users type for a stream in a topic, which is the same whether there is a Kafka
 * client to understand it or not.
 */
final class TopicSettings {

	static final int ORDER = 100;

	static final String PROPERTY = "topic";

	static final String TARGET = "a Kafka topic";

	static final String SEVERAL = "topics";

	static final String SEVERAL_TARGET = "several Kafka topics to be read as one stream";

	static final Set<StreamSetting> ALL = Set.of(StreamSetting.KEY, StreamSetting.PROPERTIES,
			StreamSetting.DESERIALIZER, StreamSetting.SERIALIZER,
			new StreamSetting("format", "a form of its records", Use.READING),
			new StreamSetting("align-segments", "segments to align", Use.READING),
			new StreamSetting("on-data-loss", "a policy for data loss", Use.READING),
			new StreamSetting("merge", "partitions or files to merge", Use.READING),
			new StreamSetting("broadcast", "lanes that all read it", Use.READING),
			new StreamSetting("partition-by", "a choice of partitions", Use.WRITING),
			new StreamSetting("end-mark", "a form for the mark of its end", Use.WRITING));

	private TopicSettings() {
	}

}
