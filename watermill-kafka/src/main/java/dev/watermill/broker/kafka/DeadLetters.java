package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What dead letters there are in a topic.
 */
enum DeadLetters {

	/** None: its records are elements. */
	NONE,

	/** Its records are read as what they were before they became dead letters. */
	READ,

	/** Dead letters are written there, maybe those of several streams and mills. */
	WRITTEN;

	private static final String FORMAT = "dead-letter";

	/**
	 * Take what a stream says of its topic from its format.
	 */
	static DeadLetters of(StreamDefinition<?> definition, @Nullable Object format) {
		String name = (format != null) ? format.toString().trim() : "";
		if (!name.isEmpty() && !name.equals(FORMAT)) {
			throw new BrokerException("The stream '" + definition.name() + "' has the property '"
					+ KafkaBroker.FORMAT_PROPERTY + "' " + format + ", which a topic does not take. Set it to " + FORMAT
					+ " if the topic holds dead letters, or remove it.");
		}
		return name.isEmpty() ? NONE : READ;
	}

}
