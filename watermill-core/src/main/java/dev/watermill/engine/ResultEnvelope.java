package dev.watermill.engine;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A result that says more than its value. The one there is lies in the root package.
 *
 * @since 0.1.0
 */
public interface ResultEnvelope {

	/**
	 * The value.
	 * @return the value
	 */
	Object value();

	/**
	 * The key of the record.
	 * @return the key, {@code null} for that of the output stream
	 */
	@Nullable Object key();

	/**
	 * The time of the record.
	 * @return the time, {@code null} for the time of writing
	 */
	@Nullable Instant timestamp();

	/**
	 * The headers of the record.
	 * @return the headers by name
	 */
	Map<String, byte[]> headers();

}
