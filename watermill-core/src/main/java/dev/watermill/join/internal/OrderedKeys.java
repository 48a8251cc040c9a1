package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyKind;
import dev.watermill.key.internal.KeyText;
import org.jspecify.annotations.Nullable;

/**
 * The expressions on a stream along which its keys never decrease, each with a name by
 * which its last key is found again after a restart. So a key is never compared with one
 * of another expression, wherever in the tree either of them stands. Immutable.
 */
final class OrderedKeys {

	private final List<KeyFunction<?>> functions;

	private final List<String> names = new ArrayList<>();

	OrderedKeys(List<KeyFunction<?>> functions) {
		this.functions = List.copyOf(functions);
		for (KeyFunction<?> function : this.functions) {
			this.names.add(name(function.description()));
		}
	}

	/**
	 * Lambdas may have one description and yet compute different keys.
	 */
	private String name(String description) {
		String name = description;
		for (int i = 2; this.names.contains(name); i++) {
			name = description + " #" + i;
		}
		return name;
	}

	int size() {
		return this.functions.size();
	}

	KeyFunction<?> get(int column) {
		return this.functions.get(column);
	}

	int indexOf(KeyFunction<?> function) {
		return this.functions.indexOf(function);
	}

	/**
	 * The keys before the first element of all.
	 */
	@Nullable Object[] none() {
		return new Object[this.functions.size()];
	}

	/**
	 * Write keys down.
	 * @param keys a key for each expression, {@code null} where there is none
	 * @return their texts by the names of the expressions
	 */
	Map<String, String> format(@Nullable Object[] keys) {
		Map<String, String> texts = new LinkedHashMap<>();
		for (int i = 0; i < keys.length; i++) {
			texts.put(this.names.get(i), KeyText.format(keys[i]));
		}
		return texts;
	}

	/**
	 * Read keys that were written down, be it for other expressions.
	 * @param texts what {@link #format(Object[])} returned
	 * @return a key for each expression, {@code null} for one that was not there, or
	 * computed keys of another kind
	 */
	@Nullable Object[] parse(Map<String, String> texts) {
		@Nullable Object[] keys = none();
		for (int i = 0; i < keys.length; i++) {
			Object key = KeyText.parse(texts.getOrDefault(this.names.get(i), ""));
			keys[i] = (key != null && isOfKind(this.functions.get(i), key)) ? key : null;
		}
		return keys;
	}

	/**
	 * Whether a key may be one that a function computes.
	 */
	static boolean isOfKind(KeyFunction<?> function, Object key) {
		if (function instanceof KeyFunction.OfLong) {
			return key instanceof Long;
		}
		if (function instanceof KeyFunction.OfDouble) {
			return key instanceof Double;
		}
		return KeyKind.ofType(function.type()).comparesWith(KeyKind.of(key));
	}

}
