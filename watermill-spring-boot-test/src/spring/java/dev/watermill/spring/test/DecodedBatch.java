package dev.watermill.spring.test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.OriginalElement;
import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;

/**
 * Elements as they were read of a part of a batch of records.
 *
 * @param <T> the type of the elements
 */
final class DecodedBatch<T> implements Batch<T> {

	private final Batch<MemoryRecord> records;

	private final int from;

	private final Object[] elements;

	private final String stream;

	/** How what is read names itself, before what it says of the place. */
	private final String name;

	DecodedBatch(Batch<MemoryRecord> records, int from, int to, String stream, String name, JsonDecoding decoding) {
		this.records = records;
		this.from = from;
		this.stream = stream;
		this.name = name;
		this.elements = new Object[to - from];
		for (int i = 0; i < this.elements.length; i++) {
			this.elements[i] = decoding.decode(record(i));
		}
	}

	private MemoryRecord record(int index) {
		return (MemoryRecord) this.records.element(this.from + index);
	}

	@Override
	public int size() {
		return this.elements.length;
	}

	@Override
	public Object element(int index) {
		return this.elements[index];
	}

	@Override
	public Object[] toArray() {
		return this.elements.clone();
	}

	@Override
	public Position position(int index) {
		return this.records.position(this.from + index);
	}

	@Override
	public String origin(int index) {
		String place = this.records.origin(this.from + index);
		return this.stream + place.substring(this.name.length());
	}

	@Override
	public ElementMetadata metadata(int index) {
		MemoryRecord known = record(index);
		return new ElementMetadata(known.timestamp(), known.headers(), -1, -1, known.key());
	}

	@Override
	public RecordFacts facts(int index) {
		return record(index);
	}

	@Override
	public OriginalElement original(int index) {
		OriginalElement whole = this.records.original(this.from + index);
		Map<String, Object> place = (whole != null) ? whole.origin() : Map.of();
		MemoryRecord known = record(index);
		List<OriginalElement.Header> headers = known.headers()
			.entrySet()
			.stream()
			.map((header) -> new OriginalElement.Header(header.getKey(), header.getValue()))
			.toList();
		return new OriginalElement(place, known.key(), known.json(), headers);
	}

	@Override
	public boolean isBefore(int index, Position position) {
		return this.records.isBefore(this.from + index, position);
	}

	@Override
	public long number(int index) {
		return this.records.number(this.from + index);
	}

	@Override
	public boolean isSegmentStart() {
		return this.from == 0 && this.records.isSegmentStart();
	}

	@Override
	public Status status() {
		return (this.from + this.elements.length < this.records.size()) ? Status.OPEN : this.records.status();
	}

	static @Nullable String text(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null;
	}

}
