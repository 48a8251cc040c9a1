package dev.watermill.join.internal;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Matches that know where their first element stands: on its page, or what was kept or
 * noted of that when the page went.
 */
abstract class StartedMatches extends HeldMatches {

	private @Nullable Page startPage;

	private int startIndex;

	/** What is left of its page for it, while the page is gone and nothing is noted. */
	private @Nullable PageRest rest;

	/** What is to be known of the start when its page is gone. */
	private @Nullable NotedStanding noted;

	/**
	 * Note on which page the first element stands.
	 */
	final void startsOn(Page page) {
		if (this.startPage != page) {
			// mostly it is the same, and a read costs less than a write
			this.startPage = page;
			this.rest = null;
			this.noted = null;
		}
	}

	/**
	 * Note where on that page.
	 */
	final void startsAt(int index) {
		this.startIndex = index;
	}

	/**
	 * Forget the page, since there is no element any more.
	 */
	final void forgetPage() {
		this.startPage = null;
		this.rest = null;
	}

	/**
	 * Keep for now, if the first element stands on a page, what is left of that when it
	 * goes: to note it takes longer, and mostly nobody asks.
	 * @return whether it stands there
	 */
	final boolean keepRest(Page page) {
		if (this.startPage != page) {
			return false;
		}
		this.rest = page.rest(this.startIndex, this.startIndex + 1);
		this.startPage = null;
		return true;
	}

	/**
	 * Note what is to be known of the first element if something is kept for that.
	 * @return whether it was
	 */
	final boolean noteRest() {
		PageRest kept = this.rest;
		if (kept == null) {
			return false;
		}
		this.noted = kept.note(this.startIndex);
		this.rest = null;
		return true;
	}

	@Override
	final NotedStanding start() {
		if (this.noted != null) {
			return this.noted;
		}
		return (this.rest != null) ? this.rest.note(this.startIndex)
				: Objects.requireNonNull(this.startPage).note(this.startIndex);
	}

	@Override
	final long number() {
		if (this.noted != null) {
			return this.noted.number();
		}
		// a page that was let go still knows its number
		return (this.rest != null) ? this.rest.number(this.startIndex)
				: Objects.requireNonNull(this.startPage).number + this.startIndex;
	}

	@Override
	final Standing standing() {
		if (this.noted != null) {
			return this.noted;
		}
		return (this.rest != null) ? this.rest.standing(this.startIndex)
				: Objects.requireNonNull(this.startPage).standing(this.startIndex);
	}

	@Override
	final void keepStart(Page page) {
		if (this.startPage == page) {
			this.noted = start();
			this.startPage = null;
		}
	}

}
