package dev.watermill.join.internal;

import java.util.function.Supplier;

import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * The check of a stream's order beyond what the merge needs: it is about to act upon the
 * last key of a page, or to wait, or to end, and may never come to the element that shows
 * that this key, or one behind it, is not where it belongs. Reads at most one page ahead,
 * and does not wait for it.
 */
final class OrderCheck {

	/** Whether a key that goes back stops the mill. */
	private final boolean strict;

	/** The next page, if it is there. */
	private final Supplier<@Nullable Page> ahead;

	OrderCheck(boolean strict, Supplier<@Nullable Page> ahead) {
		this.strict = strict;
		this.ahead = ahead;
	}

	/**
	 * Before which element of a page {@link #atLastKey} is due: the first with the last
	 * key, or behind them all.
	 */
	int limit(Page page) {
		return this.strict ? Math.max(page.lastRun(), 0) : page.size;
	}

	/**
	 * Check, before the last key of a page is used, whether it is where it belongs.
	 * @throws StreamException if a key goes back next to it
	 */
	void atLastKey(Page page) {
		if (!this.strict) {
			return;
		}
		if (page.disorder != null) {
			throw page.disorder;
		}
		Page next = this.ahead.get();
		if (next != null && next.disorder != null && (next.size == 0 || next.lastRun() < 0)) {
			throw next.disorder;
		}
	}

	/**
	 * Check all that was read, and the next page from the last key on, since the merge
	 * may stay where it is.
	 * @param page where the merge stands
	 * @param index the index there
	 * @throws StreamException if a key goes back
	 */
	void whereItStands(Page page, int index) {
		if (!this.strict) {
			return;
		}
		if (page.disorder != null) {
			throw page.disorder;
		}
		Page next = (index >= limit(page)) ? this.ahead.get() : null;
		if (next != null && next.disorder != null) {
			throw next.disorder;
		}
	}

}
