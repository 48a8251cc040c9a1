package dev.watermill.join.internal;

import java.util.List;

/**
 * Matches that stay as they are. Immutable.
 */
final class FrozenMatches implements Matches {

	private final List<Object> elements;

	/** Those of the first element at each edge, then those of the second. */
	private final Matches[] below;

	private final int edges;

	FrozenMatches(List<Object> elements, Matches[] below, int edges) {
		this.elements = elements;
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
