package dev.watermill.join.internal;

/**
 * A run of a master with one child of which all is asked for that lies within a distance,
 * as {@link NearEdge} holds it.
 */
final class NearRun extends MatchRun {

	private final Cursor parent;

	private final NearEdge edge;

	private final HeldMatches matches;

	private final StreamAccount account;

	NearRun(Cursor parent, NearEdge edge) {
		this.parent = parent;
		this.edge = edge;
		this.matches = edge.matches();
		this.account = edge.child.account;
	}

	@Override
	int ahead(int most) {
		Cursor cursor = this.parent;
		int first = cursor.index + 1;
		int end = Math.min(first + most, cursor.limit);
		return (first < end) ? this.edge.ahead(cursor.page, first, end) : 0;
	}

	@Override
	void next(Group single) {
		this.matches.markDelivered(this.account.commits());
		Cursor cursor = this.parent;
		int index = cursor.index + 1;
		cursor.index = index;
		this.edge.seek(cursor.page, index);
		single.show(cursor.page.elements[index]);
	}

}
