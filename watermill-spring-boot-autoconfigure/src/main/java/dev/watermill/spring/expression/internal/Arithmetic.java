package dev.watermill.spring.expression.internal;

/**
 * The arithmetic of keys: whole numbers have 64 bits and never wrap around, floating
 * point is Java's.
 */
enum Arithmetic {

	PLUS("+") {
		@Override
		long apply(long left, long right) {
			return Math.addExact(left, right);
		}

		@Override
		double apply(double left, double right) {
			return left + right;
		}
	},

	MINUS("-") {
		@Override
		long apply(long left, long right) {
			return Math.subtractExact(left, right);
		}

		@Override
		double apply(double left, double right) {
			return left - right;
		}
	},

	TIMES("*") {
		@Override
		long apply(long left, long right) {
			return Math.multiplyExact(left, right);
		}

		@Override
		double apply(double left, double right) {
			return left * right;
		}
	},

	DIVIDE("/") {
		@Override
		long apply(long left, long right) {
			return checkQuotient(left, right, left / right);
		}

		@Override
		double apply(double left, double right) {
			return left / right;
		}
	},

	REMAINDER("%") {
		@Override
		long apply(long left, long right) {
			return left % right;
		}

		@Override
		double apply(double left, double right) {
			return left % right;
		}
	},

	FLOOR_DIV("#floorDiv") {
		@Override
		long apply(long left, long right) {
			return checkQuotient(left, right, Math.floorDiv(left, right));
		}

		@Override
		double apply(double left, double right) {
			return Math.floor(left / right);
		}
	},

	FLOOR_MOD("#floorMod") {
		@Override
		long apply(long left, long right) {
			return Math.floorMod(left, right);
		}

		@Override
		double apply(double left, double right) {
			double remainder = left % right;
			return (remainder != 0 && (remainder < 0) != (right < 0)) ? remainder + right : remainder;
		}
	};

	private final String symbol;

	Arithmetic(String symbol) {
		this.symbol = symbol;
	}

	/**
	 * Compute with whole numbers.
	 * @param left the left operand
	 * @param right the right operand
	 * @return the result
	 * @throws ArithmeticException if there is none of 64 bits
	 */
	abstract long apply(long left, long right);

	/**
	 * Compute with floating point numbers.
	 * @param left the left operand
	 * @param right the right operand
	 * @return the result, maybe infinite or NaN
	 */
	abstract double apply(double left, double right);

	/**
	 * Compute with whole numbers.
	 * @param left the left operand
	 * @param right the right operand
	 * @param scope names the expression
	 * @return the result
	 * @throws dev.watermill.key.InvalidKeyException if there is none of 64 bits
	 */
	long apply(long left, long right, Scope scope) {
		try {
			return apply(left, right);
		}
		catch (ArithmeticException ex) {
			// The cause is found out anew: a hot exception may come without its message
			boolean divides = this != PLUS && this != MINUS && this != TIMES;
			throw scope.invalid(((divides && right == 0) ? "division by zero: " : "more than 64 bits: ")
					+ describe(String.valueOf(left), String.valueOf(right)));
		}
	}

	String describe(String left, String right) {
		return (isFunction()) ? this.symbol + "(" + left + ", " + right + ")" : left + " " + this.symbol + " " + right;
	}

	boolean isFunction() {
		return this.symbol.startsWith("#");
	}

	String symbol() {
		return this.symbol;
	}

	private static long checkQuotient(long left, long right, long quotient) {
		// The only quotient of 64-bit numbers that is none, and Java gives it silently
		if (left == Long.MIN_VALUE && right == -1) {
			throw new ArithmeticException();
		}
		return quotient;
	}

}
