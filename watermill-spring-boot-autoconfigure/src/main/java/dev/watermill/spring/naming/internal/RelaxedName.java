package dev.watermill.spring.naming.internal;

import java.text.Normalizer;
import java.util.Locale;

/**
 * A name in its relaxed form: {@code RobotLocation}, {@code robot-location} and
 * {@code ROBOTLOCATION} are equal. Immutable.
 *
 * @since 0.1.0
 */
public final class RelaxedName {

	private final String form;

	private RelaxedName(String form) {
		this.form = form;
	}

	/**
	 * Return the relaxed form of a name.
	 * @param name the name, as somebody wrote it
	 * @return its relaxed form
	 */
	public static RelaxedName of(String name) {
		StringBuilder form = new StringBuilder(name.length());
		Normalizer.normalize(name, Normalizer.Form.NFC)
			.codePoints()
			.filter(Character::isLetterOrDigit)
			.forEach(form::appendCodePoint);
		return new RelaxedName(form.toString().toLowerCase(Locale.ROOT));
	}

	/**
	 * Return a name in kebab-case, the form in which names are shown.
	 * @param name the name, such as {@code RobotLocation}
	 * @return for example {@code robot-location}
	 */
	public static String kebab(String name) {
		StringBuilder kebab = new StringBuilder(name.length() + 4);
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (!Character.isLetterOrDigit(c)) {
				hyphen(kebab);
			}
			else {
				if (Character.isUpperCase(c) && startsWord(name, i)) {
					hyphen(kebab);
				}
				kebab.append(Character.toLowerCase(c));
			}
		}
		return kebab.toString();
	}

	private static boolean startsWord(String name, int i) {
		if (i == 0) {
			return false;
		}
		boolean afterUpper = Character.isUpperCase(name.charAt(i - 1));
		return !afterUpper || (i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1)));
	}

	private static void hyphen(StringBuilder kebab) {
		if (!kebab.isEmpty() && kebab.charAt(kebab.length() - 1) != '-') {
			kebab.append('-');
		}
	}

	@Override
	public boolean equals(Object obj) {
		return obj instanceof RelaxedName other && this.form.equals(other.form);
	}

	@Override
	public int hashCode() {
		return this.form.hashCode();
	}

	@Override
	public String toString() {
		return this.form;
	}

}
