package dev.watermill.join.internal;

import org.jspecify.annotations.Nullable;

/**
 * All elements of a child that anybody holds, the edge or whoever is above it, in the
 * order of their stream: a linked list, since they are let go in any order.
 */
final class HeldElements {

	/**
	 * Whether nobody knows an element that was let go, so that it is used again for
	 * another one.
	 */
	private final boolean reusing;

	/** The first of those that may be used again, linked as the others are. */
	private @Nullable HeldElement spare;

	private @Nullable HeldElement first;

	private @Nullable HeldElement last;

	HeldElements(boolean reusing) {
		this.reusing = reusing;
	}

	/**
	 * Return one that may become an element.
	 */
	HeldElement take() {
		HeldElement found = this.spare;
		if (found == null) {
			return new HeldElement(this);
		}
		this.spare = found.next;
		return found;
	}

	@Nullable HeldElement first() {
		return this.first;
	}

	void add(HeldElement element) {
		element.previous = this.last;
		element.next = null;
		if (this.last != null) {
			this.last.next = element;
		}
		else {
			this.first = element;
		}
		this.last = element;
	}

	void remove(HeldElement element) {
		HeldElement before = element.previous;
		HeldElement behind = element.next;
		if (before != null) {
			before.next = behind;
		}
		else {
			this.first = behind;
		}
		if (behind != null) {
			behind.previous = before;
		}
		else {
			this.last = before;
		}
		// whoever still leads to it leads nowhere else
		element.previous = null;
		element.next = null;
		if (this.reusing) {
			element.end();
			element.next = this.spare;
			this.spare = element;
		}
	}

	/**
	 * Have all that stand on a page keep where, since any of them may be the first one
	 * day. They are the last ones. Those before them that are still here when the next
	 * page goes note it, so that what was read is kept of one page only.
	 * @param page the page, which goes
	 */
	void keepStarts(Page page) {
		HeldElement held = this.last;
		while (held != null && held.keepRest(page)) {
			held = held.previous;
		}
		while (held != null && held.noteRest()) {
			held = held.previous;
		}
	}

}
