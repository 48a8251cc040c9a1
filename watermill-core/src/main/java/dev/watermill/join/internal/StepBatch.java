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
 * A part of what was read, in its order, of which it is known how far each key is ahead
 * of those before. Where reading goes on is where it was read, and the greatest key that
 * was accepted before. Immutable.
 */
final class StepBatch implements Batch<Object> {

	private static final String PREFIX = "step.";

	private static final String BY = PREFIX + "by";

	private static final String GREATEST = PREFIX + "greatest";

	private final Batch<?> read;

	private final Object[] elements;

	private final boolean[] accepted;

	private final int from;

	private final int to;

	private final boolean first;

	private final ArrivalKey key;

	/** The greatest key that was accepted before this part. */
	private final @Nullable Object before;

	private final Status status;

	/**
	 * Create a batch.
	 * @param slice what of a batch that was read
	 * @param before the greatest key before it
	 * @param status what is known of the stream behind it
	 */
	StepBatch(Slice slice, ArrivalKey key, @Nullable Object before, Status status) {
		this.read = slice.read();
		this.elements = slice.elements();
		this.accepted = slice.accepted();
		this.from = slice.from();
		this.to = slice.to();
		this.first = slice.first();
		this.key = key;
		this.before = before;
		this.status = status;
	}

	/**
	 * The greatest key before a position.
	 * @return the key, {@code null} if it is not known
	 */
	static @Nullable Object greatest(@Nullable Position position, ArrivalKey key) {
		boolean same = position != null && key.description().equals(position.text(BY));
		return (same && position != null) ? key.resume(position.text(GREATEST)) : null;
	}

	static Position below(Position position) {
		return position.has(BY) ? position.without(PREFIX) : position;
	}

	/**
	 * The greatest key before an element, or the end.
	 */
	@Nullable Object greatest(int index) {
		Object greatest = this.before;
		for (int i = this.from; i < this.from + index; i++) {
			if (this.accepted[i]) {
				Object found = this.key.of(this.elements[i], this.read, i);
				greatest = (greatest == null || Keys.compare(found, greatest) > 0) ? found : greatest;
			}
		}
		return greatest;
	}

	@Override
	public int size() {
		return this.to - this.from;
	}

	@Override
	public Object element(int index) {
		return this.elements[this.from + index];
	}

	@Override
	public Object[] toArray() {
		return Arrays.copyOfRange(this.elements, this.from, this.to);
	}

	@Override
	public Position position(int index) {
		Position position = this.read.position(this.from + index);
		if (index == size() && this.status == Status.ENDED) {
			// behind the mark the order begins anew
			return position;
		}
		Object greatest = greatest(index);
		return (greatest != null) ? position.with(BY, this.key.description()).with(GREATEST, KeyText.format(greatest))
				: position;
	}

	@Override
	public boolean isBefore(int index, Position position) {
		return this.read.isBefore(this.from + index, below(position));
	}

	@Override
	public String origin(int index) {
		return this.read.origin(this.from + index);
	}

	@Override
	public @Nullable ElementMetadata metadata(int index) {
		return this.read.metadata(this.from + index);
	}

	@Override
	public Map<String, byte[]> headers(int index) {
		return this.read.headers(this.from + index);
	}

	@Override
	public @Nullable OriginalElement original(int index) {
		return this.read.original(this.from + index);
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
	public Batch<Object> alone(int index) {
		Batch<?> alone = this.read.alone(this.from + index);
		return new Alone<>(element(index), position(index), position(index + 1), origin(index), alone.metadata(0),
				alone.original(0), (position) -> alone.isBefore(0, below(position)), alone.number(0));
	}

	@Override
	public long number(int index) {
		return this.read.number(this.from + index);
	}

	@Override
	public Status status() {
		return this.status;
	}

	/**
	 * A part of a batch.
	 *
	 * @param read what was read
	 * @param elements its elements, with others in the places of spikes
	 * @param accepted which of them are valid and no spikes
	 * @param from where the part begins
	 * @param to where it ends
	 * @param first whether it is the first part of the batch
	 */
	record Slice(Batch<?> read, Object[] elements, boolean[] accepted, int from, int to, boolean first) {

	}

}
