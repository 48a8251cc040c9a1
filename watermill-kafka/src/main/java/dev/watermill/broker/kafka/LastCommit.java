package dev.watermill.broker.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * What this process committed last for a lane. With a topic the brokers delete the
 * positions in it; who comes back to one that was made anew is to learn that, and not
 * that it never was there. Used by one thread at a time.
 */
final class LastCommit {

	private @Nullable Checkpoint known;

	void is(Checkpoint checkpoint) {
		this.known = checkpoint;
	}

	/**
	 * Add the positions that went with their topics.
	 * @param read what was read, {@code null} if nothing was there
	 * @param first the stream whose topic keeps what is no stream's
	 * @param anew whether the topic of a stream is another one than at a position
	 * @return what was read, with these
	 */
	@Nullable Checkpoint complete(@Nullable Checkpoint read, @Nullable String first, BiPredicate<String, Position> anew) {
		Checkpoint last = this.known;
		if (last == null) {
			return read;
		}
		Map<String, Checkpoint.Input> inputs = new LinkedHashMap<>((read != null) ? read.inputs() : Map.of());
		int found = inputs.size();
		last.inputs().forEach((stream, input) -> {
			if (!inputs.containsKey(stream) && anew.test(stream, input.position())) {
				inputs.put(stream, input);
			}
		});
		if (inputs.size() == found) {
			return read;
		}
		Checkpoint rest = (read == null || !read.inputs().containsKey(first)) ? last : read;
		return new Checkpoint(inputs, rest.outputs(), rest.completed(), rest.run(), rest.lanes());
	}

}
