package dev.watermill.key.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text form of a key, by which the order of a stream is checked across a restart: a
 * letter for the kind and the value. Not every key has one; behind such a key the check
 * begins anew.
 *
 * @since 0.1.0
 */
public final class KeyText {

	private static final JsonMapper JSON = new JsonMapper();

	private KeyText() {
	}

	/**
	 * Return the text form of a key.
	 * @param key the normal form of a key, {@code null} if there was none
	 * @return the text, empty if this key has none
	 */
	public static String format(@Nullable Object key) {
		if (key instanceof Long) {
			return "l" + key;
		}
		if (key instanceof Double) {
			return "d" + key;
		}
		if (key instanceof BigDecimal) {
			return "n" + key;
		}
		if (key instanceof String text) {
			return isEncodable(text) ? "s" + text : "h" + formatUnits(text);
		}
		if (key instanceof Boolean) {
			return "b" + key;
		}
		if (key instanceof Instant) {
			return "i" + key;
		}
		if (key instanceof UUID) {
			return "u" + key;
		}
		if (key instanceof Enum<?> constant) {
			return "e" + constant.getDeclaringClass().getName() + ":" + constant.name();
		}
		if (key instanceof List<?> list) {
			List<String> items = list.stream().map(KeyText::format).toList();
			return (items.contains("")) ? "" : "L" + JSON.writeValueAsString(items);
		}
		if (key != null && key.getClass().getPackageName().equals("java.time")) {
			return "t" + key.getClass().getName() + ":" + key;
		}
		return "";
	}

	/**
	 * Read the text form of a key.
	 * @param text what {@link #format(Object)} returned
	 * @return the key, {@code null} if it had no text form or is of a class that is not
	 * there any more
	 */
	public static @Nullable Object parse(String text) {
		if (text.isEmpty()) {
			return null;
		}
		String value = text.substring(1);
		return switch (text.charAt(0)) {
			case 'l' -> Long.valueOf(value);
			case 'd' -> Double.valueOf(value);
			case 'n' -> new BigDecimal(value);
			case 's' -> value;
			case 'h' -> parseUnits(value);
			case 'b' -> Boolean.valueOf(value);
			case 'i' -> Instant.parse(value);
			case 'u' -> UUID.fromString(value);
			case 'e' -> parseConstant(value);
			case 't' -> parseTime(value);
			case 'L' -> parseList(value);
			default -> null;
		};
	}

	/**
	 * Whether a text survives being written as UTF-8, which has no form for half of a
	 * surrogate pair.
	 */
	private static boolean isEncodable(String text) {
		for (int i = 0; i < text.length(); i++) {
			char unit = text.charAt(i);
			if (Character.isSurrogate(unit)) {
				boolean pair = i + 1 < text.length() && Character.isSurrogatePair(unit, text.charAt(i + 1));
				if (!pair) {
					return false;
				}
				i++;
			}
		}
		return true;
	}

	private static String formatUnits(String text) {
		ByteBuffer units = ByteBuffer.allocate(text.length() * Character.BYTES);
		units.asCharBuffer().put(text);
		return HexFormat.of().formatHex(units.array());
	}

	private static String parseUnits(String text) {
		return ByteBuffer.wrap(HexFormat.of().parseHex(text)).asCharBuffer().toString();
	}

	private static @Nullable Object parseList(String text) {
		List<Object> list = new ArrayList<>();
		for (String item : JSON.readValue(text, new TypeReference<List<String>>() {
		})) {
			Object key = parse(item);
			if (key == null) {
				return null;
			}
			list.add(key);
		}
		return List.copyOf(list);
	}

	private static @Nullable Object parseConstant(String text) {
		int colon = text.indexOf(':');
		Class<?> type = classOf(text.substring(0, colon));
		// null for what is no enum: a position is data, and names nothing that is run
		Object[] constants = (type != null) ? type.getEnumConstants() : null;
		for (Object constant : (constants != null) ? constants : new Object[0]) {
			if (((Enum<?>) constant).name().equals(text.substring(colon + 1))) {
				return constant;
			}
		}
		return null;
	}

	private static @Nullable Object parseTime(String text) {
		int colon = text.indexOf(':');
		Class<?> type = text.startsWith("java.time.") ? classOf(text.substring(0, colon)) : null;
		if (type == null) {
			return null;
		}
		try {
			MethodHandle parser = MethodHandles.publicLookup()
				.findStatic(type, "parse", MethodType.methodType(type, CharSequence.class));
			return parser.invoke(text.substring(colon + 1));
		}
		catch (Throwable ex) {
			if (ex instanceof Error error && !(error instanceof LinkageError)) {
				throw error;
			}
			return null;
		}
	}

	/**
	 * Find a class without running anything of it.
	 * @return {@code null} if it has gone since: its keys can't be compared with new ones
	 * anyway
	 */
	private static @Nullable Class<?> classOf(String name) {
		try {
			return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

}
