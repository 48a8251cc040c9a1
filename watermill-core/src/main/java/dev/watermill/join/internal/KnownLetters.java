package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters that were written before reading began, behind where it began: their
 * elements are read again, and stay what they are. Used by one thread.
 */
final class KnownLetters {

	private final Position upTo;

	/**
	 * Those that are yet to be passed again, {@code null} if it is not known which they
	 * are.
	 */
	private final @Nullable NumberRanges numbers;

	/**
	 * Whether elements are read in the order of their stream. Those of partitions that
	 * are merged may come in another one than they did, if others are refused now.
	 */
	private final boolean inOrder;

	private boolean forgotten;

	private KnownLetters(Position upTo, @Nullable NumberRanges numbers, boolean inOrder) {
		this.upTo = upTo;
		this.numbers = numbers;
		this.inOrder = inOrder;
	}

	/**
	 * Return what is known where a stream is taken up, {@code null} if there are none.
	 * @param inOrder whether elements come in the order in which they did
	 */
	static @Nullable KnownLetters of(Checkpoint.Input from, boolean inOrder) {
		Position upTo = from.letters();
		String written = from.written();
		return (upTo != null) ? new KnownLetters(upTo, (written != null) ? NumberRanges.parse(written) : null, inOrder)
				: null;
	}

	/**
	 * Whether an element is one of them, though nothing may be wrong with it any more.
	 * @param number its number, as the broker has it
	 */
	boolean contain(long number) {
		return this.numbers != null && this.numbers.contains(number);
	}

	/**
	 * Whether an element that is refused is one of them. Where it is not known which they
	 * are, all are that stand before the place up to which they were written. Asked of
	 * each that is passed.
	 */
	boolean pass(Batch<?> batch, int index) {
		if (this.numbers == null) {
			return batch.isBefore(index, this.upTo);
		}
		return this.numbers.remove(batch.number(index));
	}

	/**
	 * Whether none of them is at an element or behind it.
	 */
	boolean areBefore(Batch<?> batch, int index) {
		if (this.numbers != null && (this.numbers.isEmpty() || !this.inOrder)) {
			return this.numbers.isEmpty();
		}
		return !batch.isBefore(index, this.upTo);
	}

	/**
	 * The stream is read beyond them.
	 */
	void forget() {
		this.forgotten = true;
	}

	/**
	 * Whether the stream is read beyond them.
	 */
	boolean areForgotten() {
		return this.forgotten;
	}

	/**
	 * Add how far they were written, and which they are.
	 * @param passed those that were passed since, {@code null} if that is not known
	 */
	Checkpoint.Input addTo(Checkpoint.Input input, @Nullable NumberRanges passed) {
		NumberRanges known = this.numbers;
		return input.withLetters(this.upTo, (known != null && passed != null) ? known.union(passed).toString() : null);
	}

}
