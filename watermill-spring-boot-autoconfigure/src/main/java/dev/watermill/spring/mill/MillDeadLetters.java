package dev.watermill.spring.mill;

import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.engine.internal.DeadLetterPlace;
import dev.watermill.spring.binding.internal.StreamBinding;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.processor.internal.Processor;
import dev.watermill.spring.processor.internal.ProcessorStream;
import dev.watermill.spring.properties.ErrorHandling;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.StreamProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.jspecify.annotations.Nullable;

/**
 * Gives a mill the places where dead letters go.
 */
final class MillDeadLetters {

	private static final String DEAD_LETTER = ".dead-letter";

	/** What the name of the place for all streams of a mill begins with. */
	private static final String OF_MILL = "mill ";

	private final Processor processor;

	private final MillProperties settings;

	private final WaterMillProperties properties;

	private final StreamBindings bindings;

	MillDeadLetters(Processor processor, MillProperties settings, WaterMillProperties properties,
			StreamBindings bindings) {
		this.processor = processor;
		this.settings = settings;
		this.properties = properties;
		this.bindings = bindings;
	}

	void addTo(MillBuilder builder) {
		StreamBinding ofMill = this.bindings.deadLettersOf(this.processor.mill(), this.settings).orElse(null);
		if (ofMill != null) {
			addOfMill(builder, ofMill);
		}
		for (ProcessorStream stream : this.processor.streams()) {
			StreamBinding own = this.bindings.deadLettersOf(stream.name()).orElse(null);
			if (own != null) {
				add(builder, stream.name(), own);
			}
			else if (ofMill == null) {
				requirePlace(stream);
			}
		}
	}

	private void add(MillBuilder builder, String stream, StreamBinding place) {
		try {
			builder.deadLetters(stream, definition(stream, place), place.broker());
		}
		catch (BrokerException ex) {
			throw unusable("of its stream '" + stream + "'", "watermill.streams." + stream, place, ex);
		}
	}

	private void addOfMill(MillBuilder builder, StreamBinding place) {
		String mill = this.processor.mill();
		try {
			// no stream's name, since a stream may have a place of its own besides
			builder.deadLetters(definition(OF_MILL + mill, place), place.broker());
		}
		catch (BrokerException ex) {
			throw unusable("of its streams", "watermill.mills." + mill, place, ex);
		}
	}

	private InvalidBindingException unusable(String whose, String root, StreamBinding place, BrokerException problem) {
		return new InvalidBindingException(
				"The mill '" + this.processor.mill() + "' can't write the dead letters " + whose + ". "
						+ problem.getMessage(),
				"Correct " + root + DEAD_LETTER + "." + place.property() + ".", problem);
	}

	/**
	 * Refuse a stream whose elements may become dead letters, but that has no place for
	 * them by itself, as a topic has.
	 */
	private void requirePlace(ProcessorStream stream) {
		String policy = policy(stream);
		if (policy == null) {
			return;
		}
		StreamBinding binding = this.bindings.get(stream.name(), this.processor.mill());
		StreamDefinition<Object> definition = new StreamDefinition<>(stream.name(), stream.type().getType(),
				binding.settings());
		String places = "Set watermill.streams." + stream.name() + DEAD_LETTER
				+ ".file to a file of lines (.jsonl) or .topic to a topic, or watermill.mills." + this.processor.mill()
				+ DEAD_LETTER + " for all streams of the mill";
		try {
			if (binding.broker().defaultDeadLetterSink(definition).isEmpty()) {
				throw new InvalidBindingException(
						"The property " + policy
								+ " is dead-letter, but nothing says where the dead letters of the stream '"
								+ stream.name() + "' go: a " + binding.property() + " has no place for them by itself.",
						places + "; or choose fail or skip.");
			}
		}
		catch (BrokerException ex) {
			throw new InvalidBindingException(String.valueOf(ex.getMessage()), places + ".", ex);
		}
	}

	/**
	 * Return the property by which elements of a stream may become dead letters.
	 * @return its name, {@code null} if there is none
	 */
	private @Nullable String policy(ProcessorStream stream) {
		String prefix = "watermill.streams." + stream.name() + ".";
		StreamProperties given = this.properties.findStream(stream.name());
		if (given != null && given.getOnInvalid() == ErrorHandling.DEAD_LETTER) {
			return prefix + "on-invalid";
		}
		if (given != null && given.getOnTombstone() == ErrorHandling.DEAD_LETTER) {
			return prefix + "on-tombstone";
		}
		if (given != null && given.getOnDisorder() == ErrorHandling.DEAD_LETTER) {
			return prefix + "on-disorder";
		}
		return (stream.parent() == null && this.settings.getOnError() == ErrorHandling.DEAD_LETTER)
				? "watermill.mills." + this.processor.mill() + ".on-error" : null;
	}

	/**
	 * Return what the place of a stream is named under, which may be one of dead letters.
	 * @param stream the name by which the mill knows it
	 */
	static String property(String mill, String stream) {
		String streams = "watermill.streams.";
		if (!DeadLetterPlace.isReserved(stream)) {
			return streams + stream;
		}
		String name = stream.substring(stream.indexOf(':') + 1);
		return (name.equals(OF_MILL + mill) ? "watermill.mills." + mill : streams + name) + DEAD_LETTER;
	}

	private static StreamDefinition<DeadLetter> definition(String name, StreamBinding place) {
		return new StreamDefinition<>(name, DeadLetter.class, place.settings());
	}

}
