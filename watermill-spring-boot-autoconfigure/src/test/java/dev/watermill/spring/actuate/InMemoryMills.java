package dev.watermill.spring.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RestartPolicy;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.mill.Mills;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real mills over streams in memory, to be observed.
 */
public final class InMemoryMills implements Mills, AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final InMemoryBroker broker;

	private final Set<String> unreachable = ConcurrentHashMap.newKeySet();

	private final Map<String, Mill> mills = new ConcurrentSkipListMap<>();

	private final List<MillCustomizer> customizers;

	public InMemoryMills(MillCustomizer... customizers) {
		this(List.of(customizers));
	}

	public InMemoryMills(Collection<MillCustomizer> customizers) {
		this(new InMemoryBroker(), customizers);
	}

	private InMemoryMills(InMemoryBroker broker, Collection<MillCustomizer> customizers) {
		this.broker = broker;
		this.customizers = List.copyOf(customizers);
	}

	/**
	 * Where the mills' streams are.
	 */
	public InMemoryBroker broker() {
		return this.broker;
	}

	/**
	 * Return the mills of another instance, which has none yet. From now on mills share
	 * their lanes out.
	 */
	public InMemoryMills anotherInstance() {
		this.broker.coordinator();
		return new InMemoryMills(this.broker, this.customizers);
	}

	/**
	 * Add a mill that joins, whose streams have partitions.
	 */
	public Mill addJoin(String name, int partitions) {
		this.broker.stream(name + "/location", partitions);
		this.broker.stream(name + "/next-step", partitions);
		return addJoin(name);
	}

	/**
	 * Let the function of a mill that joins fail in one of its lanes.
	 */
	public void failLane(String name, int lane) {
		this.<Location>stream(name, "location").partition(lane).append(new Location(0, -1));
		this.<Location>stream(name, "next-step").partition(lane).append(new Location(10, 1));
	}

	/**
	 * Add a mill that joins each location with the next one, 10 later, and writes the
	 * speed between the two. It fails for locations before the first metre.
	 */
	public Mill addJoin(String name) {
		return addJoin(name, builder(name));
	}

	/**
	 * Add one that is started again by itself an hour after it failed, up to three times.
	 */
	public Mill addRestartedJoin(String name) {
		return addJoin(name, builder(name).restart(new RestartPolicy(3, Duration.ofHours(1), Duration.ofHours(1))));
	}

	private Mill addJoin(String name, MillBuilder builder) {
		Broker source = new SometimesUnreachable(name);
		Input<Location> from = builder.from(definition(name, "location", Location.class), source);
		JoinFirst<Location, Location> next = builder.join(from, definition(name, "next-step", Location.class), source)
			.on(KeyFunction.<Location>ofLong("time + 10", (location) -> location.time() + 10),
					KeyFunction.<Location>ofLong("time", Location::time))
			.first();
		builder.process((delivery) -> {
			Location start = delivery.get(from);
			if (start.metres() < 0) {
				throw new IllegalStateException("broken sensor");
			}
			return new Speed(start.time(), delivery.get(next).get(start).metres() - start.metres());
		});
		return add(builder);
	}

	/**
	 * Add a mill that writes the length of each window of locations of 30 units of time.
	 */
	public Mill addWindow(String name) {
		MillBuilder builder = builder(name);
		Input<Location> from = builder.from(definition(name, "location", Location.class), this.broker);
		builder.windowBy(KeyFunction.<Location>ofLong("time / 30", (location) -> location.time() / 30));
		builder.process((delivery) -> {
			List<Location> window = delivery.window(from);
			return new Speed(window.get(0).time(), window.size());
		});
		return add(builder);
	}

	/**
	 * Add a mill whose function answers later: never.
	 */
	public Mill addLater(String name) {
		MillBuilder builder = builder(name).maxInFlight(3);
		builder.from(definition(name, "location", Location.class), this.broker);
		builder.processLater((delivery) -> new CompletableFuture<>());
		return add(builder);
	}

	private MillBuilder builder(String name) {
		return Mill.builder(name)
			.retry(new RetryPolicy(0, Duration.ofMillis(1), Duration.ofMillis(1)))
			.pollTimeout(Duration.ofMillis(50))
			.commitInterval(Duration.ofMillis(10));
	}

	private Mill add(MillBuilder builder) {
		builder.to(definition(builder.name(), "speed", Speed.class), Speed.class, this.broker);
		this.customizers.forEach((customizer) -> customizer.customize(builder));
		return add(builder.build());
	}

	public Mill add(Mill mill) {
		this.mills.put(mill.name(), mill);
		return mill;
	}

	private static <T> StreamDefinition<T> definition(String mill, String stream, Class<T> type) {
		return new StreamDefinition<>(stream, type, Map.of(InMemoryBroker.STREAM_PROPERTY, mill + "/" + stream));
	}

	public <T> InMemoryStream<T> stream(String mill, String stream) {
		return this.broker.stream(mill + "/" + stream);
	}

	/**
	 * Append locations, one every ten units of time from 0 on, a metre apart.
	 */
	public InMemoryStream<Location> appendLocations(String mill, String stream, int count) {
		List<Location> locations = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			locations.add(new Location(10 * i, i));
		}
		return this.<Location>stream(mill, stream).appendAll(locations);
	}

	/**
	 * Run a mill that joins over four locations until it completed.
	 */
	public Mill addCompletedJoin(String name) {
		Mill mill = addJoin(name);
		appendLocations(name, "location", 4).end();
		appendLocations(name, "next-step", 5).end();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		return mill;
	}

	/**
	 * Run a mill that joins until its function fails for its only delivery.
	 */
	public Mill addFailedJoin(String name) {
		Mill mill = addJoin(name);
		this.<Location>stream(name, "location").append(new Location(0, -1)).end();
		appendLocations(name, "next-step", 2).end();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		return mill;
	}

	/**
	 * Let another instance take over a mill that runs; it notices with its next commit.
	 */
	public void takeOver(String mill) {
		this.broker.commitPlace().open(CommitScope.of(new LaneId(mill, 0)));
	}

	/**
	 * Let the inputs of a mill that joins be out of reach when it opens them.
	 */
	public void setReachable(String mill, boolean reachable) {
		if (reachable) {
			this.unreachable.remove(mill);
		}
		else {
			this.unreachable.add(mill);
		}
	}

	@Override
	public Collection<Mill> all() {
		return List.copyOf(this.mills.values());
	}

	@Override
	public @Nullable Mill get(String name) {
		return this.mills.get(name);
	}

	@Override
	public void close() throws InterruptedException {
		this.mills.values().forEach(Mill::stop);
		for (Mill mill : this.mills.values()) {
			assertThat(mill.awaitEnd(TIMEOUT)).as("mill '%s' stopped", mill.name()).isTrue();
		}
	}

	public record Location(long time, int metres) {

	}

	public record Speed(long time, int metresPerStep) {

	}

	private final class SometimesUnreachable implements Broker {

		private final String mill;

		SometimesUnreachable(String mill) {
			this.mill = mill;
		}

		@Override
		public <T> StreamSource<T> source(StreamDefinition<T> definition) {
			return new SometimesUnreachableSource<>(this.mill, InMemoryMills.this.broker.source(definition));
		}

	}

	private final class SometimesUnreachableSource<T> implements StreamSource<T> {

		private final String mill;

		private final StreamSource<T> delegate;

		SometimesUnreachableSource(String mill, StreamSource<T> delegate) {
			this.mill = mill;
			this.delegate = delegate;
		}

		@Override
		public String location() {
			return this.delegate.location();
		}

		@Override
		public Object resource() {
			return this.delegate.resource();
		}

		@Override
		public StreamReader<T> open(LaneId lane, @Nullable Position from) {
			if (InMemoryMills.this.unreachable.contains(this.mill)) {
				throw new BrokerUnavailableException("the memory does not answer");
			}
			return this.delegate.open(lane, from);
		}

		@Override
		public boolean isBatch() {
			return this.delegate.isBatch();
		}

		@Override
		public <P> Optional<P> participant(ParticipantKey<P> key) {
			return this.delegate.participant(key);
		}

		@Override
		public OptionalInt partitions() {
			return this.delegate.partitions();
		}

	}

}
