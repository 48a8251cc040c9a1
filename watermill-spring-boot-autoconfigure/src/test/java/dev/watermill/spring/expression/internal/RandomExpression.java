package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * Random arithmetic with its own evaluation, which is as simple as it can be: in
 * arithmetic whole numbers are {@code BigInteger} and checked against 64 bits after each
 * step, all others are {@code Double}. Fields that no arithmetic is done with stay as
 * they are.
 */
interface RandomExpression {

	BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

	BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

	String[] OPERATORS = { "+", "-", "*", "/", "%" };

	String[] COMPARISONS = { "<", "<=", ">", ">=", "==", "!=" };

	/**
	 * Evaluate the expression.
	 * @param fields the fields of the element
	 * @return a {@code BigInteger}, {@code Double} or {@code BigDecimal}, or null
	 * @throws ArithmeticException if the element is invalid
	 */
	@Nullable Object evaluate(Map<String, @Nullable Object> fields);

	int precedence();

	default String within(int precedence) {
		return (precedence() < precedence) ? "(" + this + ")" : toString();
	}

	static RandomExpression generate(Random random, int depth, String[] names) {
		int choice = random.nextInt((depth > 0) ? 10 : 3);
		if (choice == 0) {
			return Literal.generate(random);
		}
		if (choice < 3) {
			return new Field(names[random.nextInt(names.length)]);
		}
		RandomExpression left = generate(random, depth - 1, names);
		if (choice == 3) {
			return new Negation(left);
		}
		RandomExpression right = generate(random, depth - 1, names);
		if (choice == 4) {
			return new Function((random.nextBoolean()) ? "#floorDiv" : "#floorMod", left, right);
		}
		if (choice == 5) {
			return new Choice(generate(random, depth - 2, names), COMPARISONS[random.nextInt(COMPARISONS.length)],
					generate(random, depth - 2, names), left, right);
		}
		return new Operation(OPERATORS[random.nextInt(OPERATORS.length)], left, right);
	}

	static Object check(Object value) {
		if (value instanceof BigInteger whole && (whole.compareTo(MIN) < 0 || whole.compareTo(MAX) > 0)) {
			throw new ArithmeticException("more than 64 bits");
		}
		return value;
	}

	static Object number(@Nullable Object value) {
		if (value == null) {
			throw new ArithmeticException("null");
		}
		return (value instanceof BigDecimal decimal) ? (Object) decimal.doubleValue() : check(value);
	}

	static Object compute(String operator, @Nullable Object leftOperand, @Nullable Object rightOperand) {
		Object left = number(leftOperand);
		Object right = number(rightOperand);
		if (left instanceof BigInteger a && right instanceof BigInteger b) {
			return check(compute(operator, a, b));
		}
		double a = ((Number) left).doubleValue();
		double b = ((Number) right).doubleValue();
		return switch (operator) {
			case "+" -> a + b;
			case "-" -> a - b;
			case "*" -> a * b;
			case "/" -> a / b;
			case "%" -> a % b;
			case "#floorDiv" -> Math.floor(a / b);
			default -> (a % b != 0 && Math.signum(a) != Math.signum(b)) ? a % b + b : a % b;
		};
	}

	private static BigInteger compute(String operator, BigInteger a, BigInteger b) {
		return switch (operator) {
			case "+" -> a.add(b);
			case "-" -> a.subtract(b);
			case "*" -> a.multiply(b);
			case "/" -> a.divide(b);
			case "%" -> a.remainder(b);
			case "#floorDiv" -> floorDiv(a, b);
			default -> a.subtract(floorDiv(a, b).multiply(b));
		};
	}

	private static BigInteger floorDiv(BigInteger a, BigInteger b) {
		return new BigDecimal(a).divide(new BigDecimal(b), 0, RoundingMode.FLOOR).toBigInteger();
	}

	record Literal(Object value) implements RandomExpression {

		private static final long[] NUMBERS = { 0, 1, 2, 3, 7, 10, 30, 60, 1000, Integer.MAX_VALUE, 1L << 31,
				3000000000L, Long.MAX_VALUE, Long.MIN_VALUE };

		static Literal generate(Random random) {
			if (random.nextInt(4) == 0) {
				return new Literal(random.nextInt(1000) / 8.0);
			}
			return new Literal(BigInteger.valueOf(NUMBERS[random.nextInt(NUMBERS.length)]));
		}

		@Override
		public Object evaluate(Map<String, @Nullable Object> fields) {
			return this.value;
		}

		@Override
		public int precedence() {
			return (this.value.equals(MIN)) ? 3 : 4;
		}

		@Override
		public String toString() {
			return this.value.toString();
		}

	}

	record Field(String name) implements RandomExpression {

		@Override
		public @Nullable Object evaluate(Map<String, @Nullable Object> fields) {
			Object value = fields.get(this.name);
			if (value == null || value instanceof BigInteger || value instanceof BigDecimal) {
				return value;
			}
			Number number = (Number) value;
			return (number instanceof Float || number instanceof Double) ? (Object) number.doubleValue()
					: BigInteger.valueOf(number.longValue());
		}

		@Override
		public int precedence() {
			return 4;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	record Negation(RandomExpression operand) implements RandomExpression {

		@Override
		public Object evaluate(Map<String, @Nullable Object> fields) {
			Object value = number(this.operand.evaluate(fields));
			return (value instanceof BigInteger whole) ? check(whole.negate()) : -(Double) value;
		}

		@Override
		public int precedence() {
			return 3;
		}

		@Override
		public String toString() {
			return "- " + this.operand.within(3);
		}

	}

	record Operation(String operator, RandomExpression left, RandomExpression right) implements RandomExpression {

		@Override
		public Object evaluate(Map<String, @Nullable Object> fields) {
			return compute(this.operator, this.left.evaluate(fields), this.right.evaluate(fields));
		}

		@Override
		public int precedence() {
			return ("+-".contains(this.operator)) ? 1 : 2;
		}

		@Override
		public String toString() {
			return this.left.within(precedence()) + " " + this.operator + " " + this.right.within(precedence() + 1);
		}

	}

	record Function(String name, RandomExpression left, RandomExpression right) implements RandomExpression {

		@Override
		public Object evaluate(Map<String, @Nullable Object> fields) {
			return compute(this.name, this.left.evaluate(fields), this.right.evaluate(fields));
		}

		@Override
		public int precedence() {
			return 4;
		}

		@Override
		public String toString() {
			return this.name + "(" + this.left + ", " + this.right + ")";
		}

	}

	record Choice(RandomExpression left, String comparison, RandomExpression right, RandomExpression then,
			RandomExpression otherwise) implements RandomExpression {

		@Override
		public @Nullable Object evaluate(Map<String, @Nullable Object> fields) {
			return (holds(this.left.evaluate(fields), this.right.evaluate(fields))) ? this.then.evaluate(fields)
					: this.otherwise.evaluate(fields);
		}

		private boolean holds(@Nullable Object left, @Nullable Object right) {
			if (left == null || right == null) {
				return switch (this.comparison) {
					case "==" -> left == right;
					case "!=" -> left != right;
					default -> throw new ArithmeticException("null");
				};
			}
			if ((left instanceof Double a && a.isNaN()) || (right instanceof Double b && b.isNaN())) {
				return this.comparison.equals("!=");
			}
			int order = compare(left, right);
			return switch (this.comparison) {
				case "<" -> order < 0;
				case "<=" -> order <= 0;
				case ">" -> order > 0;
				case ">=" -> order >= 0;
				case "==" -> order == 0;
				default -> order != 0;
			};
		}

		private static int compare(Object left, Object right) {
			boolean infinite = (left instanceof Double a && a.isInfinite())
					|| (right instanceof Double b && b.isInfinite());
			if (infinite) {
				return Double.compare(((Number) left).doubleValue(), ((Number) right).doubleValue());
			}
			return exact(left).compareTo(exact(right));
		}

		private static BigDecimal exact(Object value) {
			if (value instanceof BigDecimal decimal) {
				return decimal;
			}
			return (value instanceof BigInteger whole) ? new BigDecimal(whole) : new BigDecimal((Double) value);
		}

		@Override
		public int precedence() {
			return 0;
		}

		@Override
		public String toString() {
			return this.left.within(1) + " " + this.comparison + " " + this.right.within(1) + " ? " + this.then + " : "
					+ this.otherwise;
		}

	}

}
