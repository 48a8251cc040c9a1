package dev.watermill.spring.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a test has given to streams.
 */
final class Given {

	private final Map<MemoryPlace, List<MemoryRecord>> records = new LinkedHashMap<>();

	/** By which name each place was given something. */
	private final Map<MemoryPlace, String> names = new LinkedHashMap<>();

	void add(String stream, StreamUse use, MemoryPlace place, List<MemoryRecord> added) {
		if (use == StreamUse.WHOLE && added.stream().anyMatch((record) -> record.partition() > 0)) {
			throw new IllegalArgumentException("The stream '" + stream
					+ "' has one partition, since its settings say file, or broadcast: give it elements in partition 0");
		}

		String other = this.names.putIfAbsent(place, stream);
		if (other != null && !other.equals(stream)) {
			throw new IllegalArgumentException("The streams '" + other + "' and '" + stream
					+ "' live in one place, so that what is given to one is given to both. Give it to one of them.");
		}
		this.records.computeIfAbsent(place, (any) -> new ArrayList<>()).addAll(added);
	}

	List<MemoryRecord> of(MemoryPlace place) {
		return this.records.getOrDefault(place, List.of());
	}

	List<MemoryRecord> of(MemoryPlace place, int partition) {
		return of(place).stream().filter((record) -> record.partition() == partition).toList();
	}

	/**
	 * How many partitions there are, of each stream that may have several.
	 */
	int partitions() {
		return this.records.values().stream().flatMap(List::stream).mapToInt(MemoryRecord::partition).max().orElse(0)
				+ 1;
	}

	void clear() {
		this.records.clear();
		this.names.clear();
	}

}
