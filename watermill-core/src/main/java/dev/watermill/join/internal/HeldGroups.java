package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * The groups of one node by which it may be asked for its position: the first of a
 * window, the first of an edge's open group, and whatever is first below these. Of all
 * groups that are held, and they may be many, only these have to know where they start,
 * so they alone take a mark when a page goes. There is one of them for each level at
 * most. Immutable.
 */
final class HeldGroups {

	static final HeldGroups OF_MASTER = new HeldGroups(List.of());

	/** From the master down to the node. */
	private final List<Step> path;

	private HeldGroups(List<Step> path) {
		this.path = path;
	}

	/**
	 * Return the groups of a child.
	 * @param edge the edge to the child
	 * @param number its number among the edges of this node
	 */
	HeldGroups below(Edge edge, int number) {
		List<Step> longer = new ArrayList<>(this.path);
		longer.add(new Step(edge, number));
		return new HeldGroups(List.copyOf(longer));
	}

	/**
	 * Take the marks of all that start on a page.
	 * @param page the page, which goes
	 * @param windows what holds the master's elements
	 */
	void keepStarts(Page page, List<Group> windows) {
		for (Group window : windows) {
			keepStart(window, 0, page);
		}
		for (int i = 0; i < this.path.size(); i++) {
			keepStart(this.path.get(i).edge().open(), i + 1, page);
		}
	}

	private void keepStart(Group above, int from, Page page) {
		Group group = above;
		for (int i = from; i < this.path.size() && !group.isEmpty(); i++) {
			group = group.below(0, this.path.get(i).number());
		}
		if (!group.isEmpty()) {
			group.keepStart(page);
		}
	}

	private record Step(Edge edge, int number) {

	}

}
