package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a batch all of whose elements were passed.
 *
 * @param batch the batch
 */
record PassedBatch(Batch<?> batch) implements Batch<Object> {

	@Override
	public int size() {
		return 0;
	}

	@Override
	public Object element(int index) {
		throw new IndexOutOfBoundsException(index);
	}

	@Override
	public Position position(int index) {
		return this.batch.position(this.batch.size());
	}

	@Override
	public String origin(int index) {
		return this.batch.origin(this.batch.size());
	}

	@Override
	public @Nullable ElementMetadata metadata(int index) {
		return null;
	}

	@Override
	public Status status() {
		return this.batch.status();
	}

}
