package dev.watermill.benchmarks.kafka;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * Elements as JSON, for Kafka Streams.
 *
 * @param <T> the type of the elements
 */
class JsonSerde<T> implements Serde<T> {

	private final ObjectReader reader;

	private final ObjectWriter writer;

	JsonSerde(Class<T> type) {
		this.reader = Robots.JSON.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		this.writer = Robots.JSON.writerFor(type);
	}

	@Override
	public Serializer<T> serializer() {
		return (topic, element) -> (element != null) ? this.writer.writeValueAsBytes(element) : null;
	}

	@Override
	public Deserializer<T> deserializer() {
		return (topic, bytes) -> (bytes != null) ? this.reader.readValue(bytes) : null;
	}

}
