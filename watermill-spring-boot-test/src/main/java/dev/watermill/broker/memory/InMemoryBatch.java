package dev.watermill.broker.memory;

import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;

/**
 * A view of the elements of a stream: reading copies nothing.
 *
 * @param <T> the type of the elements
 */
final class InMemoryBatch<T> implements Batch<T> {

	private static final InvalidElement NULL = new InvalidElement("The element is null", null, null);

	private final String key;

	private final List<?> elements;

	private final int from;

	private final int size;

	private final Status status;

	InMemoryBatch(String key, List<?> elements, int from, int size, Status status) {
		this.key = key;
		this.elements = elements;
		this.from = from;
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
		return InMemorySource.positionAt(this.from + index);
	}

	@Override
	public String origin(int index) {
		return this.key + "[" + (this.from + index) + "]";
	}

	@Override
	public Status status() {
		return this.status;
	}

}
