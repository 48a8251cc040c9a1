package dev.watermill.join.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.ElementMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Where a delivery begins in each stream. Whoever holds it holds what the brokers read
 * there, and nothing of the merge, which may go on. Immutable once it is given out.
 *
 * @since 0.1.0
 */
public final class Origins {

	private final String[] streams;

	private final Standing[] standings;

	private int size;

	Origins(int streams) {
		this.streams = new String[streams];
		this.standings = new Standing[streams];
	}

	void add(String stream, Standing standing) {
		this.streams[this.size] = stream;
		this.standings[this.size++] = standing;
	}

	/**
	 * What the broker knows of the master's element besides its value.
	 * @return the metadata, {@code null} if there is none
	 */
	public @Nullable ElementMetadata metadata() {
		return this.standings[0].metadata();
	}

	/**
	 * Describe them for people.
	 * @return the origins by the names of the streams, the master's first
	 */
	public Map<String, String> describe() {
		Map<String, String> origins = new LinkedHashMap<>();
		for (int i = 0; i < this.size; i++) {
			origins.put(this.streams[i], this.standings[i].origin());
		}
		return Collections.unmodifiableMap(origins);
	}

}
