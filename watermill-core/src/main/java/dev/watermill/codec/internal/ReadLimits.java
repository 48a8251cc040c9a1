package dev.watermill.codec.internal;

import java.util.Locale;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * How much there may be of something in one element, so that no element takes more memory
 * or time than a multiple of its bytes. Jackson's own limits count where they are set to
 * something else than their defaults, and for these:
 * <ul>
 * <li>nesting: 500, as Jackson has it; whoever builds a tree goes down that far on the
 * stack;
 * <li>digits of a number: 1,000, as Jackson has it; to read more takes time that grows
 * with the square of their number;
 * <li>characters of a text: as Jackson has it; an element of a file has
 * {@code watermill.files.max-element-size} bytes at most;
 * <li>characters of a name: 2,048 instead of 50,000; a parser remembers up to 6,000 names
 * for the next elements;
 * <li>values, names and brackets: a million instead of any number; most take fewer bytes
 * in the file than the object that is made of them.
 * </ul>
 */
final class ReadLimits {

	private static final int NAME_LENGTH = 2048;

	private static final long TOKENS = 1_000_000;

	private static final String PROPERTIES = "spring.jackson.factory.constraints.read.";

	private ReadLimits() {
	}

	static StreamReadConstraints of(StreamReadConstraints own) {
		boolean names = own.getMaxNameLength() == StreamReadConstraints.DEFAULT_MAX_NAME_LEN;
		boolean tokens = own.getMaxTokenCount() == StreamReadConstraints.DEFAULT_MAX_TOKEN_COUNT;
		if (!names && !tokens) {
			return own;
		}
		return own.rebuild()
			.maxNameLength(names ? NAME_LENGTH : own.getMaxNameLength())
			.maxTokenCount(tokens ? TOKENS : own.getMaxTokenCount())
			.build();
	}

	/**
	 * Return limits for finding the end of a value, of which nothing is made.
	 * @param limits the limits for reading it
	 * @param depth how deep it may be nested
	 */
	static StreamReadConstraints forSyntax(StreamReadConstraints limits, int depth) {
		return limits.rebuild()
			.maxNestingDepth(Math.max(depth, limits.getMaxNestingDepth()))
			.maxTokenCount(StreamReadConstraints.DEFAULT_MAX_TOKEN_COUNT)
			.build();
	}

	/**
	 * Say that an element is beyond a limit.
	 * @param problem what Jackson says
	 * @return a sentence without a full stop
	 */
	static String explain(StreamConstraintsException problem) {
		String text = String.valueOf(problem.getOriginalMessage());
		int advice = text.indexOf(", from `StreamReadConstraints.getMax");
		if (advice < 0) {
			return text;
		}
		String getter = text.substring(advice + ", from `StreamReadConstraints.getMax".length());
		int end = getter.indexOf('(');
		String property = PROPERTIES + "max" + getter.substring(0, Math.max(0, end)).replaceAll("([A-Z])", "-$1");
		return text.substring(0, advice) + "): too much for one element. If it is right all the same, raise "
				+ property.toLowerCase(Locale.ROOT);
	}

}
