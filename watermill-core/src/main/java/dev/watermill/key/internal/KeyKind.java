package dev.watermill.key.internal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The kind of a key: keys compare with keys of their own kind only.
 *
 * @since 0.1.0
 */
public final class KeyKind {

	private static final KeyKind UNKNOWN = new KeyKind("of a type known at run time only", null);

	private static final KeyKind NUMBER = new KeyKind("a number", Number.class);

	private static final KeyKind TEXT = new KeyKind("a text", String.class);

	private static final KeyKind INSTANT = new KeyKind("an instant", Instant.class);

	private static final KeyKind LIST = new KeyKind("a list", List.class);

	private final String name;

	private final @Nullable Class<?> identity;

	private KeyKind(String name, @Nullable Class<?> identity) {
		this.name = name;
		this.identity = identity;
	}

	/**
	 * Return the kind of a type of keys, as far as the type tells.
	 * @param type the type
	 * @return the kind
	 */
	public static KeyKind ofType(Class<?> type) {
		if (type.isPrimitive()) {
			return (type == boolean.class) ? of(Boolean.TRUE) : ((type == char.class) ? TEXT : NUMBER);
		}
		if (Number.class.isAssignableFrom(type)) {
			return (type == Number.class || isJavaNumber(type)) ? NUMBER : named(type);
		}
		if (CharSequence.class.isAssignableFrom(type) || type == Character.class) {
			return TEXT;
		}
		if (type == Instant.class || type == OffsetDateTime.class || type == ZonedDateTime.class) {
			return INSTANT;
		}
		if (List.class.isAssignableFrom(type)) {
			return LIST;
		}
		if (type.isInterface() || type == Object.class) {
			return UNKNOWN;
		}
		return named(type);
	}

	/**
	 * Return the kind of a key.
	 * @param key the normal form of the key
	 * @return the kind
	 */
	public static KeyKind of(Object key) {
		return ofType((key instanceof Enum<?> constant) ? constant.getDeclaringClass() : key.getClass());
	}

	private static boolean isJavaNumber(Class<?> type) {
		return type.getName().startsWith("java.") && Comparable.class.isAssignableFrom(type);
	}

	private static KeyKind named(Class<?> type) {
		return new KeyKind(KeyWords.withArticle(type.getSimpleName()), type);
	}

	/**
	 * Whether all keys of this kind compare with each other.
	 * @return {@code false} if that is known at run time only
	 */
	public boolean isKnown() {
		return this.identity != null;
	}

	/**
	 * Whether keys of this kind are numbers.
	 * @return {@code true} if they certainly are
	 */
	public boolean isNumber() {
		return this == NUMBER;
	}

	/**
	 * Whether keys of this kind can be compared with keys of another.
	 * @param other the other kind
	 * @return {@code false} if they certainly cannot
	 */
	public boolean comparesWith(KeyKind other) {
		return this.identity == null || other.identity == null || this.identity == other.identity;
	}

	/**
	 * Whether a value of this kind can be a key at all.
	 * @return {@code false} for a type without an order
	 */
	public boolean isOrdered() {
		return this.identity == null || this == LIST || this == NUMBER
				|| Comparable.class.isAssignableFrom(this.identity);
	}

	@Override
	public String toString() {
		return this.name;
	}

}
