package dev.watermill.spring.kafka;

import java.util.Set;

import dev.watermill.spring.binding.internal.StreamBinding;
import dev.watermill.spring.binding.internal.StreamKind;
import dev.watermill.spring.binding.internal.StreamSetting;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.properties.StreamProperties;

import org.springframework.core.Ordered;

/**
 * Streams in Kafka topics, where Kafka is not on the class path: says how to get it.
 */
final class MissingKafkaKind implements StreamKind, Ordered {

	private final String property;

	private final String target;

	/**
	 * Create a kind.
	 * @param property the property of a stream that says where it lives
	 * @param target what it would be set to
	 */
	MissingKafkaKind(String property, String target) {
		this.property = property;
		this.target = target;
	}

	@Override
	public int getOrder() {
		return TopicSettings.ORDER;
	}

	@Override
	public String property() {
		return this.property;
	}

	@Override
	public String word() {
		return TopicSettings.PROPERTY;
	}

	@Override
	public String target() {
		return this.target;
	}

	@Override
	public Set<StreamSetting> settings() {
		return TopicSettings.ALL;
	}

	@Override
	public StreamBinding bind(String stream, String place, StreamProperties properties) {
		throw new InvalidBindingException(
				"The stream '" + stream + "' is bound to the " + this.property + " " + place
						+ ", but the application has no Kafka.",
				"Add the dependency org.springframework.boot:spring-boot-starter-kafka, or replace watermill.streams."
						+ stream + "." + this.property + " by .file or .broker.");
	}

	@Override
	public StreamBinding bindDeadLetters(String place, String property) {
		throw new InvalidBindingException(
				"The property " + property + " is the topic " + place + ", but the application has no Kafka.",
				"Add the dependency org.springframework.boot:spring-boot-starter-kafka, or name a file.");
	}

}
