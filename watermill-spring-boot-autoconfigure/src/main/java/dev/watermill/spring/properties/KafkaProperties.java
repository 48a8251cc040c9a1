package dev.watermill.spring.properties;

import org.jspecify.annotations.Nullable;

/**
 * Settings of Kafka topics. The connection is that of {@code spring.kafka}.
 *
 * @since 0.1.0
 */
public class KafkaProperties {

	/**
	 * Prefix of the names of consumer groups and transactions, by which the cluster knows
	 * this application's mills. Defaults to spring.application.name.
	 */
	private @Nullable String groupIdPrefix;

	/**
	 * Whether to create output topics that do not exist, with as many partitions as the
	 * inputs have.
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
