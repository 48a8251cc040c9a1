package dev.watermill.spring.naming.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds the name that somebody may have meant.
 *
 * @since 0.1.0
 */
public final class NearestName {

	private NearestName() {
	}

	/**
	 * Return the question whether a known name was meant.
	 * @param name the name that is not known
	 * @param known the known ones
	 * @return a sentence with a space behind it, empty if nothing is known
	 */
	public static String question(String name, Collection<String> known) {
		return nearest(name, known).map((nearest) -> "Did you mean '" + nearest + "'? ").orElse("");
	}

	/**
	 * Return the known name that is so much like another that it may be meant.
	 * @param name the name that is not known
	 * @param known the known ones
	 * @return the nearest of them, empty if none is near
	 */
	public static Optional<String> of(String name, Collection<String> known) {
		return nearest(name, known)
			.filter((nearest) -> 2 * distance(name, nearest) <= Math.max(name.length(), nearest.length()));
	}

	private static Optional<String> nearest(String name, Collection<String> known) {
		return known.stream().min(Comparator.comparingInt((candidate) -> distance(name, candidate)));
	}

	private static int distance(String name, String candidate) {
		return edits(RelaxedName.of(name).toString(), RelaxedName.of(candidate).toString());
	}

	/**
	 * Count the characters to insert, remove or replace.
	 */
	private static int edits(String left, String right) {
		int[] row = new int[right.length() + 1];
		Arrays.setAll(row, (j) -> j);
		for (int i = 1; i <= left.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= right.length(); j++) {
				int above = row[j];
				int replaced = diagonal + ((left.charAt(i - 1) != right.charAt(j - 1)) ? 1 : 0);
				row[j] = Math.min(replaced, Math.min(row[j - 1], above) + 1);
				diagonal = above;
			}
		}
		return row[right.length()];
	}

}
