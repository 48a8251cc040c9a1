package dev.watermill.broker;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An element as it stands where it was read, before anything was made of it. Immutable,
 * as far as nobody writes to its arrays.
 *
 * @param origin where it stands: {@code topic}, {@code partition}, {@code offset},
 * {@code timestamp} (milliseconds), {@code timestampType} and {@code group} of a record,
 * {@code file} and {@code line} or {@code index} of an element of a file; whole numbers,
 * as {@link Long}s, and texts
 * @param key the key of the record, {@code null} if there is none
 * @param value the value, {@code null} if there is none, or it is not known any more
 * @param headers the headers of the record in their order; empty if there are none
 * @since 0.1.0
 */
public record OriginalElement(Map<String, Object> origin, byte @Nullable [] key, byte @Nullable [] value,
		List<Header> headers) {

	/**
	 * Create an original.
	 * @param origin where it stands
	 * @param key the key of the record
	 * @param value the value
	 * @param headers the headers of the record in their order
	 */
	public OriginalElement(Map<String, Object> origin, byte @Nullable [] key, byte @Nullable [] value,
			List<Header> headers) {
		// written out, since of a compact one compilers forget which arrays may be null
		this.origin = Collections.unmodifiableMap(new LinkedHashMap<>(origin));
		this.key = key;
		this.value = value;
		this.headers = List.copyOf(headers);
	}

	/**
	 * A header of a record. A name may come several times.
	 *
	 * @param name its name
	 * @param value its value, {@code null} if it has none
	 */
	public record Header(String name, byte @Nullable [] value) {

	}

}
