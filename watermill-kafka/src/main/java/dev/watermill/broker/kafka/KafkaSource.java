package dev.watermill.broker.kafka;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.ReservedName;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFact;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic.
 *
 * @param <T> the type of the elements
 */
final class KafkaSource<T> implements StreamSource<T> {

	static final String GROUP = "consumer group";

	private final KafkaConnection connection;

	private final KafkaTopic topic;

	private final Supplier<RecordDecoding> decoding;

	/** The partition that is merged with others, -1 if none is. */
	private final int partition;

	/** How many are merged. */
	private final IntSupplier merged;

	/** Whether elements may become dead letters. */
	private volatile boolean originals;

	/** How many partitions the topic had when somebody asked. */
	private volatile int count = 1;

	/** Where the positions of each lane are. */
	private final Map<LaneId, CommitPlace> places = new ConcurrentHashMap<>();

	KafkaSource(KafkaConnection connection, KafkaTopic topic, Supplier<RecordDecoding> decoding) {
		this(connection, topic, decoding, -1, () -> 0);
	}

	/**
	 * Create a source of one partition that every lane reads.
	 * @param partition its number
	 * @param merged how many are merged
	 */
	KafkaSource(KafkaConnection connection, KafkaTopic topic, Supplier<RecordDecoding> decoding, int partition,
			IntSupplier merged) {
		this.connection = connection;
		this.topic = topic;
		this.decoding = decoding;
		this.partition = partition;
		this.merged = merged;
	}

	private TopicPartition partition(LaneId lane) {
		return (this.partition >= 0) ? new TopicPartition(this.topic.name(), this.partition) : this.topic.read(lane);
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.connection.topics().answer(key, this.topic);
	}

	@Override
	public void committedAt(LaneId lane, CommitPlace place) {
		this.places.put(lane, place);
	}

	@Override
	public String location() {
		String location = this.topic.location();
		return (this.partition >= 0) ? "partition " + this.partition + " of " + location : location;
	}

	@Override
	public Object resource() {
		return new TopicResource(this.connection, this.topic.names().written().get(0));
	}

	@Override
	public boolean reads(Object resource) {
		return resource instanceof TopicResource other && other.connection().equals(this.connection)
				&& this.topic.names().includes(other.topic());
	}

	@Override
	public void verifySettings() {
		this.connection.tryReading(this.topic.clientSettings());
	}

	@Override
	public Set<ReservedName> reservedNames(LaneId lane) {
		return Set
			.of(new ReservedName(GROUP, this.connection.nameOfGroups(lane, this.topic), this.topic.isReadWhole()));
	}

	@Override
	public OptionalInt partitions() {
		if (this.topic.isReadWhole()) {
			return OptionalInt.empty();
		}
		this.count = new TopicAdmin(this.connection).partitions(this.topic);
		return OptionalInt.of(this.count);
	}

	@Override
	public boolean isReadWhole() {
		return this.topic.isReadWhole();
	}

	@Override
	public void keepOriginals() {
		this.originals = true;
	}

	@Override
	public Set<RecordFact> recordFacts() {
		return EnumSet.allOf(RecordFact.class);
	}

	@Override
	public Optional<String> retention() {
		return new TopicAdmin(this.connection).retention(this.topic);
	}

	@Override
	public Position start(LaneId lane, StartFrom from) {
		TopicAdmin admin = new TopicAdmin(this.connection);
		String id = admin.requireReadable(this.topic, lane);
		return new KafkaPosition(offset(admin, partition(lane), from), false, KafkaPosition.UNKNOWN, id).toPosition();
	}

	private long offset(TopicAdmin admin, TopicPartition partition, StartFrom from) {
		if (from instanceof StartFrom.At at) {
			long found = admin.offset(this.topic, partition, at.instant());
			if (found >= 0) {
				return found;
			}
		}
		return (from instanceof StartFrom.Earliest) ? admin.start(this.topic, partition)
				: admin.end(this.topic, partition);
	}

	@Override
	public Position completed(Position position, boolean over) {
		return over ? KafkaPosition.behindMark(position) : KafkaPosition.owing(position);
	}

	@Override
	public StreamReader<T> open(LaneId lane, @Nullable Position from) {
		KafkaPosition start = (from != null) ? KafkaPosition.of(from, this.topic)
				: KafkaPosition.of(start(lane, new StartFrom.Earliest()), this.topic);
		int known = (this.partition >= 0) ? this.merged.getAsInt() : this.count;
		CommitPlace place = this.places.get(lane);
		FetchTarget target = new FetchTarget(this.connection, lane, this.topic, partition(lane), known,
				place != null && place.covers(this), (place != null) ? place.location() : "", this.originals);
		return new TopicReader<>(target, this.decoding, start);
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return Optional.of(new GroupCommitPlace(this.connection));
	}

}
