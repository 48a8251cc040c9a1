package dev.watermill;

import java.util.List;
import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.OriginalElement;
import dev.watermill.stream.Position;

/**
 * A part of a list, as it is read from a broker whose positions are places in that list.
 *
 * @param stream the name of the stream
 * @param elements all elements of the stream
 * @param from the place of the first one
 * @param to behind the last one
 * @param status what is behind them
 * @param <T> the type of the elements
 */
record Slice<T>(String stream, List<?> elements, int from, int to, Status status) implements Batch<T> {

	@Override
	public int size() {
		return this.to - this.from;
	}

	@Override
	public Object element(int index) {
		return this.elements.get(this.from + index);
	}

	@Override
	public Position position(int index) {
		return Position.of("at", this.from + index);
	}

	@Override
	public OriginalElement original(int index) {
		return new OriginalElement(Map.of("stream", this.stream, "index", (long) this.from + index), null, null,
				List.of());
	}

	@Override
	public boolean isBefore(int index, Position position) {
		return this.from + index < position.number("at");
	}

	@Override
	public long number(int index) {
		return this.from + index;
	}

	@Override
	public String origin(int index) {
		return this.stream + "[" + (this.from + index) + "]";
	}

}
