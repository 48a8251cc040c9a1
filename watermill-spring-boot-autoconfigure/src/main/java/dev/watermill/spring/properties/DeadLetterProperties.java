package dev.watermill.spring.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Where elements are written that a mill could not process: to a topic or to a file. A
 * text that is left empty is not set.
 *
 * @since 0.1.0
 */
public class DeadLetterProperties {

	/**
	 * Kafka topic, which several streams and mills may share. A stream that is a topic
	 * has one by itself: the topic's name with -dlt behind it.
	 */
	private @Nullable String topic;

	/**
	 * File of JSON lines (.jsonl or .ndjson). Where a mill has several lanes its name has
	 * {lane} in it.
	 */
	private @Nullable String file;

	public @Nullable String getTopic() {
		return this.topic;
	}

	public void setTopic(@Nullable String topic) {
		this.topic = StringUtils.hasText(topic) ? topic : null;
	}

	public @Nullable String getFile() {
		return this.file;
	}

	public void setFile(@Nullable String file) {
		this.file = StringUtils.hasText(file) ? file : null;
	}

}
