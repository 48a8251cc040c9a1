package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.OriginalElement;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The names under which it is said where a record of a topic stands.
 */
final class OriginalRecord {

	static final String TOPIC = "topic";

	static final String PARTITION = "partition";

	static final String OFFSET = "offset";

	static final String TIMESTAMP = "timestamp";

	static final String TIMESTAMP_TYPE = "timestampType";

	static final String GROUP = "group";

	private OriginalRecord() {
	}

	/**
	 * Return a record as it stands in its topic.
	 * @param group the consumer group that read it
	 */
	static OriginalElement of(ConsumerRecord<byte[], byte[]> message, String group) {
		Map<String, Object> origin = new LinkedHashMap<>();
		origin.put(TOPIC, message.topic());
		origin.put(PARTITION, (long) message.partition());
		origin.put(OFFSET, message.offset());
		origin.put(TIMESTAMP, message.timestamp());
		origin.put(TIMESTAMP_TYPE, message.timestampType().toString());
		origin.put(GROUP, group);
		List<OriginalElement.Header> headers = new ArrayList<>();
		for (Header header : message.headers()) {
			headers.add(new OriginalElement.Header(header.key(), header.value()));
		}
		return new OriginalElement(origin, message.key(), message.value(), headers);
	}

}
