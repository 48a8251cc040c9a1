package dev.watermill.spring.expression.internal;

import java.lang.reflect.Member;
import java.util.Map;
import java.util.function.Function;

import dev.watermill.codec.internal.JsonProblem;
import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.internal.KeyWords;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a field, or calls a method without arguments, of objects whose type is not known
 * at start. What a class offers is looked up once.
 */
final class UntypedMember implements Function<Object, @Nullable Object> {

	private final Scope scope;

	private final String name;

	private final boolean method;

	private final ClassValue<Function<Object, @Nullable Object>> accessors = new ClassValue<>() {

		@Override
		protected Function<Object, @Nullable Object> computeValue(Class<?> type) {
			return accessor(type);
		}

	};

	private UntypedMember(Scope scope, String name, boolean method) {
		this.scope = scope;
		this.name = name;
		this.method = method;
	}

	static UntypedMember property(Scope scope, String name) {
		return new UntypedMember(scope, name, false);
	}

	static UntypedMember method(Scope scope, String name) {
		return new UntypedMember(scope, name, true);
	}

	@Override
	public @Nullable Object apply(Object target) {
		if (!this.method) {
			if (target instanceof JsonNode node) {
				if (node.isString() && JsonProblem.isEncodedTwice(node.stringValue())) {
					throw this.scope.invalid("the field '" + this.name
							+ "' is to be read from a text that holds JSON: it " + "was encoded twice");
				}
				return Values.read(node.get(this.name));
			}
			if (target instanceof Map<?, ?> map) {
				return Values.read(map.get(this.name));
			}
		}
		return Values.read(this.accessors.get(target.getClass()).apply(target));
	}

	private Function<Object, @Nullable Object> accessor(Class<?> type) {
		Member member = (this.method) ? Members.accessor(type, this.name) : Members.property(type, this.name);
		if (member == null) {
			return (target) -> {
				throw missing(target);
			};
		}
		try {
			return Accessor.of(member).toObject();
		}
		catch (IllegalAccessException ex) {
			return (target) -> {
				throw missing(target);
			};
		}
	}

	private InvalidKeyException missing(Object target) {
		return this.scope.invalid(KeyWords.withArticle(target.getClass().getSimpleName()) + " has no accessible "
				+ ((this.method) ? "method '" + this.name + "()'" : "field '" + this.name + "'") + hint(target));
	}

	private String hint(Object target) {
		if (!(target instanceof String text)) {
			return "";
		}
		if (JsonProblem.isEncodedTwice(text)) {
			return ", but holds JSON: it was encoded twice";
		}
		return this.method ? " (write #long(...) for the number in a text)" : "";
	}

}
