package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.OriginalElement;
import dev.watermill.key.internal.KeyText;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Elements in the order of their keys, and between them, where they came, those that have
 * no place in it. Made when a batch was read, of elements of this one and of those that
 * waited.
 * <p>
 * <b>Where to go on</b> before an element: at the first one, in the order in which they
 * were read, that was not let go before it. What is read again from there was let go
 * before if its key is less than the greatest one that was let go, or equal to it and not
 * behind the last one with that key; and what has no place in the order, if it stands
 * before the place up to which was read by then. Immutable.
 */
final class ReorderedBatch implements Batch<Object> {

	private static final long PASSED = -1;

	/** What was read last. */
	private final Batch<?> read;

	private final ArrivalKey key;

	/** In the order in which they come, as all that follows. */
	private final Object[] elements;

	private final Batch<?>[] batches;

	private final int[] indexes;

	/** How many others had come before it, {@link #PASSED} for what has no place. */
	private final long[] numbers;

	/** Up to which index of what was read last elements were taken in by then. */
	private final int[] reads;

	private final int size;

	/** The first element that waits behind this batch. */
	private final @Nullable Place waiting;

	/** What was let go last before this batch. */
	private final Last before;

	/** Whether this is the first batch that was made of what was read last. */
	private final boolean first;

	/** Up to where, and to which index, of what was read last was read before. */
	private final @Nullable Position replayTo;

	private final int replayEnd;

	/**
	 * The numbers of what had no place up to the end of this batch, and is read again if
	 * what waits is, {@code null} if they are not known.
	 */
	private final @Nullable NumberRanges passed;

	private final Status status;

	/** The last element that has a place in the order, -1 if there is none. */
	private final int lastOfAll;

	/** Found when somebody asks for a position, which is seldom. */
	private volatile @Nullable ReorderPlaces places;

	private ReorderedBatch(Builder made, ArrivalKey key, @Nullable Place waiting, Status status) {
		this.read = made.read;
		this.key = key;
		this.size = made.size;
		this.elements = made.elements;
		this.batches = made.batches;
		this.indexes = made.indexes;
		this.numbers = made.numbers;
		this.reads = made.reads;
		this.before = made.before;
		this.first = made.first;
		this.replayTo = made.replayTo;
		this.replayEnd = made.replayEnd;
		this.waiting = waiting;
		this.passed = made.passed;
		this.status = status;
		int last = this.size - 1;
		while (last >= 0 && this.numbers[last] == PASSED) {
			last--;
		}
		this.lastOfAll = last;
	}

	@Override
	public int size() {
		return this.size;
	}

	@Override
	public Object element(int index) {
		return this.elements[index];
	}

	@Override
	public Object[] toArray() {
		return Arrays.copyOf(this.elements, this.size);
	}

	@Override
	public Position position(int index) {
		if (index == this.size && this.status == Status.ENDED) {
			// nothing waits, and behind the mark the order begins anew
			return this.read.position(this.read.size());
		}
		int taken = (index < this.size) ? this.reads[index] : this.read.size();
		Position here = this.read.position(taken);
		Place first = first(index, taken);
		Last last = last(index);
		Object lastKey = last.key();
		boolean behind = lastKey != null && ((first != null) ? first.number() : 0) < last.number();
		Position replayed = (taken < this.replayEnd) ? this.replayTo : null;
		Position read = (replayed != null) ? replayed : (first != null) ? here : null;
		return new ReorderPosition((first != null) ? first.position() : here, this.key.description(),
				(lastKey != null) ? KeyText.format(lastKey) : null, behind ? last.behind() : null, read,
				(read != null) ? passedBefore(index) : null)
			.toPosition();
	}

	private @Nullable String passedBefore(int index) {
		if (this.passed == null) {
			return ReorderPosition.UNKNOWN;
		}
		if (this.passed.isEmpty()) {
			return null;
		}
		NumberRanges before = this.passed.sortedFrom(0);
		for (int i = index; i < this.size; i++) {
			if (this.numbers[i] == PASSED) {
				before.remove(number(i));
			}
		}
		return before.isEmpty() ? null : before.toString();
	}

	/**
	 * The first one, in the order in which they came, of those that had come by then. If
	 * the first of all had not, none had.
	 */
	private @Nullable Place first(int index, int taken) {
		Place first = (this.waiting != null && hasCome(this.waiting.batch(), this.waiting.index(), taken))
				? this.waiting : null;
		int least = (index < this.size) ? places().firstFrom(index) : -1;
		if (least < 0 || !hasCome(this.batches[least], this.indexes[least], taken)
				|| (first != null && first.number() < this.numbers[least])) {
			return first;
		}
		return new Place(this.batches[least], this.indexes[least], this.numbers[least]);
	}

	private boolean hasCome(Batch<?> batch, int index, int taken) {
		return batch != this.read || index < taken;
	}

	/**
	 * What was let go last before an element.
	 */
	private Last last(int index) {
		int last = (index == this.size) ? this.lastOfAll : places().lastBefore(index);
		return (last < 0) ? this.before
				: new Last(this.key.of(this.elements[last], this.batches[last], this.indexes[last]), this.batches[last],
						this.indexes[last], this.numbers[last], null);
	}

	private ReorderPlaces places() {
		ReorderPlaces known = this.places;
		if (known == null) {
			known = new ReorderPlaces(this.numbers, this.size, PASSED);
			this.places = known;
		}
		return known;
	}

	/**
	 * What was let go last up to the end of this batch.
	 */
	Last last() {
		return last(this.size);
	}

	@Override
	public boolean isBefore(int index, Position position) {
		ReorderPosition other = ReorderPosition.of(position);
		Batch<?> batch = this.batches[index];
		int at = this.indexes[index];
		Position end = other.read();
		if (end == null || !batch.isBefore(at, end)) {
			return end == null && batch.isBefore(at, other.first());
		}
		if (this.numbers[index] == PASSED || batch.isBefore(at, other.first())) {
			return true;
		}
		Object last = (other.last() != null) ? KeyText.parse(other.last()) : null;
		int comparison = (last != null) ? Keys.compare(this.key.of(this.elements[index], batch, at), last) : 1;
		Position behind = other.behindLast();
		return comparison < 0 || (comparison == 0 && behind != null && batch.isBefore(at, behind));
	}

	@Override
	public String origin(int index) {
		return (index < this.size) ? this.batches[index].origin(this.indexes[index])
				: this.read.origin(this.read.size());
	}

	@Override
	public @Nullable ElementMetadata metadata(int index) {
		return this.batches[index].metadata(this.indexes[index]);
	}

	@Override
	public Map<String, byte[]> headers(int index) {
		return this.batches[index].headers(this.indexes[index]);
	}

	@Override
	public @Nullable OriginalElement original(int index) {
		return this.batches[index].original(this.indexes[index]);
	}

	@Override
	public boolean isSegmentStart() {
		return this.first && this.read.isSegmentStart();
	}

	@Override
	public long droppedOfSegment() {
		return this.first ? this.read.droppedOfSegment() : 0;
	}

	@Override
	public long number(int index) {
		return this.batches[index].number(this.indexes[index]);
	}

	@Override
	public Status status() {
		return this.status;
	}

	/**
	 * Where an element stands that was read.
	 *
	 * @param number how many others had come before it
	 */
	record Place(Batch<?> batch, int index, long number) {

		Position position() {
			return this.batch.position(this.index);
		}

	}

	/**
	 * What was let go last, of what has a place in the order.
	 *
	 * @param key its key, {@code null} if there is nothing
	 * @param number how many others had come before it
	 * @param known where reading goes on behind it, if it was let go before reading began
	 */
	record Last(@Nullable Object key, @Nullable Batch<?> batch, int index, long number, @Nullable Position known) {

		static final Last NOTHING = new Last(null, null, 0, -1, null);

		/**
		 * Return what was let go before reading began.
		 * @param behind where reading goes on behind it, {@code null} if it stands before
		 * all that is needed
		 */
		static Last known(Object key, @Nullable Position behind) {
			return new Last(key, null, 0, (behind != null) ? Long.MAX_VALUE : -1, behind);
		}

		/**
		 * Where reading goes on behind it, {@code null} if it stands before all that is
		 * needed.
		 */
		@Nullable Position behind() {
			return (this.batch != null) ? this.batch.position(this.index + 1) : this.known;
		}

	}

	/**
	 * Makes a batch.
	 */
	static final class Builder {

		private final Batch<?> read;

		private final Last before;

		private final boolean first;

		private @Nullable Position replayTo;

		private int replayEnd;

		private @Nullable NumberRanges passed = NumberRanges.NONE;

		private Object[] elements;

		private Batch<?>[] batches;

		private int[] indexes;

		private long[] numbers;

		private int[] reads;

		private int size;

		/**
		 * Create a builder.
		 * @param read what was read last
		 * @param before what was let go last before
		 * @param first whether nothing was made of it yet
		 * @param expected how many elements there may be
		 */
		Builder(Batch<?> read, Last before, boolean first, int expected) {
			this.read = read;
			this.first = first;
			this.before = before;
			this.elements = new Object[expected];
			this.batches = new Batch<?>[expected];
			this.indexes = new int[expected];
			this.numbers = new long[expected];
			this.reads = new int[expected];
		}

		int size() {
			return this.size;
		}

		Batch<?> read() {
			return this.read;
		}

		/**
		 * Note down what was read before.
		 * @param to up to where, {@code null} if nothing was
		 * @param end up to which index of what was read last
		 */
		void replayed(@Nullable Position to, int end) {
			this.replayTo = to;
			this.replayEnd = end;
		}

		/**
		 * Add what has no place in the order, where it was read.
		 */
		void pass(Object element, int index) {
			add(element, this.read, index, PASSED, index);
		}

		void add(Object element, Batch<?> batch, int index, long number, int taken) {
			int at = this.size;
			if (at == this.elements.length) {
				grow();
			}
			this.elements[at] = element;
			this.batches[at] = batch;
			this.indexes[at] = index;
			this.numbers[at] = number;
			this.reads[at] = taken;
			this.size = at + 1;
		}

		private void grow() {
			int larger = 2 * this.elements.length + 16;
			this.elements = Arrays.copyOf(this.elements, larger);
			this.batches = Arrays.copyOf(this.batches, larger);
			this.indexes = Arrays.copyOf(this.indexes, larger);
			this.numbers = Arrays.copyOf(this.numbers, larger);
			this.reads = Arrays.copyOf(this.reads, larger);
		}

		/**
		 * Note what had no place, and may be read again.
		 */
		void passed(@Nullable NumberRanges numbers) {
			this.passed = numbers;
		}

		ReorderedBatch build(ArrivalKey key, @Nullable Place waiting, Status status) {
			return new ReorderedBatch(this, key, waiting, status);
		}

	}

}
