package dev.watermill.engine;

import java.util.Map;

import dev.watermill.broker.ElementMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a processing function can ask and say besides its arguments. Valid during a call
 * of the function, for the thread that was called.
 *
 * @since 0.1.0
 */
public interface LaneContext {

	/**
	 * The name of the mill.
	 * @return the name
	 */
	String mill();

	/**
	 * The number of the lane.
	 * @return the number, from 0
	 */
	int lane();

	/**
	 * The window key, if windows are made by key; else the key by which the first child
	 * is joined to the master.
	 * @return the key, {@code null} if there is neither
	 */
	@Nullable Object key();

	/**
	 * Where each stream stands.
	 * @return texts such as {@code in/robots.json:17}, by the names of the streams
	 */
	Map<String, String> positions();

	/**
	 * What the broker knows of the current master element besides its value.
	 * @return the metadata, {@code null} if there is none
	 */
	@Nullable ElementMetadata metadata();

	/**
	 * End the stream after this delivery: its results are written, then the mill
	 * completes.
	 */
	void endOfStream();

}
