package dev.watermill.broker.kafka;

import java.util.Arrays;
import java.util.Locale;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import org.jspecify.annotations.Nullable;

/**
 * How the end of an output is written.
 */
enum EndMarkForm {

	/** A value of JSON, by which the Python library knows it, too. */
	VALUE,

	/** No value, but a header: for consumers that would stumble over the value. */
	HEADER,

	/** Not at all. */
	NONE;

	static @Nullable EndMarkForm of(StreamDefinition<?> definition, @Nullable Object setting) {
		if (setting == null || setting.toString().isBlank()) {
			return null;
		}
		String name = setting.toString().trim().toUpperCase(Locale.ROOT);
		return Arrays.stream(values())
			.filter((form) -> form.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new BrokerException("The stream '" + definition.name() + "' has the property '"
					+ KafkaBroker.END_MARK_PROPERTY + "' " + setting + ". Set it to value, header or none."));
	}

}
