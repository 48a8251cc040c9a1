package dev.watermill.broker;

import java.util.Map;

import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;

/**
 * One element of a batch, which keeps all of it.
 *
 * @param <T> the type of the elements
 * @param batch the batch
 * @param at where the element stands there
 */
record BatchPart<T>(Batch<T> batch, int at) implements Batch<T> {

	@Override
	public int size() {
		return 1;
	}

	@Override
	public Object element(int index) {
		return this.batch.element(this.at + index);
	}

	@Override
	public Position position(int index) {
		return this.batch.position(this.at + index);
	}

	@Override
	public String origin(int index) {
		return this.batch.origin(this.at + index);
	}

	@Override
	public @Nullable ElementMetadata metadata(int index) {
		return this.batch.metadata(this.at + index);
	}

	@Override
	public Map<String, byte[]> headers(int index) {
		return this.batch.headers(this.at + index);
	}

	@Override
	public @Nullable RecordFacts facts(int index) {
		return this.batch.facts(this.at + index);
	}

	@Override
	public @Nullable OriginalElement original(int index) {
		return this.batch.original(this.at + index);
	}

	@Override
	public boolean isBefore(int index, Position position) {
		return this.batch.isBefore(this.at + index, position);
	}

	@Override
	public long number(int index) {
		return this.batch.number(this.at + index);
	}

	@Override
	public Status status() {
		return Status.OPEN;
	}

}
