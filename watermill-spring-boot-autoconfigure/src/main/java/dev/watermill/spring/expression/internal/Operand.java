package dev.watermill.spring.expression.internal;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * A compiled part of an expression: a function of the element. The primitive forms cost
 * no boxing and are never null.
 */
sealed interface Operand {

	/**
	 * The part as text, for messages.
	 * @return the text
	 */
	String text();

	/**
	 * The same as a function of objects.
	 * @return a function with the type {@code Long}, {@code Double} or {@code Boolean} if
	 * this is a primitive form
	 */
	OfObject boxed();

	/**
	 * The type of the values as far as it is known at start.
	 * @return the type, {@code Object.class} if it is not known
	 */
	default Class<?> type() {
		return boxed().generic().resolve(Object.class);
	}

	/**
	 * The same with a type that is not known before the value is.
	 * @return a function of objects
	 */
	default OfObject untyped() {
		OfObject boxed = boxed();
		return new OfObject(boxed.text(), ResolvableType.forClass(Object.class), boxed.function());
	}

	/**
	 * A whole number.
	 *
	 * @param text the part as text
	 * @param function computes the number
	 * @param constant the number if it is the same for every element
	 */
	record OfLong(String text, ToLongFunction<Object> function, @Nullable Long constant) implements Operand {

		static OfLong constant(String text, long value) {
			return new OfLong(text, (element) -> value, value);
		}

		@Override
		public OfObject boxed() {
			ToLongFunction<Object> unboxed = this.function;
			return new OfObject(this.text, ResolvableType.forClass(Long.class), unboxed::applyAsLong);
		}

	}

	/**
	 * A floating point number.
	 *
	 * @param text the part as text
	 * @param function computes the number
	 */
	record OfDouble(String text, ToDoubleFunction<Object> function) implements Operand {

		@Override
		public OfObject boxed() {
			ToDoubleFunction<Object> unboxed = this.function;
			return new OfObject(this.text, ResolvableType.forClass(Double.class), unboxed::applyAsDouble);
		}

	}

	/**
	 * A condition.
	 *
	 * @param text the part as text
	 * @param function decides
	 */
	record OfBoolean(String text, Predicate<Object> function) implements Operand {

		@Override
		public OfObject boxed() {
			Predicate<Object> unboxed = this.function;
			return new OfObject(this.text, ResolvableType.forClass(Boolean.class), unboxed::test);
		}

	}

	/**
	 * Anything else, and whatever may be null. Values of the type {@code Long} may be
	 * narrower whole numbers, those of {@code Double} may be {@code Float}.
	 *
	 * @param text the part as text
	 * @param generic the type of the values
	 * @param function computes the value
	 */
	record OfObject(String text, ResolvableType generic,
			Function<Object, @Nullable Object> function) implements Operand {

		private static final Function<Object, @Nullable Object> ELEMENT = (element) -> element;

		static OfObject element(ResolvableType type) {
			return new OfObject("the element", type, ELEMENT);
		}

		boolean isElement() {
			return this.function == ELEMENT;
		}

		@Override
		public OfObject boxed() {
			return this;
		}

	}

}
