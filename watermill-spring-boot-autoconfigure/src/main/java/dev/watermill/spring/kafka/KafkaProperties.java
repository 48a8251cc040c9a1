package dev.watermill.spring.kafka;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of Kafka topics. The connection is that of {@code spring.kafka}.
 *
 * @param groupIdPrefix Prefix of the names of consumer groups and transactions, by which
 * the cluster knows this application's mills. Defaults to spring.application.name.
 * @param createTopics Whether to create output topics that do not exist, with as many
 * partitions as the inputs have.
 */
@ConfigurationProperties("watermill.kafka")
record KafkaProperties(@Nullable String groupIdPrefix, @DefaultValue("true") boolean createTopics) {

}
