package dev.watermill.spring.processor.internal;

import dev.watermill.join.JoinKind;
import org.jspecify.annotations.Nullable;

/**
 * Which elements of a stream a processing function asks for, by its signature and
 * annotations.
 *
 * @param kind how keys are compared
 * @param first whether it asks for one match only
 * @param optional whether it wants elements of the parent without a match, too
 * @param direction where an as-of join looks, {@code null} for other joins
 * @param exact whether equal keys count in an as-of join
 * @param tolerance the annotation's tolerance, empty if it has none
 * @param before the annotation's distance before, empty if it has none
 * @param after the annotation's distance behind, empty if it has none
 * @param byLeft the annotation's expression for what has to be equal of the parent's
 * elements, empty if it has none
 * @param byRight the annotation's expression for what has to be equal of this stream's
 * elements, empty if it has none
 * @since 0.1.0
 */
public record ProcessorMatch(Kind kind, boolean first, boolean optional, JoinKind.@Nullable Direction direction,
		boolean exact, String tolerance, String before, String after, String byLeft, String byRight) {

	static ProcessorMatch equal(boolean first, boolean optional) {
		return new ProcessorMatch(Kind.EQUAL, first, optional, null, true, "", "", "", "", "");
	}

	/**
	 * How keys are compared.
	 */
	public enum Kind {

		/**
		 * Keys are equal.
		 */
		EQUAL,

		/**
		 * One key is next to the other.
		 */
		AS_OF,

		/**
		 * Keys are near each other.
		 */
		WITHIN

	}

}
