package dev.watermill.delivery;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * What a processing function can ask and say of a delivery besides its arguments. What is
 * asked stays as it was, for as long as somebody holds the context and for any thread.
 * <p>
 * Not meant to be implemented outside of WaterMill.
 *
 * @since 0.1.0
 */
public interface MillContext {

	/**
	 * The name of the mill.
	 * @return the name
	 */
	String mill();

	/**
	 * The number of the lane: the partition it works on.
	 * @return the number, from 0
	 */
	int lane();

	/**
	 * The key of the delivery: of the window, its start if it is a hopping one and that
	 * of its first element if it is a session; or else the one by which the first child
	 * is joined to the master.
	 * @return the key, {@code null} if there is neither a window by key nor a join
	 */
	@Nullable Object key();

	/**
	 * Where the window begins and ends that is delivered, if windows are cut by key.
	 * @return the bounds, in the normal form of keys: a {@code Long} for whole numbers of
	 * any width, an {@code Instant} for times with an offset; {@code null} if windows are
	 * not cut by key, or there are none
	 */
	@Nullable WindowBounds window();

	/**
	 * Where the delivery begins in each input stream: at the first of its elements.
	 * @return texts such as {@code in/robots.jsonl:17}, by the names of the streams, the
	 * master's first
	 */
	Map<String, String> positions();

	/**
	 * The headers of the master's record; of the first one under a window.
	 * @return the headers by name, empty if there are none
	 */
	Map<String, byte[]> headers();

	/**
	 * The key of the master's record, as it stands there; of the first one under a
	 * window.
	 * @return the bytes, not to be written to, {@code null} if it has none
	 */
	byte @Nullable [] recordKey();

	/**
	 * The timestamp of the master's record; of the first one under a window.
	 * @return the timestamp, {@code null} if the broker keeps none
	 */
	@Nullable Instant timestamp();

	/**
	 * The partition of the master's record; of the first one under a window.
	 * @return the partition, empty if the broker has none
	 */
	OptionalInt partition();

	/**
	 * The offset of the master's record; of the first one under a window.
	 * @return the offset, empty if the broker has none
	 */
	OptionalLong offset();

	/**
	 * End the stream after this delivery: its results are written, output streams are
	 * marked as over, and the mill completes. The function is not called again. To be
	 * called before the delivery is over, by the thread that the function was called on.
	 */
	void endOfStream();

}
