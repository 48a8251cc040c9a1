package dev.watermill.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFact;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose partitions, each of them in order, are read as one: in the order of the
 * one key that is on it, equal keys in the order of the partitions. What is merged may be
 * partitions of one place or several places, such as topics, which have names. It is
 * merged by the engine, which knows the keys; a broker makes one of these where its user
 * wants that, and only has to read each partition. Each lane reads it as a whole, unless
 * the whole says that it has {@linkplain StreamSource#partitions() partitions}: then each
 * lane merges what it reads of each of the places. Thread-safe.
 * <p>
 * Its position is made of those of its partitions, which are found again by their names,
 * or by their numbers where they have none.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public final class MergedSource<T> implements StreamSource<T> {

	private static final String COUNT = "merged";

	/** Of a partition that has shown its mark, until all others have. */
	private static final String OVER = "over";

	/** By how many marks a partition is ahead of the one farthest behind. */
	private static final String AHEAD = "ahead";

	/** Of one that has a name. */
	private static final String NAME = "part";

	private final StreamSource<T> whole;

	private final Supplier<List<String>> names;

	private final Function<String, ? extends StreamSource<T>> partition;

	/** Whether the names are more than numbers. */
	private final boolean named;

	private final Predicate<Position> mayGo;

	/** Whether more may come while they are read. */
	private final boolean growing;

	private final Map<String, StreamSource<T>> known = new LinkedHashMap<>();

	private final Map<LaneId, CommitPlace> places = new HashMap<>();

	private boolean originals;

	/**
	 * Create a source.
	 * @param whole knows all that is asked of the stream as a whole; it is never opened
	 * @param count says how many partitions there are now, and throws a
	 * {@link BrokerUnavailableException} if that can be expected to be known later
	 * @param partition makes what reads one of them, whose number from 0 it is given
	 */
	public MergedSource(StreamSource<T> whole, IntSupplier count, IntFunction<? extends StreamSource<T>> partition) {
		this(whole, () -> IntStream.range(0, count.getAsInt()).mapToObj(String::valueOf).toList(),
				(name) -> partition.apply(Integer.parseInt(name)), false, (position) -> false, false);
		Objects.requireNonNull(count, "count");
		Objects.requireNonNull(partition, "partition");
	}

	/**
	 * Create a source of places that have names, which positions keep: they may come in
	 * another order later, and there may be more of them.
	 * @param whole knows all that is asked of the stream as a whole; it is never opened
	 * @param names says which there are now, in the order in which equal keys come, and
	 * throws a {@link BrokerUnavailableException} if that can be expected to be known
	 * later
	 * @param partition makes what reads the one of a name
	 * @param mayGo whether nothing is lost if one is no more there that was read up to a
	 * position
	 */
	public MergedSource(StreamSource<T> whole, Supplier<List<String>> names,
			Function<String, ? extends StreamSource<T>> partition, Predicate<Position> mayGo) {
		this(whole, names, partition, mayGo, false);
	}

	/**
	 * Create a source of places that have names, which positions keep: they may come in
	 * another order later, and there may be more of them, also while they are read.
	 * @param whole knows all that is asked of the stream as a whole; it is never opened
	 * @param names says which there are now, in the order in which equal keys come, and
	 * throws a {@link BrokerUnavailableException} if that can be expected to be known
	 * later
	 * @param partition makes what reads the one of a name
	 * @param mayGo whether nothing is lost if one is no more there that was read up to a
	 * position
	 * @param growing whether another one may come while they are read, which nobody would
	 * read: the mill fails then and says so
	 */
	public MergedSource(StreamSource<T> whole, Supplier<List<String>> names,
			Function<String, ? extends StreamSource<T>> partition, Predicate<Position> mayGo, boolean growing) {
		this(whole, names, partition, true, mayGo, growing);
	}

	private MergedSource(StreamSource<T> whole, Supplier<List<String>> names,
			Function<String, ? extends StreamSource<T>> partition, boolean named, Predicate<Position> mayGo,
			boolean growing) {
		this.whole = Objects.requireNonNull(whole, "whole");
		this.names = Objects.requireNonNull(names, "names");
		this.partition = Objects.requireNonNull(partition, "partition");
		this.named = named;
		this.mayGo = mayGo;
		this.growing = growing;
	}

	/**
	 * Return the partitions that there are now.
	 * @return what reads each, in their order
	 * @throws BrokerUnavailableException if it can be expected to be known later
	 */
	public List<Partition<T>> partitionSources() {
		return this.names.get()
			.stream()
			.map((name) -> new Partition<>(this.named ? name : null, partition(name)))
			.toList();
	}

	/**
	 * Return the names of the places that there are now, if there may be more of them
	 * while they are read.
	 * @return the names; none where nobody has to look for more
	 * @throws BrokerUnavailableException if they can be expected to be known later
	 */
	public List<String> growingNames() {
		return this.growing ? this.names.get() : List.of();
	}

	/**
	 * Whether nothing is lost if a place that was merged is no more there.
	 * @param position where it was read up to
	 * @return {@code false} if that is to be refused
	 */
	public boolean mayGo(Position position) {
		return this.mayGo.test(position);
	}

	private synchronized StreamSource<T> partition(String name) {
		StreamSource<T> source = this.known.get(name);
		if (source == null) {
			source = this.partition.apply(name);
			this.places.forEach(source::committedAt);
			if (this.originals) {
				source.keepOriginals();
			}
			this.known.put(name, source);
		}
		return source;
	}

	@Override
	public Optional<MergedSource<T>> merged() {
		return Optional.of(this);
	}

	@Override
	public String location() {
		return this.whole.location();
	}

	@Override
	public Object resource() {
		return this.whole.resource();
	}

	@Override
	public boolean reads(Object resource) {
		return this.whole.reads(resource);
	}

	@Override
	public void verifySettings() {
		this.whole.verifySettings();
	}

	@Override
	public void verify() {
		this.whole.verify();
	}

	@Override
	public Position start(LaneId lane, StartFrom from) {
		return Parts
			.of(partitionSources().stream()
				.map((partition) -> Parts.part(partition.source().start(lane, from), partition.name(), false, 0))
				.toList())
			.toPosition();
	}

	@Override
	public Position completed(Position position, boolean over) {
		Parts parts = Parts.of(position);
		List<Position> next = new ArrayList<>();
		int[] ahead = new int[parts.size()];
		int least = Integer.MAX_VALUE;
		for (int i = 0; i < ahead.length; i++) {
			boolean shown = over || parts.isOver(i);
			String name = parts.name(i);
			next.add(partition((name != null) ? name : String.valueOf(i)).completed(parts.position(i), shown));
			ahead[i] = parts.ahead(i) + (shown ? 1 : 0);
			least = Math.min(least, ahead[i]);
		}
		for (int i = 0; i < ahead.length; i++) {
			next.set(i, Parts.part(next.get(i), parts.name(i), false, ahead[i] - least));
		}
		return Parts.of(next).toPosition();
	}

	/**
	 * Not to be called: the partitions are opened, one by one.
	 */
	@Override
	public StreamReader<T> open(LaneId lane, @Nullable Position from) {
		throw new UnsupportedOperationException("The partitions of the " + location() + " are opened one by one");
	}

	@Override
	public Set<ReservedName> reservedNames(LaneId lane) {
		return this.whole.reservedNames(lane);
	}

	@Override
	public OptionalInt partitions() {
		return this.whole.partitions();
	}

	@Override
	public boolean isReadWhole() {
		return this.whole.isReadWhole();
	}

	@Override
	public Set<RecordFact> recordFacts() {
		return this.whole.recordFacts();
	}

	@Override
	public boolean isBatch() {
		return this.whole.isBatch();
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.whole.participant(key);
	}

	@Override
	public synchronized void committedAt(LaneId lane, CommitPlace place) {
		this.places.put(lane, place);
		this.whole.committedAt(lane, place);
		this.known.values().forEach((source) -> source.committedAt(lane, place));
	}

	@Override
	public synchronized void keepOriginals() {
		this.originals = true;
		this.whole.keepOriginals();
		this.known.values().forEach(StreamSource::keepOriginals);
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return this.whole.commitPlace();
	}

	@Override
	public String toString() {
		return this.whole.toString();
	}

	/**
	 * One of those that are merged.
	 *
	 * @param <T> the type of the elements
	 * @param name its name, {@code null} if it has none but its number
	 * @param source what reads it
	 * @since 0.1.0
	 */
	public record Partition<T>(@Nullable String name, StreamSource<T> source) {

	}

	/**
	 * The positions of the partitions of one merged stream. Immutable.
	 *
	 * @since 0.1.0
	 */
	public static final class Parts {

		/** Each as it is kept: with what is said of the partition besides. */
		private final List<Position> parts;

		private Parts(List<Position> parts) {
			this.parts = List.copyOf(parts);
		}

		/**
		 * Put positions together.
		 * @param parts for each partition, in their order, its position, or what
		 * {@link #unnamed(int)} or {@link #part(Position, String, boolean, int)}
		 * returned; an empty one stands for the start
		 * @return all of them
		 */
		public static Parts of(List<Position> parts) {
			return new Parts(parts);
		}

		/**
		 * Take the position of a merged stream apart.
		 * @param position what {@link #toPosition()} returned, or an empty one for the
		 * start
		 * @return the positions of its partitions
		 * @throws IllegalArgumentException if it is no such position
		 */
		public static Parts of(Position position) {
			if (position.equals(Position.empty())) {
				return new Parts(List.of());
			}
			List<Map<String, Object>> parts = new ArrayList<>();
			for (long i = 0; i < position.count(COUNT); i++) {
				parts.add(new LinkedHashMap<>());
			}
			position.fields().forEach((field, value) -> {
				int dot = field.indexOf('.');
				if (dot > 0) {
					parts.get(Integer.parseInt(field.substring(0, dot))).put(field.substring(dot + 1), value);
				}
			});
			return new Parts(parts.stream().map(Position::of).toList());
		}

		/**
		 * How many partitions there were.
		 * @return the number
		 */
		public int size() {
			return this.parts.size();
		}

		/**
		 * Return the position of a partition, as its own source knows it.
		 * @param partition the number of the partition
		 * @return the position
		 */
		public Position position(int partition) {
			Map<String, Object> fields = new LinkedHashMap<>(this.parts.get(partition).fields());
			fields.remove(OVER);
			fields.remove(AHEAD);
			fields.remove(NAME);
			return Position.of(fields);
		}

		/**
		 * Return all that is known of a partition but its name as one position, for a
		 * broker that keeps each by itself.
		 * @param partition the number of the partition
		 * @return the position, with a field or two more
		 */
		public Position unnamed(int partition) {
			Map<String, Object> fields = new LinkedHashMap<>(this.parts.get(partition).fields());
			fields.remove(NAME);
			return Position.of(fields);
		}

		/**
		 * Return all that is known of a partition as one position.
		 * @param position its position, as its own source knows it
		 * @param name its name, {@code null} if it has none
		 * @param over whether it has shown its mark, and the stream is not over yet
		 * @param ahead by how many marks it is ahead of the one farthest behind
		 * @return the position, with some fields more
		 */
		public static Position part(Position position, @Nullable String name, boolean over, int ahead) {
			Position named = (name != null) ? position.with(NAME, name) : position;
			Position part = over ? named.with(OVER, 1) : named;
			return (ahead != 0) ? part.with(AHEAD, ahead) : part;
		}

		/**
		 * Return the name of a partition.
		 * @param partition the number of the partition
		 * @return its name, {@code null} if it has none
		 */
		public @Nullable String name(int partition) {
			return this.parts.get(partition).text(NAME);
		}

		/**
		 * Find a partition again.
		 * @param name its name, {@code null} if it has none
		 * @param number its number now, which counts where it has no name
		 * @return its number here, -1 if it was not there
		 */
		public int find(@Nullable String name, int number) {
			if (name == null) {
				return (number < this.parts.size()) ? number : -1;
			}
			for (int i = 0; i < this.parts.size(); i++) {
				if (name.equals(name(i))) {
					return i;
				}
			}
			return -1;
		}

		/**
		 * Whether a partition has shown its mark, and the stream is not over yet.
		 * @param partition the number of the partition
		 * @return {@code true} if nothing more is read of it until it is
		 */
		public boolean isOver(int partition) {
			return this.parts.get(partition).has(OVER);
		}

		/**
		 * By how many marks a partition is ahead of the one farthest behind: what stands
		 * there comes once that one has passed as many. Less than zero only for one that
		 * is over.
		 * @param partition the number of the partition
		 * @return the number of marks
		 */
		public int ahead(int partition) {
			return this.parts.get(partition).has(AHEAD) ? (int) this.parts.get(partition).number(AHEAD) : 0;
		}

		/**
		 * Return them as one position.
		 * @return the position of the merged stream
		 */
		public Position toPosition() {
			Map<String, Object> fields = new LinkedHashMap<>();
			fields.put(COUNT, (long) this.parts.size());
			for (int i = 0; i < this.parts.size(); i++) {
				String prefix = i + ".";
				this.parts.get(i).fields().forEach((field, value) -> fields.put(prefix + field, value));
			}
			return Position.of(fields);
		}

	}

}
