package dev.watermill.join.internal;

import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * A place in what a broker read.
 *
 * @param batch what was read
 * @param index the index of the element
 * @param key its first key
 */
record ReadStanding(Batch<?> batch, int index, @Nullable Object key) implements Standing {

	@Override
	public Position position() {
		return this.batch.position(this.index);
	}

	@Override
	public String origin() {
		return this.batch.origin(this.index);
	}

	@Override
	public @Nullable ElementMetadata metadata() {
		return this.batch.metadata(this.index);
	}

	@Override
	public Map<String, byte[]> headers() {
		return this.batch.headers(this.index);
	}

}
