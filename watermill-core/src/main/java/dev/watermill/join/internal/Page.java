package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.OriginalElement;
import dev.watermill.join.InputStatus;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.Position;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * A batch as far as it was accepted: its valid elements in order, their keys beside them,
 * where each can be read again, and the rejected elements in their places between these.
 * What is wrong with an element behind the last one is kept: an invalid element until
 * somebody asks for it, since a merge that never gets there has no reason to fail;
 * disorder until the merge stands at the last key before it, waits, or ends.
 * <p>
 * Whoever holds an element longer than its page is read {@linkplain #note notes} where it
 * stands and {@linkplain #letGo() lets go} of the page.
 */
final class Page {

	private static final Object[] NO_ELEMENTS = {};

	private static final KeyColumn[] NO_KEYS = {};

	private static final Rejected[] NONE_REJECTED = {};

	Object[] elements;

	/** A column for each ordered expression, then that of the window. */
	KeyColumn[] keys;

	final int size;

	/** The number of the first element among all of the stream in this run. */
	long number;

	/** What is wrong with the element behind the last one. */
	final @Nullable StreamException failure;

	/**
	 * The first key behind the last element that goes back, if that stops the mill.
	 */
	final @Nullable StreamException disorder;

	private @Nullable Batch<?> batch;

	/** What was read behind the batch, without an element. */
	private @Nullable Batch<?> rest;

	/** Whether the stream was silent behind this page for so long that it is over. */
	private boolean silent;

	/** The index in the batch for each element and for the end of the page. */
	private int @Nullable [] source;

	/** What was not accepted, in the order in which it stands between the elements. */
	private Rejected[] rejected;

	private final @Nullable Position start;

	private final OrderedKeys ordered;

	/** The keys of the element before the first, as far as they are known. */
	private @Nullable Object[] keysBefore;

	Page(Batch<?> batch, Object[] elements, KeyColumn[] keys, int size, int @Nullable [] source, Findings findings,
			OrderedKeys ordered, @Nullable Object[] keysBefore) {
		this.batch = batch;
		this.elements = elements;
		this.keys = keys;
		this.size = size;
		this.source = source;
		this.failure = findings.failure();
		this.disorder = findings.disorder();
		this.rejected = findings.rejected().toArray(NONE_REJECTED);
		this.ordered = ordered;
		this.keysBefore = keysBefore;
		this.start = null;
	}

	private Page(@Nullable Position start, OrderedKeys ordered, @Nullable Object[] keysBefore,
			@Nullable StreamException failure) {
		this.batch = null;
		this.elements = NO_ELEMENTS;
		this.keys = NO_KEYS;
		this.size = 0;
		this.source = null;
		this.failure = failure;
		this.disorder = null;
		this.rejected = NONE_REJECTED;
		this.ordered = ordered;
		this.keysBefore = keysBefore;
		this.start = start;
	}

	/**
	 * Return the page before the first one that is read.
	 * @param from where reading begins
	 * @param ordered the expressions of the keys
	 */
	static Page before(Checkpoint.Input from, OrderedKeys ordered) {
		Position start = from.position().equals(Position.empty()) ? null : from.position();
		return new Page(start, ordered, ordered.parse(from.lastKeys()), null);
	}

	/**
	 * Return what stands behind this page if the stream can't be read on.
	 * @param problem why
	 */
	Page unreadable(StreamException problem) {
		return new Page(position(this.size), this.ordered, keysBefore(this.size), problem);
	}

	/**
	 * Return this page as it ends before one of the rejected elements.
	 * @param number the number of that one among the rejected ones
	 * @param problem what is wrong with it
	 */
	Page endBefore(int number, StreamException problem) {
		Rejected end = this.rejected[number];
		int[] places = Arrays.copyOf(Objects.requireNonNull(this.source), end.before() + 1);
		places[end.before()] = end.index();
		Findings found = new Findings(problem, null, List.of(this.rejected).subList(0, number));
		return new Page(Objects.requireNonNull(this.batch), this.elements, this.keys, end.before(), places, found,
				this.ordered, this.keysBefore);
	}

	/**
	 * Whether this is not even a page, since the stream can't be read on.
	 */
	boolean isUnreadable() {
		return this.failure != null && this.batch == null;
	}

	/**
	 * What the merge fails with that gets to the end of this page.
	 */
	StreamException failure() {
		return Objects.requireNonNull(this.failure);
	}

	/**
	 * Whether anything was read for this page, be it elements that were not accepted.
	 */
	boolean isRead() {
		return batchSize() > 0;
	}

	/**
	 * What was read last for this page, {@code null} if that is nothing yet.
	 * @param behind whether what was read behind it counts, where no element was
	 */
	@Nullable Batch<?> batch(boolean behind) {
		return (behind && this.rest != null && this.failure == null) ? this.rest : this.batch;
	}

	/**
	 * Whether the order of the elements begins anew with this page.
	 */
	boolean isSegmentStart() {
		return this.batch != null && this.batch.isSegmentStart();
	}

	int batchSize() {
		Batch<?> read = this.batch;
		return (read != null) ? read.size() : 0;
	}

	int rejectedCount() {
		return this.rejected.length;
	}

	Rejected rejected(int number) {
		return this.rejected[number];
	}

	/**
	 * Before which element a rejected one stands.
	 * @param number its number among the rejected ones
	 * @return an index up to {@link #size}, beyond it if there is no such rejected one
	 */
	int placeOfRejected(int number) {
		return (number < this.rejected.length) ? this.rejected[number].before() : Integer.MAX_VALUE;
	}

	/**
	 * What is known of the stream behind the last element.
	 */
	Behind behind() {
		if (this.failure != null) {
			return Behind.FAILURE;
		}
		Batch<?> last = (this.rest != null) ? this.rest : this.batch;
		if (this.silent || last == null) {
			return this.silent ? Behind.SILENCE : Behind.UNKNOWN;
		}
		return switch (last.status()) {
			case OPEN -> Behind.UNKNOWN;
			case CAUGHT_UP -> Behind.NOTHING_YET;
			case ENDED -> Behind.MARK;
		};
	}

	/**
	 * Whether the stream is over behind the last element.
	 */
	boolean isOver() {
		return behind() == Behind.MARK || behind() == Behind.SILENCE;
	}

	/**
	 * Whether more can be read behind this page.
	 */
	boolean isOpen() {
		return behind() == Behind.UNKNOWN || behind() == Behind.NOTHING_YET;
	}

	/**
	 * Take note that nothing more is expected behind this page, although the stream shows
	 * no mark.
	 */
	void endInSilence() {
		this.silent = true;
	}

	/**
	 * Whether nothing more is expected behind this page, although the stream shows no
	 * mark.
	 */
	boolean isEndedInSilence() {
		return this.silent;
	}

	/**
	 * Take note of what was read behind this page and passed, since nothing was expected
	 * there.
	 */
	void appendLate(Batch<?> late) {
		this.rest = new PassedBatch(late);
		this.silent = late.status() != Batch.Status.ENDED;
	}

	/**
	 * Take note of what was read behind this page, without an element.
	 */
	void append(Batch<?> nothing) {
		this.rest = nothing;
	}

	/**
	 * Where the run of equal keys begins that the last element is in, of the longest of
	 * such runs.
	 * @return an index, -1 if it begins before this page
	 */
	int lastRun() {
		int first = this.size;
		for (int column = 0; column < this.keysBefore.length && this.size > 0; column++) {
			KeyColumn run = this.keys[column];
			int index = this.size - 1;
			while (index > 0 && run.compareWithPrevious(index) == 0) {
				index--;
			}
			Object before = this.keysBefore[column];
			boolean beforePage = index == 0 && before != null && Keys.compare(run.get(0), before) == 0;
			first = Math.min(first, beforePage ? -1 : index);
		}
		return first;
	}

	/**
	 * Whether all that was read was accepted, so that elements have the same indexes here
	 * and in the batch.
	 */
	boolean isWhole() {
		return this.source == null;
	}

	/**
	 * The index in the batch of an element or of the end of the page.
	 */
	int inBatch(int index) {
		return (this.source != null) ? this.source[index] : index;
	}

	/**
	 * Where reading has to begin for an element, and for the rejected ones before it of
	 * which only some were passed.
	 */
	@Nullable Position position(int index, int rejectedPassed) {
		if (placeOfRejected(rejectedPassed) <= index && this.batch != null) {
			return this.batch.position(this.rejected[rejectedPassed].index());
		}
		return position(index);
	}

	@Nullable Position position(int index) {
		if (this.rest != null && index == this.size && this.failure == null) {
			return this.rest.position(0);
		}
		return (this.batch != null) ? this.batch.position(inBatch(index)) : this.start;
	}

	@Nullable ElementMetadata metadata(int index) {
		return (this.batch != null) ? this.batch.metadata(inBatch(index)) : null;
	}

	/**
	 * An element as it was read.
	 */
	OriginalElement original(int index) {
		return Rejected.original(Objects.requireNonNull(this.batch), inBatch(index));
	}

	String origin(int index) {
		return (this.batch != null) ? this.batch.origin(inBatch(index)) : "its start";
	}

	/**
	 * Where an element, or the end of the page, stands; this stays known when the page is
	 * gone.
	 */
	Standing standing(int index) {
		Object key = (this.keysBefore.length == 0) ? null
				: (index < this.size) ? this.keys[0].get(index) : keysBefore(this.size)[0];
		return (this.batch != null) ? new ReadStanding(this.batch, inBatch(index), key)
				: new NotedStanding(this.number + index, checkpoint(index), origin(index), null, key);
	}

	/**
	 * The last accepted keys before an element.
	 */
	@Nullable Object[] keysBefore(int index) {
		return (index > 0) ? keysAt(index - 1) : this.keysBefore;
	}

	/**
	 * Between which keys a stream was read up to the end of this page.
	 * @param first the first key, {@code null} if there was none
	 * @param column the column of the keys
	 */
	InputStatus.@Nullable KeyRange range(@Nullable Object first, int column) {
		Object lastKey = keysBefore(this.size)[column];
		return (first != null && lastKey != null) ? new InputStatus.KeyRange(first, lastKey) : null;
	}

	/**
	 * The keys of an element, but for that of the window.
	 */
	@Nullable Object[] keysAt(int index) {
		@Nullable Object[] found = new Object[this.keysBefore.length];
		for (int i = 0; i < found.length; i++) {
			found[i] = this.keys[i].get(index);
		}
		return found;
	}

	Checkpoint.Input checkpoint(int index) {
		return checkpoint(index, this.rejected.length);
	}

	Checkpoint.Input checkpoint(int index, int rejectedPassed) {
		Position position = position(index, rejectedPassed);
		return new Checkpoint.Input((position != null) ? position : Position.empty(),
				this.ordered.format(keysBefore(index)));
	}

	/**
	 * Note down all that is ever asked of an element besides itself.
	 */
	NotedStanding note(int index) {
		return rest(index, index + 1).note(index);
	}

	/**
	 * Keep what is to be known of elements when this page is gone.
	 * @param from the index of the first of them
	 * @param to the index behind the last one
	 */
	PageRest rest(int from, int to) {
		return new PageRest(this, Objects.requireNonNull(this.batch), this.ordered, from, to);
	}

	/**
	 * Let go of everything that was read, so that whoever still leads here, as a group
	 * does of whose elements one stood here, keeps nothing else alive.
	 * @return the columns of keys, which nobody needs any more
	 */
	KeyColumn[] letGo() {
		KeyColumn[] columns = this.keys;
		this.elements = NO_ELEMENTS;
		this.keys = NO_KEYS;
		this.batch = null;
		this.rest = null;
		this.source = null;
		this.rejected = NONE_REJECTED;
		this.keysBefore = NO_ELEMENTS;
		return columns;
	}

	/**
	 * What was found in a batch besides valid elements.
	 *
	 * @param failure what is wrong with the element that the page ends before
	 * @param disorder the first key behind the page that goes back
	 * @param rejected what is passed over
	 */
	record Findings(@Nullable StreamException failure, @Nullable StreamException disorder, List<Rejected> rejected) {

		static final Findings NONE = new Findings(null, null, List.of());

	}

}
