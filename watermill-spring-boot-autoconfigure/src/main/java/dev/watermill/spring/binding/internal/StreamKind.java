package dev.watermill.spring.binding.internal;

import java.time.Duration;
import java.util.Set;

import dev.watermill.broker.BrokerException;
import dev.watermill.spring.diagnostics.MillConfigurationException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

/**
 * A kind of place that streams live in: all that the mills know of one technology. A
 * stream is of the kind whose {@link #property() property} it has; that it has no other
 * settings than those of its kind is checked before it is bound. Everything else that
 * mills ask of a stream, such as which other mill writes it, whether it ends and whether
 * it is there, its broker answers. All beans of this type count, in their order, which is
 * that in which users read of them.
 *
 * @since 0.1.0
 */
public interface StreamKind {

	/**
	 * Return the property of a stream that says where it lives.
	 * @return the last element of the property's name, such as {@code file}
	 */
	String property();

	/**
	 * Return the word for such a place.
	 * @return a noun, by default the property
	 */
	default String word() {
		return property();
	}

	/**
	 * Say what the property is set to.
	 * @return a phrase, such as {@code a file of JSON}
	 */
	String target();

	/**
	 * Return the settings that a stream of this kind may have besides.
	 * @return the settings, without those that streams of all kinds have
	 */
	Set<StreamSetting> settings();

	/**
	 * Bind a stream.
	 * @param stream the name of the stream
	 * @param place the value of the property
	 * @param properties its settings
	 * @return the binding
	 * @throws MillConfigurationException if the place can't be used, or the settings
	 * can't
	 */
	StreamBinding bind(String stream, String place, StreamProperties properties);

	/**
	 * Bind a place for dead letters, which the last element of a property names that is
	 * the {@link #property() property} of this kind.
	 * @param place the value of the property
	 * @param property the property in full
	 * @return the binding
	 * @throws MillConfigurationException if the place can't be used
	 */
	default StreamBinding bindDeadLetters(String place, String property) {
		throw new InvalidBindingException(
				"The property " + property + " is " + place + ", but a " + property() + " takes no dead letters.",
				"Name a topic or a file.");
	}

	/**
	 * Explain why the place of a stream can't be used with its settings, by the
	 * properties that they come from.
	 * @param stream the name of the stream
	 * @param properties its settings
	 * @param problem what the broker says
	 * @return the explanation, {@code null} if there is nothing to add
	 */
	default @Nullable MillConfigurationException explain(String stream, StreamProperties properties,
			BrokerException problem) {
		return null;
	}

	/**
	 * Refuse a time for which a lane may take to be handed over to another instance that
	 * is too long for the place of a stream that it reads.
	 * @param stream the name of the stream
	 * @param properties its settings
	 * @param timeout how long it may take
	 * @param property the property that says so
	 * @throws MillConfigurationException if it is too long
	 */
	default void checkHandOver(String stream, StreamProperties properties, Duration timeout, String property) {
	}

}
