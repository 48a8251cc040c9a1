package dev.watermill.join.internal;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Matches that know where their first element stands: on its page, or what was noted of
 * that when the page went.
 */
abstract class StartedMatches extends HeldMatches {

	private @Nullable Page startPage;

	private int startIndex;

	/** What is to be known of the start when its page is gone. */
	private @Nullable NotedStanding noted;

	/**
	 * Note on which page the first element stands.
	 */
	final void startsOn(Page page) {
		if (this.startPage != page) {
			// mostly it is the same, and a read costs less than a write
			this.startPage = page;
			this.noted = null;
		}
	}

	/**
	 * Note where on that page.
	 */
	final void startsAt(int index) {
		this.startIndex = index;
	}

	final boolean isStartOn(Page page) {
		return this.startPage == page;
	}

	/**
	 * Forget the page, since there is no element any more.
	 */
	final void forgetPage() {
		this.startPage = null;
	}

	@Override
	final NotedStanding start() {
		return (this.noted != null) ? this.noted : Objects.requireNonNull(this.startPage).note(this.startIndex);
	}

	@Override
	final long number() {
		// a page that was let go still knows its number
		return (this.noted != null) ? this.noted.number()
				: Objects.requireNonNull(this.startPage).number + this.startIndex;
	}

	@Override
	final Standing standing() {
		return (this.noted != null) ? this.noted : Objects.requireNonNull(this.startPage).standing(this.startIndex);
	}

	@Override
	final void keepStart(Page page) {
		if (this.startPage == page) {
			this.noted = start();
			this.startPage = null;
		}
	}

}
