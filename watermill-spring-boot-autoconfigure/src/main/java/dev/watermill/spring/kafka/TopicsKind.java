package dev.watermill.spring.kafka;

import java.time.Duration;
import java.util.Set;

import dev.watermill.broker.BrokerException;
import dev.watermill.spring.binding.internal.StreamBinding;
import dev.watermill.spring.binding.internal.StreamKind;
import dev.watermill.spring.binding.internal.StreamSetting;
import dev.watermill.spring.diagnostics.MillConfigurationException;
import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Streams that are merged of several Kafka topics.
 */
final class TopicsKind implements StreamKind, Ordered {

	private final TopicKind topic;

	/**
	 * Create a kind.
	 * @param topic knows each of them
	 */
	TopicsKind(TopicKind topic) {
		this.topic = topic;
	}

	@Override
	public int getOrder() {
		return this.topic.getOrder() + 1;
	}

	@Override
	public String property() {
		return TopicSettings.SEVERAL;
	}

	@Override
	public String word() {
		return TopicSettings.PROPERTY;
	}

	@Override
	public String target() {
		return TopicSettings.SEVERAL_TARGET;
	}

	@Override
	public Set<StreamSetting> settings() {
		return this.topic.settings();
	}

	@Override
	public StreamBinding bind(String stream, String place, StreamProperties properties) {
		return this.topic.bind(stream, property(), properties.getTopics(), properties);
	}

	@Override
	public @Nullable MillConfigurationException explain(String stream, StreamProperties properties,
			BrokerException problem) {
		return this.topic.explain(stream, properties, problem);
	}

	@Override
	public void checkHandOver(String stream, StreamProperties properties, Duration timeout, String property) {
		this.topic.checkHandOver(stream, properties, timeout, property);
	}

}
