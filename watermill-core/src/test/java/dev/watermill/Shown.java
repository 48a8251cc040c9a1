package dev.watermill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A delivery as a value that can be kept and compared, the order of everything included.
 *
 * @param master the master elements
 * @param joins the parents with their matches, in order, for each node but the master
 */
public record Shown(List<Item> master, List<List<Pair>> joins) {

	/**
	 * Show a map as a list of pairs.
	 */
	static List<Pair> pairs(Map<Item, List<Item>> matches) {
		List<Pair> pairs = new ArrayList<>();
		matches.forEach((parent, children) -> pairs.add(new Pair(parent, List.copyOf(children))));
		return pairs;
	}

	/**
	 * A parent with its matches.
	 *
	 * @param parent the parent
	 * @param matches its matches
	 */
	public record Pair(Item parent, List<Item> matches) {

	}

}
