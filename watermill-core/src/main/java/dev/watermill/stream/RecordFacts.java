package dev.watermill.stream;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a broker knows of the record in which an element stands, besides its value. The
 * arrays are the broker's own and not to be written to.
 * <p>
 * What a {@linkplain dev.watermill.key.KeyFunction key function} is handed is good until
 * it returns.
 *
 * @since 0.1.0
 */
public interface RecordFacts {

	/**
	 * The key of the record, as it stands there.
	 * @return its bytes, {@code null} if it has none
	 */
	byte @Nullable [] key();

	/**
	 * When the record was written or happened.
	 * @return the time, {@code null} if the broker keeps none
	 */
	@Nullable Instant timestamp();

	/**
	 * A header of the record; the last one of several of a name.
	 * @param name the name of the header
	 * @return its value, {@code null} if there is none
	 */
	byte @Nullable [] header(String name);

}
