package dev.watermill.broker.kafka;

import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.OriginalElement;
import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFacts;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a chunk from one of them on.
 *
 * @param <T> the type of the elements
 */
final class TopicBatch<T> implements Batch<T> {

	private final FetchTarget target;

	private final TopicChunk chunk;

	private final int from;

	private final KafkaPosition end;

	/** Where the mark stands of a stream that is over, else {@code null}. */
	private final @Nullable KafkaPosition mark;

	private final boolean owing;

	private final Status status;

	private final boolean segmentStart;

	private final long dropped;

	TopicBatch(FetchTarget target, TopicChunk chunk, int from, KafkaPosition end, @Nullable KafkaPosition mark,
			boolean owing, Status status, boolean segmentStart, long dropped) {
		this.target = target;
		this.chunk = chunk;
		this.from = from;
		this.end = end;
		this.mark = mark;
		this.owing = owing;
		this.status = status;
		this.segmentStart = segmentStart;
		this.dropped = dropped;
	}

	@Override
	public int size() {
		return this.chunk.size() - this.from;
	}

	@Override
	public Object element(int index) {
		return this.chunk.element(this.from + index);
	}

	@Override
	public Object[] toArray() {
		Object[] elements = new Object[size()];
		this.chunk.copyTo(this.from, elements);
		return elements;
	}

	@Override
	public Position position(int index) {
		if (index < size()) {
			return this.chunk.position(this.from + index, this.owing).toPosition();
		}
		return (this.mark != null) ? KafkaPosition.atMark(this.mark, this.end) : this.end.toPosition();
	}

	@Override
	public String origin(int index) {
		long offset = (index == size()) ? this.end.offset() : this.chunk.offset(this.from + index);
		return this.chunk.partition() + "@" + offset;
	}

	@Override
	public ElementMetadata metadata(int index) {
		return this.chunk.metadata(this.from + index);
	}

	@Override
	public Map<String, byte[]> headers(int index) {
		return this.chunk.headers(this.from + index);
	}

	@Override
	public RecordFacts facts(int index) {
		return this.chunk.facts(this.from + index);
	}

	@Override
	public @Nullable OriginalElement original(int index) {
		ConsumerRecord<byte[], byte[]> found = this.chunk.original(this.from + index);
		return (found != null) ? OriginalRecord.of(found, this.target.group()) : null;
	}

	@Override
	public boolean isBefore(int index, Position position) {
		return this.chunk.position(this.from + index, this.owing)
			.precedes(KafkaPosition.of(position, this.target.topic()));
	}

	/**
	 * {@inheritDoc} A chunk keeps all of its elements, and what comes next until it is
	 * read.
	 */
	@Override
	public Batch<T> alone(int index) {
		KafkaPosition at = this.chunk.position(this.from + index, this.owing);
		KafkaTopic topic = this.target.topic();
		return new Alone<>(element(index), position(index), position(index + 1), origin(index), metadata(index),
				original(index), (position) -> at.precedes(KafkaPosition.of(position, topic)), number(index));
	}

	@Override
	public long number(int index) {
		return this.chunk.offset(this.from + index);
	}

	@Override
	public Status status() {
		return this.status;
	}

	@Override
	public boolean isSegmentStart() {
		return this.segmentStart;
	}

	@Override
	public long droppedOfSegment() {
		return this.dropped;
	}

}
