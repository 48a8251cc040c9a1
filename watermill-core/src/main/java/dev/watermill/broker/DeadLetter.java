package dev.watermill.broker;

import java.time.Instant;
import java.util.Map;

import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * An element that a mill could not process and did not pass over silently: it is written
 * to a place of its own, as it was, with what was wrong with it. The idea, and the names
 * of the headers on topics, are those of spring-kafka's
 * {@code DeadLetterPublishingRecoverer}. Immutable.
 *
 * @param mill the name of the mill
 * @param stream the name of the stream that it was read from
 * @param reason why it was not processed
 * @param message what was found and what was expected, for people
 * @param exception what a decoder, a key or the function threw, {@code null} if nothing
 * did
 * @param element the element as it was
 * @param positions where the streams of the mill stood at the delivery that failed, by
 * their names, for people; empty if it is not about a delivery
 * @param at when it was written
 * @since 0.1.0
 */
public record DeadLetter(String mill, String stream, SkipReason reason, String message, @Nullable Throwable exception,
		OriginalElement element, Map<String, String> positions, Instant at) {

	/**
	 * Create a dead letter.
	 */
	public DeadLetter {
		positions = Map.copyOf(positions);
	}

}
