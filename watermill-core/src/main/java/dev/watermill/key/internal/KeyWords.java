package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Keys in messages. Texts are in quotes, so that they are not taken for numbers.
 *
 * @since 0.1.0
 */
public final class KeyWords {

	// A long U, as in UUID or User, is spoken as a consonant
	private static final Pattern VOWEL = Pattern.compile("[aeioAEIO]|[uU][npl](?!i)[a-z]");

	private static final int MOST_CHARACTERS = 100;

	private KeyWords() {
	}

	/**
	 * Show a key.
	 * @param key the normal form of a key
	 * @return the key as text
	 */
	public static String describe(@Nullable Object key) {
		if (key instanceof String text) {
			boolean cut = text.length() > MOST_CHARACTERS;
			return '"' + (cut ? text.substring(0, MOST_CHARACTERS) + "..." : text) + '"';
		}
		if (key instanceof List<?> list) {
			return list.stream().map(KeyWords::describe).collect(Collectors.joining(", ", "[", "]"));
		}
		return String.valueOf(key);
	}

	/**
	 * Say that a key is less than the one before it, and of texts why.
	 * @param key the normal form of the key
	 * @param previous that of the one before it
	 * @return for example {@code 1 after 2}
	 */
	public static String wentBack(Object key, @Nullable Object previous) {
		String words = describe(key) + " after " + describe(previous);
		Object left = key;
		Object right = previous;
		while (left instanceof List<?> a && right instanceof List<?> b) {
			int differs = firstDifference(a, b);
			if (differs == Math.min(a.size(), b.size())) {
				return words;
			}
			left = a.get(differs);
			right = b.get(differs);
		}
		if (!(left instanceof String less) || !(right instanceof String greater)) {
			return words;
		}
		return words + ". Texts compare character by character, by code point, as LC_ALL=C sort sorts them: "
				+ describe(less) + " < " + describe(greater) + ((isNumber(less) && isNumber(greater))
						? ". If they are numbers, give the field a number type or use #long(...) in the key" : "");
	}

	/**
	 * Put the indefinite article before a name.
	 * @param name the name, such as that of a class
	 * @return {@code a Map}, {@code an Optional}
	 */
	public static String withArticle(String name) {
		return (VOWEL.matcher(name).lookingAt() ? "an " : "a ") + name;
	}

	private static int firstDifference(List<?> left, List<?> right) {
		int index = 0;
		while (index < Math.min(left.size(), right.size()) && Keys.compare(left.get(index), right.get(index)) == 0) {
			index++;
		}
		return index;
	}

	private static boolean isNumber(String text) {
		try {
			return text.length() < MOST_CHARACTERS && new BigDecimal(text.strip()).precision() > 0;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

}
