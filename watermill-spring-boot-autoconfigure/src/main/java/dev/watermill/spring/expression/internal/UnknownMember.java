package dev.watermill.spring.expression.internal;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Says which member of a type the author of an expression may have meant.
 */
final class UnknownMember {

	private UnknownMember() {
	}

	static ExpressionException property(Scope scope, Class<?> type, String name) {
		List<String> names = Members.propertyNames(type);
		String problem = type.getSimpleName() + " has no field '" + name + "'";
		if (names.isEmpty()) {
			return scope.refuse(problem, "It has no fields at all that an expression can read.");
		}
		String nearest = names.stream().min(Comparator.comparingInt((known) -> distance(known, name))).orElseThrow();
		List<String> others = names.stream().filter((known) -> !known.equals(nearest)).toList();
		return scope.refuse(problem, "Did you mean '" + nearest + "'?"
				+ ((others.isEmpty()) ? "" : " Its other fields are: " + String.join(", ", others) + "."));
	}

	static ExpressionException method(Scope scope, Class<?> type, String name, int arguments) {
		return scope.refuse(
				type.getSimpleName() + " has no method '" + name + "' with "
						+ ((arguments == 0) ? "no arguments"
								: arguments + ((arguments == 1) ? " argument" : " arguments"))
						+ " that an expression can call",
				"Call an instance method that returns a value; static ones and those of Object are not available.");
	}

	/**
	 * Count the characters to insert, remove or replace, whatever their case.
	 * @param left a name
	 * @param right another one
	 * @return the Levenshtein distance
	 */
	private static int distance(String left, String right) {
		int[] previous = new int[right.length() + 1];
		Arrays.setAll(previous, (i) -> i);
		for (int i = 1; i <= left.length(); i++) {
			int[] current = new int[right.length() + 1];
			current[0] = i;
			for (int j = 1; j <= right.length(); j++) {
				boolean same = Character.toLowerCase(left.charAt(i - 1)) == Character.toLowerCase(right.charAt(j - 1));
				current[j] = Math.min(previous[j - 1] + ((same) ? 0 : 1), Math.min(previous[j], current[j - 1]) + 1);
			}
			previous = current;
		}
		return previous[right.length()];
	}

}
