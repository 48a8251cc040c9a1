package dev.watermill.spring.expression.internal;

import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.watermill.key.internal.KeyWords;
import dev.watermill.spring.expression.internal.Operand.OfObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.core.ResolvableType;

/**
 * Compiles {@code target[index]}: items of lists and arrays, characters of texts, values
 * of maps and of JSON.
 */
final class Indexing {

	private final Scope scope;

	Indexing(Scope scope) {
		this.scope = scope;
	}

	/**
	 * Compile a step to an item.
	 * @param target where the item is
	 * @param index which one
	 * @param bareName whether the index is written as a name; SpEL takes that for the
	 * text of a map's key
	 * @param nullSafe whether an item of null is null
	 * @param text the step as text
	 * @return the operand
	 */
	Operand index(Operand target, Operand index, boolean bareName, boolean nullSafe, String text) {
		OfObject object = target.boxed();
		Class<?> type = object.type();
		boolean list = List.class.isAssignableFrom(type) || type.isArray() || CharSequence.class.isAssignableFrom(type);
		boolean map = Map.class.isAssignableFrom(type);
		if (!list && !map && type != Object.class) {
			throw this.scope.refuse(
					"'" + object.text() + "' is " + KeyWords.withArticle(type.getSimpleName()) + ", which has no items",
					"Use [ ] with lists, arrays, maps and texts.");
		}
		if (map && bareName) {
			throw this.scope.refuse(bareNameProblem(index), bareNameAction(index));
		}
		Function<Object, @Nullable Object> targetFunction = object.function();
		Function<Object, @Nullable Object> indexFunction = index.boxed().function();
		return new OfObject(text, itemType(object), (element) -> {
			Object from = targetFunction.apply(element);
			if (from == null && nullSafe) {
				return null;
			}
			if (from == null) {
				throw this.scope.isNull(object.text());
			}
			if (bareName && (from instanceof Map || from instanceof JsonNode)) {
				throw this.scope.invalid(bareNameProblem(index) + ": " + bareNameAction(index));
			}
			return Values.read(item(from, Values.widen(indexFunction.apply(element)), text));
		});
	}

	private static String bareNameProblem(Operand index) {
		return "the bare name '" + index.text() + "' is ambiguous as the key of a map";
	}

	private static String bareNameAction(Operand index) {
		return "Write ['" + index.text() + "'] for the key of that name.";
	}

	private static ResolvableType itemType(OfObject target) {
		return ResolvableType
			.forClass((CharSequence.class.isAssignableFrom(target.type())) ? String.class : Object.class);
	}

	private @Nullable Object item(Object from, @Nullable Object index, String text) {
		if (from instanceof Map<?, ?> map) {
			// A whole number in an expression is a Long, the keys of a map may be Integer
			Object value = map.get(index);
			return (value == null && index instanceof Long number && number == number.intValue())
					? map.get(number.intValue()) : value;
		}
		if (from instanceof JsonNode node && index instanceof String name) {
			return node.get(name);
		}
		if (!(index instanceof Long number)) {
			throw this.scope.invalid("the index of '" + text + "' is no whole number but "
					+ ((index != null) ? Scope.describe(index) : "null"));
		}
		int size = size(from, text);
		if (number < 0 || number >= size) {
			throw this.scope.invalid("'" + text + "' has no item " + number + ", but " + size + " items");
		}
		int position = number.intValue();
		if (from instanceof List<?> list) {
			return list.get(position);
		}
		return (from instanceof CharSequence characters) ? String.valueOf(characters.charAt(position))
				: Array.get(from, position);
	}

	private int size(Object from, String text) {
		if (from instanceof List<?> list) {
			return list.size();
		}
		if (from instanceof CharSequence characters) {
			return characters.length();
		}
		if (from.getClass().isArray()) {
			return Array.getLength(from);
		}
		throw this.scope.invalid("'" + text + "' needs a list, not " + Scope.describe(from));
	}

}
