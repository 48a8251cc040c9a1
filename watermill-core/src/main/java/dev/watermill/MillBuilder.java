package dev.watermill;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.checkpoint.CheckpointFile;
import dev.watermill.broker.checkpoint.StateDirectory;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.ResultShape;
import dev.watermill.engine.DeliveryObserver;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.Output;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.engine.internal.MillPlan;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.window.WindowFunction;
import dev.watermill.window.WindowPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Mill}: first its inputs, the master before all others, then the
 * function, then its outputs. Not thread-safe.
 *
 * <pre class="code">
 * MillBuilder builder = Mill.builder("robot-speed");
 * Input&lt;Location&gt; from = builder.from("location", Location.class, files);
 * JoinFirst&lt;Location, NextStep&gt; next = builder.join(from, "next-step", NextStep.class, files)
 *     .onLong((location) -&gt; location.time() + 10, NextStep::time)
 *     .first();
 * builder.process((delivery) -&gt; speed(delivery.get(from), delivery.get(next)));
 * builder.to("speed", Speed.class, files);
 * Mill mill = builder.build();
 * </pre>
 *
 * @since 0.1.0
 */
public final class MillBuilder {

	/**
	 * The longest duration that a setting can have: a hundred years, which a clock can
	 * still count in nanoseconds.
	 */
	public static final Duration MAX_DURATION = Duration.ofDays(36_500);

	private final String name;

	private final List<InputNode<?>> inputs = new ArrayList<>();

	private final List<Output> outputs = new ArrayList<>();

	private WindowPolicy window = new WindowPolicy.None();

	private @Nullable DeliveryFunction<?> function;

	private ResultShape shape = ResultShape.NONE;

	private Path stateDirectory = Path.of(".watermill");

	private boolean fsync;

	private Duration pollTimeout = Duration.ofSeconds(1);

	private Duration commitInterval = Duration.ofMillis(100);

	private int maxGroupSize = 100_000;

	private int maxWindowSize = 1_000_000;

	private RetryPolicy retry = new RetryPolicy(2, Duration.ofSeconds(1), Duration.ofSeconds(30));

	private ErrorPolicy onError = ErrorPolicy.FAIL;

	private @Nullable StartFrom startFrom;

	private @Nullable Duration dataTimeout;

	private boolean waitsForMore = true;

	private final List<MillListener> listeners = new ArrayList<>();

	private @Nullable DeliveryObserver observer;

	private Clock clock = Clock.systemUTC();

	private LongSupplier ticker = System::nanoTime;

	MillBuilder(String name) {
		this.name = name;
	}

	/**
	 * The name of the mill.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Read the master, the stream in whose order everything is delivered.
	 * @param <T> the type of the elements
	 * @param stream the name of the stream
	 * @param type the type of the elements
	 * @param broker where it lives
	 * @return the master
	 */
	public <T> Input<T> from(String stream, Class<T> type, Broker broker) {
		return from(StreamDefinition.of(stream, type), broker);
	}

	/**
	 * Read the master, the stream in whose order everything is delivered.
	 * @param <T> the type of the elements
	 * @param definition what is known of the stream
	 * @param broker where it lives
	 * @return the master
	 */
	public <T> Input<T> from(StreamDefinition<T> definition, Broker broker) {
		if (!this.inputs.isEmpty()) {
			throw new IllegalStateException("The mill '" + this.name + "' has a master already, '" + this.inputs.get(0)
					+ "'. Join '" + definition.name() + "' to it.");
		}
		return add(new InputNode<>(nextNode(), definition.name(), broker.source(definition), InputNode.Edge.NONE));
	}

	/**
	 * Join a stream to another.
	 * @param <P> the type of the parent's elements
	 * @param <C> the type of the elements
	 * @param parent the stream it is joined to
	 * @param stream the name of the stream
	 * @param type the type of the elements
	 * @param broker where it lives
	 * @return the next step
	 */
	public <P, C> JoinCondition<P, C> join(Input<P> parent, String stream, Class<C> type, Broker broker) {
		return join(parent, StreamDefinition.of(stream, type), broker);
	}

	/**
	 * Join a stream to another.
	 * @param <P> the type of the parent's elements
	 * @param <C> the type of the elements
	 * @param parent the stream it is joined to
	 * @param definition what is known of the stream
	 * @param broker where it lives
	 * @return the next step
	 */
	public <P, C> JoinCondition<P, C> join(Input<P> parent, StreamDefinition<C> definition, Broker broker) {
		return new JoinCondition<>(this, parent, definition, broker);
	}

	<I extends InputNode<?>> I add(I input) {
		this.inputs.add(input);
		return input;
	}

	/**
	 * The place of the next input in the join tree.
	 */
	int nextNode() {
		return this.inputs.size();
	}

	/**
	 * Return an input by its name, to change how its bad elements are treated.
	 * @param stream the name of the stream
	 * @return the input
	 * @throws IllegalArgumentException if there is none of this name
	 */
	public Input<?> input(String stream) {
		return this.inputs.stream()
			.filter((input) -> input.stream().equals(stream))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"The mill '" + this.name + "' has no input '" + stream + "', only " + this.inputs));
	}

	/**
	 * Cut the master into runs of equal keys.
	 * @param key the key
	 * @return this builder
	 */
	public MillBuilder windowBy(KeyFunction<?> key) {
		this.window = new WindowPolicy.ByKey(key);
		return this;
	}

	/**
	 * Cut the master into windows of a length of time, on the clock. Not repeatable, and
	 * not together with joins.
	 * @param duration how long after its first element a window closes
	 * @return this builder
	 */
	public MillBuilder windowEvery(Duration duration) {
		this.window = new WindowPolicy.Every(positive("the duration of windows", duration));
		return this;
	}

	/**
	 * Cut the master into runs of equal answers of a function.
	 * @param windowFunction the function
	 * @return this builder
	 */
	public MillBuilder windowBy(WindowFunction<?> windowFunction) {
		this.window = new WindowPolicy.ByFunction(windowFunction);
		return this;
	}

	/**
	 * Process each delivery to one result.
	 * @param newFunction the function; {@code null} means no result
	 * @return this builder
	 */
	public MillBuilder process(DeliveryFunction<?> newFunction) {
		return function(ResultShape.SINGLE, newFunction);
	}

	/**
	 * Process each delivery to several results.
	 * @param newFunction the function
	 * @return this builder
	 */
	public MillBuilder processAll(DeliveryFunction<? extends Iterable<?>> newFunction) {
		return function(ResultShape.ITERABLE, newFunction);
	}

	/**
	 * Process each delivery to several results, which are computed while they are
	 * written.
	 * @param newFunction the function; its streams are closed
	 * @return this builder
	 */
	public MillBuilder processStream(DeliveryFunction<? extends Stream<?>> newFunction) {
		return function(ResultShape.STREAM, newFunction);
	}

	/**
	 * Process each delivery without a result.
	 * @param consumer the function
	 * @return this builder
	 */
	public MillBuilder forEach(Consumer<Delivery> consumer) {
		return function(ResultShape.NONE, (delivery) -> {
			consumer.accept(delivery);
			return null;
		});
	}

	/**
	 * Process deliveries by a function that answers in a form of which only its caller
	 * knows.
	 * @param answers the form in which the function answers
	 * @param newFunction the function
	 * @return this builder
	 */
	public MillBuilder function(ResultShape answers, DeliveryFunction<?> newFunction) {
		this.shape = answers;
		this.function = newFunction;
		return this;
	}

	/**
	 * Write the results of a type to a stream.
	 * @param <R> the type of the results
	 * @param stream the name of the stream
	 * @param type the type of the results
	 * @param broker where the stream lives
	 * @return this builder
	 */
	public <R> MillBuilder to(String stream, Class<R> type, Broker broker) {
		return to(StreamDefinition.of(stream, type), type, broker);
	}

	/**
	 * Write the results of a type to a stream.
	 * @param <R> the type of the results
	 * @param definition what is known of the stream
	 * @param type the type of the results
	 * @param broker where the stream lives
	 * @return this builder
	 */
	public <R> MillBuilder to(StreamDefinition<R> definition, Class<? extends R> type, Broker broker) {
		return to(definition, type, broker, null);
	}

	/**
	 * Write the results of a type to a stream whose records have keys.
	 * @param <R> the type of the results
	 * @param definition what is known of the stream
	 * @param type the type of the results
	 * @param broker where the stream lives
	 * @param key makes the key of a result's record, {@code null} for none
	 * @return this builder
	 */
	public <R> MillBuilder to(StreamDefinition<R> definition, Class<? extends R> type, Broker broker,
			@Nullable KeyFunction<?> key) {
		StreamSink<R> sink = broker.sink(definition);
		if (key != null) {
			sink.withKeys();
		}
		this.outputs.add(new Output(definition.name(), type, sink, key));
		return this;
	}

	/**
	 * Set the directory for the positions of a mill whose outputs have no place for them,
	 * and where is remembered beside which file it keeps them otherwise.
	 * @param directory the directory, {@code .watermill} by default
	 * @return this builder
	 */
	public MillBuilder stateDirectory(Path directory) {
		this.stateDirectory = directory;
		return this;
	}

	/**
	 * Set whether positions in the state directory survive a loss of power, too.
	 * @param survivesPowerLoss whether they are forced to the disk at each commit
	 * @return this builder
	 */
	public MillBuilder fsync(boolean survivesPowerLoss) {
		this.fsync = survivesPowerLoss;
		return this;
	}

	/**
	 * Set how long one wait for an element lasts.
	 * @param timeout the time-out, one second by default
	 * @return this builder
	 */
	public MillBuilder pollTimeout(Duration timeout) {
		this.pollTimeout = positive("poll-timeout", timeout);
		return this;
	}

	/**
	 * Set how long results may wait for their commit while more is to read.
	 * @param interval the interval, 100 milliseconds by default
	 * @return this builder
	 */
	public MillBuilder commitInterval(Duration interval) {
		this.commitInterval = positive("commit-interval", interval);
		return this;
	}

	/**
	 * Set how many elements may have one key at one place of the join.
	 * @param size the number of elements, 100,000 by default
	 * @return this builder
	 */
	public MillBuilder maxGroupSize(int size) {
		this.maxGroupSize = positive("max-group-size", size);
		return this;
	}

	/**
	 * Set how many elements a window may have.
	 * @param size the number of elements, 1,000,000 by default
	 * @return this builder
	 */
	public MillBuilder maxWindowSize(int size) {
		this.maxWindowSize = positive("max-window-size", size);
		return this;
	}

	/**
	 * Set how often a delivery is repeated whose processing failed.
	 * @param policy the policy, 2 retries by default: 3 attempts
	 * @return this builder
	 */
	public MillBuilder retry(RetryPolicy policy) {
		notTooLong("delay", policy.delay());
		notTooLong("max-delay", policy.maxDelay());
		notTooLong("jitter", policy.jitter());
		this.retry = policy;
		return this;
	}

	/**
	 * Set what happens with a delivery whose last attempt failed.
	 * @param policy what happens; the default is to fail
	 * @return this builder
	 */
	public MillBuilder onError(ErrorPolicy policy) {
		this.onError = policy;
		return this;
	}

	/**
	 * Set where the mill begins where no position exists. Where nothing is said it begins
	 * at the start, unless an output that can't be written anew holds results already.
	 * @param where where it begins
	 * @return this builder
	 */
	public MillBuilder startFrom(StartFrom where) {
		this.startFrom = where;
		return this;
	}

	/**
	 * Set how long the mill waits for an element of an endless stream before the stream
	 * counts as over.
	 * @param timeout the time-out; without one it waits for ever
	 * @return this builder
	 */
	public MillBuilder dataTimeout(Duration timeout) {
		this.dataTimeout = positive("data-timeout", timeout);
		return this;
	}

	/**
	 * Set whether the mill waits for more when it is started again after it completed and
	 * finds nothing new in streams that may go on.
	 * @param waits {@code false} to complete at once then, {@code true} by default
	 * @return this builder
	 */
	public MillBuilder waitForMore(boolean waits) {
		this.waitsForMore = waits;
		return this;
	}

	/**
	 * Let somebody be around each delivery, for tracing.
	 * @param newObserver is told of each
	 * @return this builder
	 */
	public MillBuilder observer(DeliveryObserver newObserver) {
		this.observer = newObserver;
		return this;
	}

	/**
	 * Let somebody know what the mill does.
	 * @param listener is told
	 * @return this builder
	 */
	public MillBuilder listener(MillListener listener) {
		this.listeners.add(listener);
		return this;
	}

	/**
	 * Set the clocks.
	 * @param newClock tells when something happened
	 * @param newTicker measures how long something took, in nanoseconds
	 * @return this builder
	 */
	public MillBuilder clock(Clock newClock, LongSupplier newTicker) {
		this.clock = newClock;
		this.ticker = newTicker;
		return this;
	}

	/**
	 * Build the mill.
	 * @return the mill, not started yet
	 * @throws IllegalArgumentException if something is missing or contradicts itself
	 * @throws StreamConflictException if two outputs, or an input and an output, are one
	 * place
	 */
	public Mill build() {
		if (this.inputs.isEmpty()) {
			throw new IllegalArgumentException("The mill '" + this.name + "' has no input");
		}
		if (this.function == null) {
			throw new IllegalArgumentException("The mill '" + this.name + "' has no processing function");
		}
		if (this.window instanceof WindowPolicy.Every && this.inputs.size() > 1) {
			throw new IllegalArgumentException("The mill '" + this.name + "' joins streams, so its windows can't be "
					+ "cut by the clock: the same input would not give the same output. Window by a key instead.");
		}
		requirePlacesOfTheirOwn();
		List<JoinNode> joinNodes = this.inputs.stream().<JoinNode>map(InputNode::toJoinNode).toList();
		KeyFunction<?> windowKey = (this.window instanceof WindowPolicy.ByKey byKey) ? byKey.key() : null;
		JoinTree tree = new JoinTree(joinNodes, windowKey, this.maxGroupSize);
		return new Mill(new MillPlan(this.name, tree, this.window, this.function, this.shape, this.outputs,
				CheckpointFile.in(this.stateDirectory, this.fsync), new StateDirectory(this.stateDirectory, this.fsync),
				this.pollTimeout, this.commitInterval, this.maxWindowSize, this.retry, this.onError, this.startFrom,
				this.dataTimeout, this.waitsForMore, listener(), this.observer, this.clock, this.ticker));
	}

	/**
	 * Refuse what would spoil results, by whatever names one place is called: outputs
	 * that write over each other, and an input that the mill writes itself.
	 */
	private void requirePlacesOfTheirOwn() {
		Map<Object, Output> writers = new LinkedHashMap<>();
		for (Output output : this.outputs) {
			writers.forEach((place, other) -> {
				if (output.sink().writes(place)) {
					throw new StreamConflictException(
							"Two output streams of the mill '" + this.name + "' are bound to one place, "
									+ onePlace(other.sink().location(), output.sink().location()) + ": '"
									+ other.stream() + "' and '" + output.stream() + "'.",
							other.stream(), output.stream());
				}
			});
			writers.put(output.sink().resource(), output);
		}
		for (InputNode<?> input : this.inputs) {
			writers.forEach((place, writer) -> {
				if (input.source().reads(place)) {
					throw new StreamConflictException(
							"The mill '" + this.name + "' reads its own output: its streams '" + input.stream()
									+ "' and '" + writer.stream() + "' are both bound to "
									+ onePlace(input.source(), place, writer.sink().location()) + ".",
							input.stream(), writer.stream());
				}
			});
		}
	}

	private static String onePlace(StreamSource<?> source, Object place, String other) {
		return source.resource().equals(place) ? onePlace(source.location(), other)
				: source.location() + ", of which " + other + " is one";
	}

	private static String onePlace(String location, String other) {
		return location.equals(other) ? location : location + ", which is the same as " + other;
	}

	private @Nullable MillListener listener() {
		return switch (this.listeners.size()) {
			case 0 -> null;
			case 1 -> this.listeners.get(0);
			default -> new MillListeners(this.listeners);
		};
	}

	private static Duration positive(String what, Duration duration) {
		if (duration.isNegative() || duration.isZero()) {
			throw new IllegalArgumentException(what + " must be positive, but is " + duration);
		}
		return notTooLong(what, duration);
	}

	private static Duration notTooLong(String what, Duration duration) {
		if (duration.compareTo(MAX_DURATION) > 0) {
			throw new IllegalArgumentException(
					what + " must be at most " + MAX_DURATION.toDays() + " days, but is " + duration);
		}
		return duration;
	}

	private static int positive(String what, int number) {
		if (number < 1) {
			throw new IllegalArgumentException(what + " must be positive, but is " + number);
		}
		return number;
	}

}
