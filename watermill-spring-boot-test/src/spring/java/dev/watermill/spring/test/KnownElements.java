package dev.watermill.spring.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.codec.InvalidElement;
import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyKind;
import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one node of a join tree, with their keys by each expression on it.
 */
final class KnownElements {

	private final List<Known> elements = new ArrayList<>();

	/**
	 * Add an element.
	 * @param name which it is, for people
	 * @param ordered the expressions by which it must not come before the last one
	 * @param others further expressions
	 */
	void add(String name, Object element, MemoryRecord record, List<KeyFunction<?>> ordered,
			List<KeyFunction<?>> others) {
		Map<String, Object> keys = new LinkedHashMap<>();
		String problem = (element instanceof InvalidElement invalid) ? invalid.problem() : null;
		if (problem == null) {
			problem = addKeys(element, record, ordered, keys);
			problem = (problem != null) ? problem : disorder(ordered, keys);
			problem = (problem != null) ? problem : addKeys(element, record, others, keys);
		}
		this.elements.add(new Known(name, keys, problem));
	}

	private static @Nullable String addKeys(Object element, MemoryRecord record, List<KeyFunction<?>> functions,
			Map<String, Object> keys) {
		for (KeyFunction<?> function : functions) {
			try {
				keys.put(function.description(), Keys.normalize(key(function, element, record)));
			}
			catch (InvalidKeyException ex) {
				return "'" + function.description() + "': " + ex.getMessage();
			}
			catch (RuntimeException ex) {
				return "'" + function.description() + "': " + ex;
			}
		}
		return null;
	}

	@SuppressWarnings("unchecked")
	private static @Nullable Object key(KeyFunction<?> function, Object element, MemoryRecord record) {
		if (function instanceof KeyFunction.OfLong<?> whole) {
			return ((KeyFunction.OfLong<Object>) whole).function().applyAsLong(element);
		}
		if (function instanceof KeyFunction.OfDouble<?> floating) {
			return ((KeyFunction.OfDouble<Object>) floating).function().applyAsDouble(element);
		}
		if (function instanceof KeyFunction.OfRecord<?> known) {
			return ((KeyFunction.OfRecord<Object>) known).function().apply(element, record);
		}
		return ((KeyFunction.OfObject<Object>) function).function().apply(element);
	}

	private @Nullable String disorder(List<KeyFunction<?>> ordered, Map<String, Object> keys) {
		for (int i = this.elements.size() - 1; i >= 0; i--) {
			Known before = this.elements.get(i);
			if (before.problem() != null) {
				continue;
			}
			for (KeyFunction<?> function : ordered) {
				Object key = before.key(function);
				Object own = keys.get(function.description());
				if (key != null && own != null && Keys.compare(own, key) < 0) {
					return "its key " + own + " by '" + function.description() + "' is less than " + key + " before it";
				}
			}
			return null;
		}
		return null;
	}

	/**
	 * Whether some key of an expression can be compared with another one.
	 */
	boolean hasComparable(KeyFunction<?> function, Object key) {
		for (Known known : this.elements) {
			Object own = known.key(function);
			if (own != null) {
				return KeyKind.of(own).comparesWith(KeyKind.of(Keys.normalize(key)));
			}
		}
		return false;
	}

	int size() {
		return this.elements.size();
	}

	Known get(int index) {
		return this.elements.get(index);
	}

	/**
	 * Name an element for people.
	 */
	String name(int index) {
		return this.elements.get(index).name();
	}

	/**
	 * An element.
	 *
	 * @param name which it is, for people
	 * @param keys its keys by their expressions
	 * @param problem why it is no element to be joined, {@code null} if it is one
	 */
	record Known(String name, Map<String, Object> keys, @Nullable String problem) {

		boolean isValid() {
			return this.problem == null;
		}

		@Nullable Object key(@Nullable KeyFunction<?> function) {
			return (function != null) ? this.keys.get(function.description()) : null;
		}

	}

}
