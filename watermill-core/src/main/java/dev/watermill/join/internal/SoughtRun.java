package dev.watermill.join.internal;

/**
 * A run whose matches each edge seeks as ever, which is known to find them at once.
 */
final class SoughtRun extends MatchRun {

	private final Cursor parent;

	private final StreamAccount account;

	private final Edge[] edges;

	SoughtRun(Branch master) {
		this.parent = master.cursor;
		this.account = master.account;
		this.edges = master.edges;
	}

	@Override
	int ahead(int most) {
		Cursor cursor = this.parent;
		int first = cursor.index + 1;
		int known = Math.min(most, cursor.limit - first);
		for (Edge edge : this.edges) {
			if (known <= 0) {
				return 0;
			}
			known = edge.ahead(cursor.page, first, first + known);
		}
		return known;
	}

	@Override
	void next(Group single) {
		single.markDelivered(this.account.commits());
		Cursor cursor = this.parent;
		cursor.advance();
		for (Edge edge : this.edges) {
			edge.seek(cursor.page, cursor.index);
		}
		single.show(cursor.element());
	}

}
