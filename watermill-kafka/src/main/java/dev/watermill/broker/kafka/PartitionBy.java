package dev.watermill.broker.kafka;

import java.util.Arrays;
import java.util.Locale;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Which partition of an output takes a record.
 */
enum PartitionBy {

	/** The one that has the number of the lane, whatever the key. */
	LANE,

	/** That of the record's key, for consumers that need no order. */
	KEY;

	static PartitionBy of(StreamDefinition<?> definition, @Nullable Object setting) {
		if (setting == null || setting.toString().isBlank()) {
			return LANE;
		}
		String name = setting.toString().trim().toUpperCase(Locale.ROOT);
		return Arrays.stream(values())
			.filter((by) -> by.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new BrokerException("The stream '" + definition.name() + "' has the property '"
					+ KafkaBroker.PARTITION_BY_PROPERTY + "' " + setting + ". Set it to lane or key."));
	}

}
