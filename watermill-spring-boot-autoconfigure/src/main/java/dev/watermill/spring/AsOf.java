package dev.watermill.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.watermill.join.JoinKind;

/**
 * Says, beside {@link JoinOn}, that an element of the parent is joined with the one
 * element of this stream that is next to it, such as the last quote before a trade. The
 * argument is a {@code Map<P, C>}, or a {@code Map<P, Optional<C>>} where elements of the
 * parent without a match are wanted, too. Keys are numbers, instants, or local dates with
 * or without a time. Settings under {@code watermill.mills.<mill>.joins.<stream>} take
 * precedence.
 *
 * @since 0.1.0
 */
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface AsOf {

	/**
	 * Where the match is looked for.
	 * @return the direction
	 */
	Direction direction() default Direction.BACKWARD;

	/**
	 * How far the match may be, inclusive: a number in the unit of number keys, or a
	 * duration such as {@code 5s}. Empty for any distance.
	 * @return the distance
	 */
	String tolerance() default "";

	/**
	 * Whether an element with an equal key is a match.
	 * @return {@code false} to leave equal keys out
	 */
	boolean exact() default true;

	/**
	 * Expression that has to be equal on both sides, such as {@code symbol}. No order is
	 * asked of it.
	 * @return the expression
	 */
	String by() default "";

	/**
	 * What has to be equal, of the parent's elements.
	 * @return the expression
	 */
	String byLeft() default "";

	/**
	 * What has to be equal, of this stream's elements.
	 * @return the expression
	 */
	String byRight() default "";

	/**
	 * Where a match is looked for.
	 */
	enum Direction {

		/**
		 * The last element that is not behind; of equal keys the last.
		 */
		BACKWARD(JoinKind.Direction.BACKWARD),

		/**
		 * The first element that is not before; of equal keys the first.
		 */
		FORWARD(JoinKind.Direction.FORWARD),

		/**
		 * The nearer of these two; if both are equally far, the one before.
		 */
		NEAREST(JoinKind.Direction.NEAREST);

		private final JoinKind.Direction direction;

		Direction(JoinKind.Direction direction) {
			this.direction = direction;
		}

		/**
		 * Return the direction as the engine knows it.
		 * @return the direction
		 */
		public JoinKind.Direction toDirection() {
			return this.direction;
		}

	}

}
