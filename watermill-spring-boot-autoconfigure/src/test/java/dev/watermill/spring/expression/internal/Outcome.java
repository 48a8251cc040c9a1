package dev.watermill.spring.expression.internal;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * What came of an expression over an element: a key in its normal form, or nothing since
 * the element is invalid.
 *
 * @param key the key
 * @param failure why there is none; not compared
 */
record Outcome(@Nullable Object key, @Nullable RuntimeException failure) {

	static Outcome of(String expression, Object element, Typing typing) {
		return of(expression, ResolvableType.forClass(element.getClass()), element, typing);
	}

	static Outcome of(String expression, ResolvableType type, Object element, Typing typing) {
		try {
			return of(KeyExpressions.compile(expression, type, typing), element);
		}
		catch (ExpressionException ex) {
			return new Outcome(null, ex);
		}
	}

	static Outcome of(KeyFunction<Object> function, Object element) {
		try {
			return new Outcome(Keys.normalize(evaluate(function, element)), null);
		}
		catch (InvalidKeyException ex) {
			return new Outcome(null, ex);
		}
		catch (NullPointerException | ClassCastException ex) {
			throw new AssertionError("an accident, not an invalid element", ex);
		}
		catch (RuntimeException ex) {
			// thrown by the element itself
			return new Outcome(ex.getClass(), ex);
		}
	}

	static @Nullable Object evaluate(KeyFunction<Object> function, Object element) {
		if (function instanceof KeyFunction.OfLong<Object> number) {
			return number.function().applyAsLong(element);
		}
		if (function instanceof KeyFunction.OfDouble<Object> number) {
			return number.function().applyAsDouble(element);
		}
		return ((KeyFunction.OfObject<Object>) function).function().apply(element);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Outcome outcome
				&& ((this.key != null) ? this.key.equals(outcome.key) : outcome.key == null);
	}

	@Override
	public int hashCode() {
		return (this.key != null) ? this.key.hashCode() : 0;
	}

	@Override
	public String toString() {
		return (this.key != null) ? this.key + " (" + this.key.getClass().getSimpleName() + ")"
				: "invalid: " + this.failure;
	}

}
