package dev.watermill.broker.memory;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.Broker;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;

/**
 * Keeps streams in memory, for tests and for trying things. It gives the full guarantee:
 * results, their end and the positions become visible together when they are committed,
 * and a mill that was taken over can commit nothing. Thread-safe.
 * <p>
 * The name of a definition is the key of its stream, unless the property
 * {@value #STREAM_PROPERTY} gives another; so two nodes of a self-join can share one
 * stream.
 *
 * @since 0.1.0
 */
public final class InMemoryBroker implements Broker {

	/**
	 * The property of a stream that gives its key, if that is not the stream's name.
	 */
	public static final String STREAM_PROPERTY = "stream";

	/**
	 * What stands behind the key of a stream in that of the one of its dead letters.
	 */
	public static final String DEAD_LETTERS_SUFFIX = "-dlt";

	private static final int DEFAULT_BATCH_SIZE = 512;

	private final Map<String, InMemoryStream<?>> streams = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final InMemoryCommits commits = new InMemoryCommits(this.lock);

	private final int batchSize;

	/**
	 * Create a broker without any stream.
	 */
	public InMemoryBroker() {
		this(DEFAULT_BATCH_SIZE);
	}

	/**
	 * Create a broker without any stream.
	 * @param batchSize how many elements are read at once at most
	 */
	public InMemoryBroker(int batchSize) {
		if (batchSize < 1) {
			throw new IllegalArgumentException("The batch size must be at least 1, but is " + batchSize);
		}
		this.batchSize = batchSize;
	}

	/**
	 * Return a stream; it begins empty.
	 * @param <T> the type of the elements, which nobody checks
	 * @param key the key of the stream
	 * @return the stream, the same each time
	 */
	@SuppressWarnings("unchecked")
	public <T> InMemoryStream<T> stream(String key) {
		return (InMemoryStream<T>) this.streams.computeIfAbsent(key, (name) -> new InMemoryStream<>(name, this.lock));
	}

	/**
	 * Return a stream of several partitions; it begins empty. One that has fewer gets
	 * more, while mills are at work, too.
	 * @param <T> the type of the elements, which nobody checks
	 * @param key the key of the stream
	 * @param partitions how many partitions it has
	 * @return the stream, the same each time
	 * @throws IllegalStateException if it has more, or had elements before it was
	 * partitioned
	 */
	public <T> InMemoryStream<T> stream(String key, int partitions) {
		InMemoryStream<T> stream = stream(key);
		stream.partitions(partitions);
		return stream;
	}

	/**
	 * Return what shares the lanes out among the instances of a mill, as the group
	 * coordinator of Kafka does: each {@link dev.watermill.Mill Mill} of one name is an
	 * instance. Without one, which is so until this is called, all lanes of a mill work
	 * on the instance that started it last.
	 * @return the coordinator, the same each time
	 */
	public InMemoryCoordinator coordinator() {
		return this.commits.coordinator();
	}

	/**
	 * Return the last commit of a mill's lane.
	 * @param owner the lane
	 * @return the commit, empty if there was none
	 */
	public Optional<Checkpoint> committed(LaneId owner) {
		return Optional.ofNullable(this.commits.last(owner));
	}

	/**
	 * Return where mills commit that write to this broker.
	 * @return the place
	 */
	public CommitPlace commitPlace() {
		return this.commits;
	}

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		return new InMemorySource<>(streamOf(definition), this.batchSize, this.commits);
	}

	@Override
	public <T> StreamSink<T> sink(StreamDefinition<T> definition) {
		return new InMemorySink<>(streamOf(definition), this.commits, 0);
	}

	@Override
	public StreamSink<DeadLetter> deadLetterSink(StreamDefinition<DeadLetter> definition) {
		return sink(definition);
	}

	/**
	 * Dead letters of a stream are written to one of the same key with
	 * {@value #DEAD_LETTERS_SUFFIX} behind it, unless their user names another place.
	 */
	@Override
	public Optional<StreamSink<DeadLetter>> defaultDeadLetterSink(StreamDefinition<?> stream) {
		InMemoryStream<DeadLetter> letters = stream(key(stream) + DEAD_LETTERS_SUFFIX);
		return Optional.of(new InMemorySink<>(letters, this.commits, 0));
	}

	private <T> InMemoryStream<T> streamOf(StreamDefinition<T> definition) {
		return stream(key(definition));
	}

	private static String key(StreamDefinition<?> definition) {
		return definition.properties().getOrDefault(STREAM_PROPERTY, definition.name());
	}

}
