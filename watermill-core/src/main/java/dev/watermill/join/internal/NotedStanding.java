package dev.watermill.join.internal;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * What was noted down of a place, so that nothing that was read there is held.
 *
 * @param number the number of the element in this run
 * @param input where the stream is taken up again
 * @param origin where it is, for people
 * @param metadata what the broker knows of the element
 * @param key its first key
 */
record NotedStanding(long number, Checkpoint.Input input, String origin, @Nullable ElementMetadata metadata,
		@Nullable Object key) implements Standing {

	@Override
	public @Nullable Position position() {
		Position position = this.input.position();
		return position.equals(Position.empty()) ? null : position;
	}

}
