package dev.watermill.broker.kafka;

import java.util.Arrays;
import java.util.Locale;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What happens where records of an input are gone that were to be read.
 */
enum OnDataLoss {

	/** The mill fails, and says what is gone. */
	FAIL,

	/** Reading goes on at the first record that is there, after a warning. */
	EARLIEST;

	static OnDataLoss of(StreamDefinition<?> definition, @Nullable Object setting) {
		if (setting == null || setting.toString().isBlank()) {
			return FAIL;
		}
		String name = setting.toString().trim().toUpperCase(Locale.ROOT);
		return Arrays.stream(values())
			.filter((policy) -> policy.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new BrokerException("The stream '" + definition.name() + "' has the property '"
					+ KafkaBroker.ON_DATA_LOSS_PROPERTY + "' " + setting + ". Set it to fail or earliest."));
	}

}
