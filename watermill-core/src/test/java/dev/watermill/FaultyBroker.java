package dev.watermill;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Broker;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * A broker before which faults are put: it tells what is about to be done, and whoever is
 * told may throw.
 */
public final class FaultyBroker implements Broker {

	private final Broker broker;

	private final Faults faults;

	private @Nullable Duration timeLimit;

	private boolean waits = true;

	private boolean fetches;

	public FaultyBroker(Broker broker, Faults faults) {
		this.broker = broker;
		this.faults = faults;
	}

	/**
	 * Let reading not wait for what is not there.
	 */
	public FaultyBroker neverWaiting() {
		this.waits = false;
		return this;
	}

	/**
	 * Let what stands in a stream be fetched once a reader waits for it, and not before.
	 */
	public FaultyBroker fetching() {
		this.fetches = true;
		return this;
	}

	/**
	 * Let what is written not stay uncommitted for longer.
	 */
	public FaultyBroker timeLimit(@Nullable Duration limit) {
		this.timeLimit = limit;
		return this;
	}

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		return new Source<>(this.broker.source(definition), definition.name());
	}

	@Override
	public <T> StreamSink<T> sink(StreamDefinition<T> definition) {
		return new Sink<>(this.broker.sink(definition), definition.name());
	}

	@Override
	public StreamSink<DeadLetter> deadLetterSink(StreamDefinition<DeadLetter> definition) {
		return new Sink<>(this.broker.deadLetterSink(definition), definition.name());
	}

	@Override
	public Optional<StreamSink<DeadLetter>> defaultDeadLetterSink(StreamDefinition<?> stream) {
		return this.broker.defaultDeadLetterSink(stream)
			.map((sink) -> new Sink<>(sink, "dead letters of " + stream.name()));
	}

	/**
	 * What a mill does with a broker.
	 */
	public enum Operation {

		COUNT, OPEN_SOURCE, READ, OPEN_PLACE, READ_LOG, COMMIT, COMMITTED, OPEN_SINK, WRITE, FLUSH, END

	}

	/**
	 * Is told before a mill does something.
	 */
	@FunctionalInterface
	public interface Faults {

		void before(Operation operation, String stream);

		/**
		 * Is told of a member that joined.
		 */
		default void joined(Membership.Member member) {
		}

		/**
		 * May put itself between a membership and whom it tells.
		 */
		default Membership.Listener between(Membership.Listener listener) {
			return listener;
		}

	}

	private final class Source<T> implements StreamSource<T> {

		private final StreamSource<T> source;

		private final String stream;

		Source(StreamSource<T> source, String stream) {
			this.source = source;
			this.stream = stream;
		}

		@Override
		public String location() {
			return this.source.location();
		}

		@Override
		public Object resource() {
			return this.source.resource();
		}

		@Override
		public Position start(LaneId lane, StartFrom from) {
			return this.source.start(lane, from);
		}

		@Override
		public Position completed(Position position, boolean over) {
			return this.source.completed(position, over);
		}

		@Override
		public OptionalInt partitions() {
			FaultyBroker.this.faults.before(Operation.COUNT, this.stream);
			return this.source.partitions();
		}

		@Override
		public void keepOriginals() {
			this.source.keepOriginals();
		}

		@Override
		public StreamReader<T> open(LaneId lane, @Nullable Position from) {
			FaultyBroker.this.faults.before(Operation.OPEN_SOURCE, this.stream);
			return new Reader<>(this.source.open(lane, from), this.stream);
		}

		@Override
		public boolean isBatch() {
			return this.source.isBatch();
		}

		@Override
		public <P> Optional<P> participant(ParticipantKey<P> key) {
			return this.source.participant(key);
		}

		@Override
		public void committedAt(LaneId lane, CommitPlace place) {
			this.source.committedAt(lane, place);
		}

		@Override
		public Optional<CommitPlace> commitPlace() {
			return this.source.commitPlace().map(Place::new);
		}

	}

	private final class Reader<T> implements StreamReader<T> {

		private final StreamReader<T> reader;

		private final String stream;

		private @Nullable Batch<T> last;

		Reader(StreamReader<T> reader, String stream) {
			this.reader = reader;
			this.stream = stream;
		}

		@Override
		public Batch<T> read(Duration timeout) throws InterruptedException {
			FaultyBroker.this.faults.before(Operation.READ, this.stream);
			Batch<T> before = this.last;
			if (FaultyBroker.this.fetches && before != null && timeout.isZero()) {
				return new NotFetched<>(before);
			}
			Batch<T> read = this.reader.read(FaultyBroker.this.waits ? timeout : Duration.ZERO);
			this.last = read;
			return read;
		}

		@Override
		public OptionalLong remaining() {
			return this.reader.remaining();
		}

		@Override
		public void close() {
			this.reader.close();
		}

	}

	/**
	 * Nothing yet of what comes behind another batch.
	 */
	private record NotFetched<T>(Batch<T> before) implements Batch<T> {

		@Override
		public int size() {
			return 0;
		}

		@Override
		public Object element(int index) {
			throw new IndexOutOfBoundsException(index);
		}

		@Override
		public Position position(int index) {
			return this.before.position(this.before.size());
		}

		@Override
		public String origin(int index) {
			return this.before.origin(this.before.size());
		}

		@Override
		public Status status() {
			return (this.before.status() == Status.ENDED) ? Status.ENDED : Status.OPEN;
		}

	}

	private final class Sink<R> implements StreamSink<R> {

		private final StreamSink<R> sink;

		private final String stream;

		Sink(StreamSink<R> sink, String stream) {
			this.sink = sink;
			this.stream = stream;
		}

		@Override
		public String location() {
			return this.sink.location();
		}

		@Override
		public Object resource() {
			return this.sink.resource();
		}

		@Override
		public void prepare(int lanes) {
			this.sink.prepare(lanes);
		}

		@Override
		public StreamSink<R> lane(int lane) {
			return new Sink<>(this.sink.lane(lane), this.stream);
		}

		@Override
		public StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
			FaultyBroker.this.faults.before(Operation.OPEN_SINK, this.stream);
			return new Writer<>(this.sink.open(committed, log), this.stream);
		}

		@Override
		public <P> Optional<P> participant(ParticipantKey<P> key) {
			return this.sink.participant(key);
		}

		@Override
		public void finish(Position committed) {
			this.sink.finish(committed);
		}

		@Override
		public void discard() {
			this.sink.discard();
		}

		@Override
		public boolean isBatch() {
			return this.sink.isBatch();
		}

		@Override
		public Optional<CommitPlace> commitPlace() {
			return this.sink.commitPlace().map(Place::new);
		}

	}

	private final class Writer<R> implements StreamWriter<R> {

		private final StreamWriter<R> writer;

		private final String stream;

		Writer(StreamWriter<R> writer, String stream) {
			this.writer = writer;
			this.stream = stream;
		}

		@Override
		public void write(R result) {
			FaultyBroker.this.faults.before(Operation.WRITE, this.stream);
			this.writer.write(result);
		}

		@Override
		public void endOfStream() {
			FaultyBroker.this.faults.before(Operation.END, this.stream);
			this.writer.endOfStream();
		}

		@Override
		public Position flush() {
			FaultyBroker.this.faults.before(Operation.FLUSH, this.stream);
			return this.writer.flush();
		}

		@Override
		public void committed(boolean completed) {
			this.writer.committed(completed);
		}

		@Override
		public void close() {
			this.writer.close();
		}

	}

	private final class Place implements CommitPlace {

		private final CommitPlace place;

		Place(CommitPlace place) {
			this.place = place;
		}

		@Override
		public boolean covers(StreamSource<?> source) {
			return this.place.covers(source);
		}

		@Override
		public boolean isTransactional() {
			return this.place.isTransactional();
		}

		@Override
		public String location() {
			return this.place.location();
		}

		@Override
		public CommitLog open(CommitScope scope) {
			FaultyBroker.this.faults.before(Operation.OPEN_PLACE, "");
			return new Log(this.place.open(scope));
		}

		@Override
		public Optional<Membership> membership(CommitScope scope) {
			return this.place.membership(scope).map(Meeting::new);
		}

		@Override
		public Map<LaneId, Checkpoint> peek(Collection<CommitScope> scopes) {
			return this.place.peek(scopes);
		}

		@Override
		public boolean isUsed(CommitScope scope) {
			return this.place.isUsed(scope);
		}

		@Override
		public void reset(CommitScope scope) {
			this.place.reset(scope);
		}

	}

	private final class Meeting implements Membership {

		private final Membership membership;

		Meeting(Membership membership) {
			this.membership = membership;
		}

		@Override
		public String location() {
			return this.membership.location();
		}

		@Override
		public Member join(Listener listener) {
			Member member = this.membership.join(FaultyBroker.this.faults.between(listener));
			FaultyBroker.this.faults.joined(member);
			return member;
		}

		@Override
		public List<Peer> members() {
			return this.membership.members();
		}

		@Override
		public List<Peer> others() {
			return this.membership.others();
		}

	}

	private final class Log implements CommitLog {

		private final CommitLog log;

		Log(CommitLog log) {
			this.log = log;
		}

		@Override
		public @Nullable Checkpoint read() {
			FaultyBroker.this.faults.before(Operation.READ_LOG, "");
			return this.log.read();
		}

		@Override
		public void commit(Checkpoint checkpoint) {
			FaultyBroker.this.faults.before(Operation.COMMIT, "");
			this.log.commit(checkpoint);
			FaultyBroker.this.faults.before(Operation.COMMITTED, "");
		}

		@Override
		public <P> Optional<P> participant(ParticipantKey<P> key) {
			return this.log.participant(key);
		}

		@Override
		public Optional<CommitLog.Holder> holder() {
			return this.log.holder();
		}

		@Override
		public void requireHeld() {
			this.log.requireHeld();
		}

		@Override
		public Optional<Duration> timeLimit() {
			return Optional.ofNullable(FaultyBroker.this.timeLimit);
		}

		@Override
		public CommitLog.Origin origin() {
			return this.log.origin();
		}

		@Override
		public void leave(String place) {
			this.log.leave(place);
		}

		@Override
		public void requireNothingWritten() {
			this.log.requireNothingWritten();
		}

		@Override
		public void close() {
			this.log.close();
		}

	}

}
