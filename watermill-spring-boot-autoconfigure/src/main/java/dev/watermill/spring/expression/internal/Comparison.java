package dev.watermill.spring.expression.internal;

/**
 * The comparison operators, with Java's answers for NaN.
 */
enum Comparison {

	EQUAL("==") {
		@Override
		boolean test(long left, long right) {
			return left == right;
		}

		@Override
		boolean test(double left, double right) {
			return left == right;
		}
	},

	NOT_EQUAL("!=") {
		@Override
		boolean test(long left, long right) {
			return left != right;
		}

		@Override
		boolean test(double left, double right) {
			return left != right;
		}
	},

	LESS("<") {
		@Override
		boolean test(long left, long right) {
			return left < right;
		}

		@Override
		boolean test(double left, double right) {
			return left < right;
		}
	},

	LESS_OR_EQUAL("<=") {
		@Override
		boolean test(long left, long right) {
			return left <= right;
		}

		@Override
		boolean test(double left, double right) {
			return left <= right;
		}
	},

	GREATER(">") {
		@Override
		boolean test(long left, long right) {
			return left > right;
		}

		@Override
		boolean test(double left, double right) {
			return left > right;
		}
	},

	GREATER_OR_EQUAL(">=") {
		@Override
		boolean test(long left, long right) {
			return left >= right;
		}

		@Override
		boolean test(double left, double right) {
			return left >= right;
		}
	};

	private final String symbol;

	Comparison(String symbol) {
		this.symbol = symbol;
	}

	abstract boolean test(long left, long right);

	abstract boolean test(double left, double right);

	/**
	 * Whether this asks for equality, which null has too.
	 * @return {@code false} if it asks for an order
	 */
	boolean isEquality() {
		return this == EQUAL || this == NOT_EQUAL;
	}

	String symbol() {
		return this.symbol;
	}

}
