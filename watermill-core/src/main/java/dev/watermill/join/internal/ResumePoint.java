package dev.watermill.join.internal;

import java.util.List;
import java.util.stream.Stream;

import dev.watermill.broker.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream is to be taken up again: at the first of its elements that anybody may
 * still need.
 * <p>
 * <b>The invariant</b>: at any moment, taken up at their resume points all streams
 * together deliver the same from here on. Elements are needed by those who hold them, or
 * may yet be asked for. Held are, from the first on: those below the open windows, in the
 * order in which they were opened; those below what the edges on the way from the master
 * hold, from the top down, since what an edge holds is for elements at or behind those
 * held above. What is yet to be asked for is not before the cursor. So the first that is
 * found in this order is the first of all, and without any it is where the cursor stands.
 * <p>
 * Where an edge holds elements one by one its list has them all in the order of the
 * stream, whoever holds them; there the first is the first of the list, and streams below
 * are needed from the first on that an element of the list has among its matches.
 * <p>
 * Of all that is held, and it may be much, only those that may be found here have to know
 * where they start, one for each window and level at most: they note it when their page
 * goes, and nothing that is held keeps a page alive.
 */
final class ResumePoint {

	private final Cursor cursor;

	/** The open windows, in the order in which they were opened. */
	private final List<HeldWindow> windows;

	/** From the master down to the stream. */
	private final List<Step> path;

	/**
	 * The last edge on the path that holds elements one by one: whatever is held of that
	 * stream, by whomever, is in its list. -1 if there is none.
	 */
	private final int listed;

	private ResumePoint(Cursor cursor, List<HeldWindow> windows, List<Step> path) {
		this.cursor = cursor;
		this.windows = windows;
		this.path = path;
		int last = path.size() - 1;
		while (last >= 0 && path.get(last).edge().held() == null) {
			last--;
		}
		this.listed = last;
	}

	static ResumePoint ofMaster(Branch master, List<HeldWindow> windows) {
		return new ResumePoint(master.cursor, windows, List.of());
	}

	/**
	 * Return that of a child.
	 * @param parent the stream of this resume point
	 * @param number the number of the edge among its edges
	 */
	ResumePoint below(Branch parent, int number) {
		Edge edge = parent.edges[number];
		List<Step> longer = Stream.concat(this.path.stream(), Stream.of(new Step(parent, edge, number))).toList();
		return new ResumePoint(edge.child.cursor, this.windows, longer);
	}

	/**
	 * Where the stream is taken up again after a stop.
	 */
	Checkpoint.Input get() {
		return at(firstHeld());
	}

	/**
	 * The number of the element there.
	 */
	long number() {
		HeldMatches held = firstHeld();
		return (held != null) ? held.number() : this.cursor.number();
	}

	/**
	 * Where that is.
	 */
	Standing standing() {
		HeldMatches held = firstHeld();
		return (held != null) ? held.standing() : this.cursor.standing();
	}

	/**
	 * Where the elements of a window begin in this stream.
	 */
	Standing standing(HeldWindow window) {
		HeldMatches held = first(window, 0);
		return (held != null) ? held.standing() : this.cursor.standing();
	}

	/**
	 * Where the stream is taken up again after the mill completed since streams were
	 * over: behind the mark, or else behind what was read. What is held below a stream
	 * that is over nobody will ask for.
	 */
	Checkpoint.Input behind() {
		int asked = this.path.size();
		while (asked > 0 && !this.path.get(asked - 1).parent().cursor.place().isKnownOver()) {
			asked--;
		}
		if (asked == this.path.size()) {
			return this.cursor.completion().behindAll();
		}
		return this.cursor.completion().behind(at((this.listed >= asked) ? firstListed() : firstAtEdges(asked)));
	}

	private Checkpoint.Input at(@Nullable HeldMatches held) {
		return (held != null) ? this.cursor.place().from(held.start().input(), held.number())
				: this.cursor.place().checkpoint();
	}

	/**
	 * Have all that start on a page note where.
	 * @param page the page, which goes
	 */
	void keepStarts(Page page) {
		HeldElements elements = held();
		if (elements != null && this.listed == this.path.size() - 1) {
			elements.keepStarts(page);
			return;
		}
		if (elements != null) {
			for (HeldElement held = elements.first(); held != null; held = held.next) {
				keepStart(first(held, this.listed + 1), page);
			}
		}
		else {
			for (HeldWindow window : this.windows) {
				keepStart(first(window, 0), page);
			}
		}
		for (int i = this.listed + 1; i < this.path.size(); i++) {
			keepStart(first(this.path.get(i).edge().matches(), i + 1), page);
		}
	}

	private static void keepStart(@Nullable HeldMatches first, Page page) {
		if (first != null) {
			first.keepStart(page);
		}
	}

	private @Nullable HeldElements held() {
		return (this.listed >= 0) ? this.path.get(this.listed).edge().held() : null;
	}

	private @Nullable HeldMatches firstHeld() {
		if (this.listed >= 0) {
			return firstListed();
		}
		for (HeldWindow window : this.windows) {
			HeldMatches found = first(window, 0);
			if (found != null) {
				return found;
			}
		}
		return firstAtEdges(0);
	}

	private @Nullable HeldMatches firstListed() {
		HeldElements elements = held();
		HeldElement held = (elements != null) ? elements.first() : null;
		while (held != null) {
			HeldMatches found = first(held, this.listed + 1);
			if (found != null) {
				return found;
			}
			held = held.next;
		}
		return firstAtEdges(this.listed + 1);
	}

	private @Nullable HeldMatches firstAtEdges(int from) {
		for (int i = from; i < this.path.size(); i++) {
			HeldMatches found = first(this.path.get(i).edge().matches(), i + 1);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	/**
	 * The first matches of this stream below others: mostly below their first element,
	 * which may have none where it needs none.
	 */
	private @Nullable HeldMatches first(HeldMatches above, int depth) {
		if (depth == this.path.size()) {
			return above.isEmpty() ? null : above;
		}
		for (int i = 0; i < above.size(); i++) {
			HeldMatches found = first(above.below(i, this.path.get(depth).number()), depth + 1);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	private record Step(Branch parent, Edge edge, int number) {

	}

}
