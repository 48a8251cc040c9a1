package dev.watermill.join.internal;

import java.util.List;

/**
 * Matches that stay as they are. Immutable.
 */
final class FrozenMatches implements Matches {

	private final List<Object> elements;

	private final long[] numbers;

	/** Those of the first element at each edge, then those of the second. */
	private final Matches[] below;

	private final int edges;

	FrozenMatches(List<Object> elements, long[] numbers, Matches[] below, int edges) {
		this.elements = elements;
		this.numbers = numbers;
		this.below = below;
		this.edges = edges;
	}

	@Override
	public int size() {
		return this.elements.size();
	}

	@Override
	public boolean isEmpty() {
		return this.elements.isEmpty();
	}

	@Override
	public Object get(int index) {
		return this.elements.get(index);
	}

	@Override
	public long number(int index) {
		return this.numbers[index];
	}

	@Override
	public Matches below(int index, int edge) {
		return this.below[index * this.edges + edge];
	}

	@Override
	public List<Object> asList() {
		return this.elements;
	}

	@Override
	public boolean isReused() {
		return false;
	}

	@Override
	public Matches frozen() {
		return this;
	}

}
