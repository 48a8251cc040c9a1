package dev.watermill.spring.properties;

import org.jspecify.annotations.Nullable;

/**
 * Where bad elements go.
 *
 * @since 0.1.0
 */
public class DeadLetterProperties {

	/**
	 * Kafka topic. Not supported yet.
	 */
	private @Nullable String topic;

	/**
	 * File of JSON. Not supported yet.
	 */
	private @Nullable String file;

	public @Nullable String getTopic() {
		return this.topic;
	}

	public void setTopic(@Nullable String topic) {
		this.topic = topic;
	}

	public @Nullable String getFile() {
		return this.file;
	}

	public void setFile(@Nullable String file) {
		this.file = file;
	}

}
