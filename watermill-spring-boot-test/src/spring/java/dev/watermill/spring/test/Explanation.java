package dev.watermill.spring.test;

import java.util.List;

/**
 * Why elements with some key are in deliveries, or are not. Immutable.
 *
 * @param delivered whether any of them is in a delivery
 * @param lines the explanation, line by line
 * @since 0.1.0
 */
public record Explanation(boolean delivered, List<String> lines) {

	/**
	 * Create an explanation.
	 * @param delivered whether any of them is in a delivery
	 * @param lines the explanation, line by line
	 */
	public Explanation {
		lines = List.copyOf(lines);
	}

	@Override
	public String toString() {
		return String.join(System.lineSeparator(), this.lines);
	}

}
