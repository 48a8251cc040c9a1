package dev.watermill.broker.kafka;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.ElementMetadata;
import dev.watermill.stream.RecordFacts;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive elements of a topic, decoded, up to a mark or to the end of what one poll
 * gave. Filled by the thread that fetches, never changed once it is handed out; it leads
 * to the next one, so that readers at different places need no more than a reference.
 */
final class TopicChunk {

	private final TopicPartition partition;

	/** The id of the topic, {@code null} if nothing was read yet. */
	private final @Nullable String topic;

	private final Object[] elements;

	private final long[] offsets;

	private final long[] timestamps;

	/** The records as they are, {@code null} if nobody wants to know. */
	private final @Nullable List<ConsumerRecord<byte[], byte[]>> originals;

	/** The keys by element, as long as no element has any {@code null}. */
	private byte @Nullable [] @Nullable [] keys;

	/** The headers by element, as long as no element has any {@code null}. */
	private @Nullable Headers @Nullable [] headers;

	private int size;

	/** The epoch of the leader that wrote the elements, and the mark. */
	private int epoch = KafkaPosition.UNKNOWN;

	/** The epoch of the leader that wrote what stands before the end. */
	private int endEpoch = KafkaPosition.UNKNOWN;

	/** Where reading goes on behind this chunk. */
	private long end;

	/** The offset of the mark behind the elements, -1 if there is none. */
	private long mark = -1;

	/**
	 * How many elements, and bytes of records, there were up to the end of this chunk.
	 */
	private long totalElements;

	private long totalBytes;

	private @Nullable TopicChunk next;

	TopicChunk(TopicPartition partition, @Nullable String topic, int capacity, long start,
			@Nullable TopicChunk previous) {
		this(partition, topic, capacity, start, previous, false);
	}

	/**
	 * Create a chunk.
	 * @param keepsOriginals whether it keeps records as they are
	 */
	TopicChunk(TopicPartition partition, @Nullable String topic, int capacity, long start,
			@Nullable TopicChunk previous, boolean keepsOriginals) {
		this.partition = partition;
		this.topic = topic;
		this.elements = new Object[capacity];
		this.offsets = new long[capacity];
		this.timestamps = new long[capacity];
		this.originals = keepsOriginals ? new ArrayList<>(capacity) : null;
		this.end = start;
		this.totalElements = (previous != null) ? previous.totalElements : 0;
		this.totalBytes = (previous != null) ? previous.totalBytes : 0;
	}

	/**
	 * Add an element.
	 * @param message the record that it was read from
	 * @param original that record as it stands in the topic
	 */
	void add(Object element, ConsumerRecord<byte[], byte[]> message, ConsumerRecord<byte[], byte[]> original) {
		int at = this.size++;
		this.elements[at] = element;
		this.offsets[at] = message.offset();
		this.timestamps[at] = message.timestamp();
		if (message.key() != null) {
			addKey(at, message.key());
		}
		if (message.headers().toArray().length > 0) {
			addHeaders(at, message.headers());
		}
		if (this.originals != null) {
			this.originals.add(original);
		}
		endAt(message.offset() + 1, epoch(message));
		this.epoch = this.endEpoch;
		this.totalElements++;
		this.totalBytes += Math.max(0, message.serializedKeySize()) + Math.max(0, message.serializedValueSize());
	}

	private void addKey(int at, byte[] found) {
		byte @Nullable [] @Nullable [] all = this.keys;
		if (all == null) {
			all = new byte[this.elements.length][];
			this.keys = all;
		}
		all[at] = found;
	}

	private void addHeaders(int at, Headers found) {
		@Nullable Headers[] all = this.headers;
		if (all == null) {
			all = new Headers[this.elements.length];
			this.headers = all;
		}
		all[at] = found;
	}

	void mark(ConsumerRecord<byte[], byte[]> message) {
		this.mark = message.offset();
		endAt(message.offset() + 1, epoch(message));
		this.epoch = this.endEpoch;
	}

	/**
	 * Whether a record may stand in this chunk: all of one are of one epoch.
	 */
	boolean takes(ConsumerRecord<byte[], byte[]> message) {
		return isEmpty() || epoch(message) == this.epoch;
	}

	private static int epoch(ConsumerRecord<byte[], byte[]> message) {
		return message.leaderEpoch().orElse(KafkaPosition.UNKNOWN);
	}

	/**
	 * Set where reading goes on, behind what is in the topic but no record.
	 */
	void endAt(long offset, int leaderEpoch) {
		this.end = offset;
		this.endEpoch = leaderEpoch;
	}

	boolean isEmpty() {
		return this.size == 0 && this.mark < 0;
	}

	int size() {
		return this.size;
	}

	boolean hasMark() {
		return this.mark >= 0;
	}

	long markOffset() {
		return this.mark;
	}

	long end() {
		return this.end;
	}

	long totalElements() {
		return this.totalElements;
	}

	long totalBytes() {
		return this.totalBytes;
	}

	@Nullable TopicChunk next() {
		return this.next;
	}

	void leadTo(TopicChunk following) {
		this.next = following;
	}

	/**
	 * Lead to the next chunk no more.
	 * @return the chunk that was next
	 */
	@Nullable TopicChunk part() {
		TopicChunk following = this.next;
		this.next = null;
		return following;
	}

	/**
	 * The index of the first element at an offset or behind it.
	 */
	int indexOf(long offset) {
		int index = 0;
		while (index < this.size && this.offsets[index] < offset) {
			index++;
		}
		return index;
	}

	Object element(int index) {
		return this.elements[index];
	}

	void copyTo(int from, Object[] target) {
		System.arraycopy(this.elements, from, target, 0, target.length);
	}

	long offset(int index) {
		return this.offsets[index];
	}

	TopicPartition partition() {
		return this.partition;
	}

	/**
	 * Where reading goes on at an element.
	 */
	KafkaPosition position(int index, boolean owing) {
		return position(this.offsets[index], owing, this.epoch);
	}

	KafkaPosition markPosition(boolean owing) {
		return position(this.mark, owing, this.epoch);
	}

	KafkaPosition endPosition(boolean owing) {
		return position(this.end, owing, this.endEpoch);
	}

	private KafkaPosition position(long offset, boolean owing, int leaderEpoch) {
		return new KafkaPosition(offset, owing, leaderEpoch, this.topic);
	}

	ElementMetadata metadata(int index) {
		return new ElementMetadata(Instant.ofEpochMilli(this.timestamps[index]), headers(index),
				this.partition.partition(), this.offsets[index], key(index));
	}

	private byte @Nullable [] key(int index) {
		return (this.keys != null) ? this.keys[index] : null;
	}

	/**
	 * What keys may be computed of: nothing is made of it before it is asked for.
	 */
	RecordFacts facts(int index) {
		return new ChunkFacts(this, index);
	}

	/**
	 * A record as it is, {@code null} if it was not kept.
	 */
	@Nullable ConsumerRecord<byte[], byte[]> original(int index) {
		return (this.originals != null) ? this.originals.get(index) : null;
	}

	Map<String, byte[]> headers(int index) {
		Headers found = (this.headers != null) ? this.headers[index] : null;
		if (found == null) {
			return Map.of();
		}
		Map<String, byte[]> byName = new HashMap<>();
		for (Header header : found) {
			// of several with one name the last one counts, as Headers.lastHeader has it
			byte[] value = header.value();
			byName.put(header.key(), (value != null) ? value : new byte[0]);
		}
		return byName;
	}

	/**
	 * What is known of a record.
	 */
	private record ChunkFacts(TopicChunk chunk, int index) implements RecordFacts {

		@Override
		public byte @Nullable [] key() {
			return this.chunk.key(this.index);
		}

		@Override
		public @Nullable Instant timestamp() {
			long timestamp = this.chunk.timestamps[this.index];
			return (timestamp != ConsumerRecord.NO_TIMESTAMP) ? Instant.ofEpochMilli(timestamp) : null;
		}

		@Override
		public byte @Nullable [] header(String name) {
			@Nullable Headers[] all = this.chunk.headers;
			Headers found = (all != null) ? all[this.index] : null;
			Header header = (found != null) ? found.lastHeader(name) : null;
			return (header != null) ? header.value() : null;
		}

	}

}
