package dev.watermill;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.watermill.broker.ElementMetadata;
import dev.watermill.engine.LaneContext;
import org.jspecify.annotations.Nullable;

/**
 * What a processing function can ask and say besides its arguments. Valid during the call
 * it was given to, for the thread that was called.
 *
 * @since 0.1.0
 */
public final class MillContext {

	private final LaneContext lane;

	/**
	 * Create a context.
	 * @param lane the engine's view of it
	 */
	public MillContext(LaneContext lane) {
		this.lane = lane;
	}

	/**
	 * The name of the mill.
	 * @return the name
	 */
	public String mill() {
		return this.lane.mill();
	}

	/**
	 * The number of the lane: the partition it works on.
	 * @return the number, from 0
	 */
	public int lane() {
		return this.lane.lane();
	}

	/**
	 * The current key: of the window, or else the one by which the first child is joined
	 * to the master.
	 * @return the key, {@code null} if there is neither a window by key nor a join
	 */
	public @Nullable Object key() {
		return this.lane.key();
	}

	/**
	 * Where each input stream stands.
	 * @return texts such as {@code in/robots.jsonl:17}, by the names of the streams
	 */
	public Map<String, String> positions() {
		return this.lane.positions();
	}

	/**
	 * The headers of the master's record; of the first one under a window.
	 * @return the headers by name, empty if there are none
	 */
	public Map<String, byte[]> headers() {
		ElementMetadata metadata = this.lane.metadata();
		return (metadata != null) ? metadata.headers() : Map.of();
	}

	/**
	 * The timestamp of the master's record; of the first one under a window.
	 * @return the timestamp, {@code null} if the broker keeps none
	 */
	public @Nullable Instant timestamp() {
		ElementMetadata metadata = this.lane.metadata();
		return (metadata != null) ? metadata.timestamp() : null;
	}

	/**
	 * The partition of the master's record; of the first one under a window.
	 * @return the partition, empty if the broker has none
	 */
	public OptionalInt partition() {
		ElementMetadata metadata = this.lane.metadata();
		return (metadata != null && metadata.partition() >= 0) ? OptionalInt.of(metadata.partition())
				: OptionalInt.empty();
	}

	/**
	 * The offset of the master's record; of the first one under a window.
	 * @return the offset, empty if the broker has none
	 */
	public OptionalLong offset() {
		ElementMetadata metadata = this.lane.metadata();
		return (metadata != null && metadata.offset() >= 0) ? OptionalLong.of(metadata.offset()) : OptionalLong.empty();
	}

	/**
	 * End the stream after this delivery: its results are written, output streams are
	 * marked as over, and the mill completes. The function is not called again.
	 */
	public void endOfStream() {
		this.lane.endOfStream();
	}

}
