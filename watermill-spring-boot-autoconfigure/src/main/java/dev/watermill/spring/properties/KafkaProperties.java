package dev.watermill.spring.properties;

import org.jspecify.annotations.Nullable;

/**
 * Settings of Kafka topics. Topics are not supported yet, so these have no effect.
 *
 * @since 0.1.0
 */
public class KafkaProperties {

	/**
	 * Prefix of the names of consumer groups. Has no effect yet.
	 */
	private @Nullable String groupIdPrefix;

	/**
	 * Whether to create output topics that do not exist. Has no effect yet.
	 */
	private boolean createTopics = true;

	public @Nullable String getGroupIdPrefix() {
		return this.groupIdPrefix;
	}

	public void setGroupIdPrefix(@Nullable String groupIdPrefix) {
		this.groupIdPrefix = groupIdPrefix;
	}

	public boolean isCreateTopics() {
		return this.createTopics;
	}

	public void setCreateTopics(boolean createTopics) {
		this.createTopics = createTopics;
	}

}
