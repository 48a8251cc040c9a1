package dev.watermill;

import java.util.List;

/**
 * An element of a {@link RandomTree}.
 *
 * @param stream the name of its stream
 * @param id tells it from other elements, but for the few that are equal on purpose
 * @param ranks the order of its keys, one for each expression on the stream
 */
public record Item(String stream, int id, List<Integer> ranks) {

	int rank(int column) {
		return this.ranks.get(column);
	}

	@Override
	public String toString() {
		return this.stream + this.id + this.ranks;
	}

}
