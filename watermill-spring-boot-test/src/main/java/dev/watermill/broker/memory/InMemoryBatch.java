package dev.watermill.broker.memory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.OriginalElement;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * A view of the elements of a stream: reading copies nothing.
 *
 * @param <T> the type of the elements
 */
final class InMemoryBatch<T> implements Batch<T> {

	private static final InvalidElement NULL = new InvalidElement("The element is null", null, null);

	private final InMemoryLog log;

	private final List<?> elements;

	private final InMemoryPlace place;

	private final int from;

	private final int size;

	private final Status status;

	InMemoryBatch(InMemoryLog log, List<?> elements, InMemoryPlace place, int size, Status status) {
		this.log = log;
		this.elements = elements;
		this.place = place;
		this.from = place.offset();
		this.size = size;
		this.status = status;
	}

	@Override
	public int size() {
		return this.size;
	}

	@Override
	public Object element(int index) {
		Object element = this.elements.get(this.from + index);
		return (element != null) ? element : NULL;
	}

	@Override
	public Object[] toArray() {
		Object[] copy = this.elements.subList(this.from, this.from + this.size).toArray();
		for (int i = 0; i < copy.length; i++) {
			if (copy[i] == null) {
				copy[i] = NULL;
			}
		}
		return copy;
	}

	@Override
	public Position position(int index) {
		return ((index == this.size) ? end() : this.place.plus(index)).position();
	}

	/**
	 * Where reading goes on: before the mark of a stream that is over, so that it is over
	 * then, too.
	 */
	InMemoryPlace end() {
		InMemoryPlace behind = this.place.plus(this.size);
		return (this.status == Status.ENDED && this.log.goesOn()) ? behind.beforeMark() : behind;
	}

	@Override
	public String origin(int index) {
		return this.log.name() + "[" + (this.from + index) + "]";
	}

	@Override
	public OriginalElement original(int index) {
		Object element = this.elements.get(this.from + index);
		Map<String, Object> origin = Map.of("stream", this.log.name(), "index", (long) this.from + index);
		return new OriginalElement(origin, null, bytes(element), List.of());
	}

	private static byte @Nullable [] bytes(@Nullable Object element) {
		if (element instanceof InvalidElement invalid) {
			return invalid.bytes();
		}
		return (element != null) ? String.valueOf(element).getBytes(StandardCharsets.UTF_8) : null;
	}

	@Override
	public boolean isBefore(int index, Position position) {
		return this.from + index < InMemoryPlace.of(position).offset();
	}

	@Override
	public long number(int index) {
		return this.from + index;
	}

	@Override
	public boolean isSegmentStart() {
		return this.place.segmentStart();
	}

	@Override
	public Status status() {
		return this.status;
	}

}
