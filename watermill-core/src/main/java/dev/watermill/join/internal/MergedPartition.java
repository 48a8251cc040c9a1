package dev.watermill.join.internal;

import java.time.Duration;

import dev.watermill.broker.Batch;
import dev.watermill.broker.MergedSource;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a stream whose partitions are merged: what was read of it, and how far
 * it is in pages that were made. Used by one thread, but for {@link #remaining()}.
 */
final class MergedPartition {

	final int number;

	private final @Nullable String name;

	private final String location;

	private final PageReader reader;

	private final OrderCheck order;

	/**
	 * Whether it had shown its mark when reading began, and others had not: nothing is
	 * read of it.
	 */
	private final boolean done;

	Page page;

	/** The next element that is in no page yet. */
	int index;

	/** Before which element the order is checked against what follows. */
	private int limit;

	/** How many of the rejected elements of the page are in pages. */
	int rejectedPassed;

	/** How many marks were passed, counted from a place that all partitions share. */
	private int segment;

	/** The next page, if it was read already. */
	private @Nullable Page following;

	/** Whether others went on without it, so that what comes next may be before them. */
	private boolean overtaken;

	MergedPartition(int number, MergedSource.Partition<?> of, PageReader reader, boolean strict, boolean done,
			int segment) {
		this.number = number;
		this.name = of.name();
		this.location = of.source().location();
		this.reader = reader;
		this.order = new OrderCheck(strict, this::following);
		this.done = done;
		this.segment = segment;
		this.page = reader.last();
	}

	/**
	 * Its name, {@code null} if it has none but its number.
	 */
	@Nullable String name() {
		return this.name;
	}

	PageReader reader() {
		return this.reader;
	}

	String location() {
		return this.location;
	}

	int segment() {
		return this.segment;
	}

	boolean isAtHand() {
		return this.index < this.page.size;
	}

	/**
	 * Whether nothing more comes of it.
	 */
	boolean isOver() {
		return this.done || (!isAtHand() && this.page.isOver());
	}

	/**
	 * Whether it has shown its mark.
	 */
	boolean hasShownMark() {
		return this.done || (!isAtHand() && this.page.behind() == Behind.MARK);
	}

	/**
	 * Whether it is to be read on before anybody knows what comes next of it.
	 */
	boolean isLacking() {
		return !this.done && !isAtHand() && this.page.isOpen();
	}

	/**
	 * What keeps it from being read on where it stands, {@code null} if nothing does.
	 */
	@Nullable StreamException failure() {
		return isAtHand() ? null : this.page.failure;
	}

	void open() {
		if (!this.done) {
			this.reader.open();
		}
	}

	/**
	 * Go on behind the page, which was used up, without waiting.
	 */
	void readOn() {
		Page next = this.following;
		this.following = null;
		turnTo((next != null) ? next : this.reader.read());
	}

	/**
	 * Go on behind the page, and wait for what comes.
	 */
	void await(Duration timeout) {
		if (this.following != null) {
			readOn();
		}
		else {
			turnTo(this.reader.await(timeout));
		}
	}

	/**
	 * Go on though it counted as over since it was silent, if anything came.
	 */
	void goOnAfterSilence() {
		Page next = (!isAtHand() && this.page.isEndedInSilence()) ? this.reader.goOn() : null;
		if (next != null) {
			turnTo(next);
			this.overtaken = true;
		}
	}

	/**
	 * Pass what comes too late after a silence, since others went on.
	 * @param merged the key up to which they are merged, {@code null} if they are behind
	 * a mark that this one has yet to show
	 * @param late counts them
	 */
	void passOvertaken(@Nullable Object merged, LateElements late) {
		if (!this.overtaken || !isAtHand()) {
			return;
		}
		int begin = this.index;
		KeyColumn keys = this.page.keys[0];
		while (isAtHand() && (merged == null || Keys.compare(keys.get(this.index), merged) < 0)) {
			this.index++;
		}
		if (this.index > begin) {
			late.count(LateElements.Reason.OVERTAKEN, this.index - begin, () -> this.page.origin(begin));
			this.reader.passes();
		}
		this.overtaken = !isAtHand();
	}

	private void turnTo(Page next) {
		this.reader.reuse(this.page.letGo());
		this.page = next;
		this.index = 0;
		this.rejectedPassed = 0;
		this.limit = this.order.limit(next);
		this.segment += next.isSegmentStart() ? 1 : 0;
	}

	private @Nullable Page following() {
		if (this.following == null) {
			this.following = this.reader.peek();
		}
		return this.following;
	}

	/**
	 * How far this partition can be read without looking beyond, after looking if that is
	 * what comes next.
	 * @return an index greater than that of the next element
	 * @throws StreamException if a key goes back next to it
	 */
	int limit() {
		if (this.index >= this.limit) {
			this.limit = this.page.size;
			this.order.atLastKey(this.page);
		}
		return this.limit;
	}

	/**
	 * Check the order of all that was read, and of what follows if it is there.
	 * @throws StreamException if a key goes back
	 */
	void checkOrder() {
		if (!this.done) {
			this.order.whereItStands(this.page, this.index);
		}
	}

	/**
	 * How many elements are known to be in no page yet.
	 * @return the number, less than zero if it is unknown
	 */
	long remaining() {
		if (this.done) {
			return 0;
		}
		long behind = this.reader.remaining().orElse(-1);
		if (behind < 0) {
			return -1;
		}
		Page current = this.page;
		Page next = this.following;
		return behind + Math.max(0, current.size - this.index) + ((next != null) ? next.batchSize() : 0);
	}

	/**
	 * Where it stands.
	 * @param from the segment from which segments are counted
	 */
	MergedBatch.Part part(int from) {
		Page current = this.page;
		int ahead = this.segment - from;
		Batch<?> read = current.batch(false);
		Batch<?> behind = (this.index == current.size && !hasRejected()) ? current.batch(true) : read;
		if (behind != read) {
			return new MergedBatch.Part(this.name, this.location, behind, 0, null, this.done, ahead);
		}
		return (read != null)
				? new MergedBatch.Part(this.name, this.location, read, nextInBatch(), null, this.done, ahead)
				: new MergedBatch.Part(this.name, this.location, null, 0, current.position(0), this.done, ahead);
	}

	/**
	 * Whether rejected elements stand before the next element.
	 */
	boolean hasRejected() {
		return this.page.placeOfRejected(this.rejectedPassed) <= this.index;
	}

	/**
	 * The index in the batch of what comes next.
	 */
	int nextInBatch() {
		return hasRejected() ? this.page.rejected(this.rejectedPassed).index() : this.page.inBatch(this.index);
	}

	void close() {
		this.reader.close();
	}

}
