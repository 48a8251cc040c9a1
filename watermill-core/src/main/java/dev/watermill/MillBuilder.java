package dev.watermill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.Result;
import dev.watermill.engine.Output;
import dev.watermill.engine.internal.DeadLetterPlace;
import dev.watermill.engine.internal.MillPlan;
import dev.watermill.engine.internal.MillSettings;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
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
public final class MillBuilder extends SettingsBuilder<MillBuilder> {

	/**
	 * The longest duration that a setting can have: a hundred years, which a clock can
	 * still count in nanoseconds.
	 */
	public static final Duration MAX_DURATION = MillSettings.MAX_DURATION;

	private final String name;

	private final List<InputNode<?>> inputs = new ArrayList<>();

	/** Those of which it is not said yet what is asked for. */
	private final List<JoinCondition<?, ?>> unfinished = new ArrayList<>();

	private final List<Output> outputs = new ArrayList<>();

	private final DeadLetterPlaces deadLetters;

	private WindowPolicy window = new WindowPolicy.None();

	private @Nullable DeliveryFunction<?> function;

	private Result.Shape shape = Result.Shape.NONE;

	private boolean asynchronous;

	private double maxBadRate = 1;

	MillBuilder(String name) {
		if (name.isBlank()) {
			throw new IllegalArgumentException("A mill has a name: what it keeps anywhere is named after it");
		}
		this.name = name;
		this.deadLetters = new DeadLetterPlaces(name);
	}

	@Override
	MillBuilder self() {
		return this;
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
		return add(new InputNode<>(nextNode(), definition, broker, InputNode.Edge.NONE));
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
	 * @throws IllegalArgumentException if the parent is no input of this mill
	 */
	public <P, C> JoinCondition<P, C> join(Input<P> parent, StreamDefinition<C> definition, Broker broker) {
		if (!this.inputs.contains(parent)) {
			throw new IllegalArgumentException("The mill '" + this.name + "' can't join '" + definition.name()
					+ "' to '" + parent.stream() + "', which is no input of its own");
		}
		JoinCondition<P, C> join = new JoinCondition<>(this, parent, definition, broker);
		this.unfinished.add(join);
		return join;
	}

	<I extends InputNode<?>> I finish(JoinCondition<?, ?> join, I input) {
		this.unfinished.remove(join);
		return add(input);
	}

	private <I extends InputNode<?>> I add(I input) {
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
	 * Cut the master into windows of one size that begin at regular distances: [n * step,
	 * n * step + size) for every integer n, from 0 or the epoch on. An element is in all
	 * windows that hold its key: in several where the step is less than the size, in none
	 * where it is greater and the key is between two.
	 * @param key the key, a number or a time, which never decreases
	 * @param size how long a window is
	 * @param step how far behind the begin of a window the next one begins
	 * @return this builder
	 * @throws IllegalArgumentException if there are no such spans between such keys
	 */
	public MillBuilder windowBy(KeyFunction<?> key, KeySpan size, KeySpan step) {
		return windowBy(key, size, step, KeySpan.ZERO);
	}

	/**
	 * Cut the master into windows of one size that begin at regular distances, from an
	 * offset on.
	 * @param key the key, a number or a time, which never decreases
	 * @param size how long a window is
	 * @param step how far behind the begin of a window the next one begins
	 * @param offset how far behind 0 or the epoch one begins
	 * @return this builder
	 * @throws IllegalArgumentException if there are no such spans between such keys
	 */
	public MillBuilder windowBy(KeyFunction<?> key, KeySpan size, KeySpan step, KeySpan offset) {
		this.window = new WindowPolicy.Hopping(key, size, step, offset);
		return this;
	}

	/**
	 * Cut the master into sessions: runs of elements that have their matches, each of
	 * which is no farther than a gap behind the one before.
	 * @param key the key, a number or a time, which never decreases
	 * @param gap how far apart they may be
	 * @return this builder
	 * @throws IllegalArgumentException if there is no such gap between such keys
	 */
	public MillBuilder sessionsBy(KeyFunction<?> key, KeySpan gap) {
		this.window = new WindowPolicy.Session(key, gap);
		return this;
	}

	/**
	 * Cut the master into windows of so many elements that have their matches.
	 * @param size how many; the last window may have fewer
	 * @return this builder
	 * @throws IllegalArgumentException if it is not positive
	 */
	public MillBuilder windowCount(int size) {
		this.window = new WindowPolicy.Count(size);
		return this;
	}

	/**
	 * Cut the master into windows of a length of time, on the clock. Not repeatable, and
	 * not together with joins.
	 * @param duration how long after its first element a window closes
	 * @return this builder
	 */
	public MillBuilder windowEvery(Duration duration) {
		this.window = new WindowPolicy.Every(MillSettings.positive("the duration of windows", duration));
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
		return function(Result.Shape.SINGLE, newFunction);
	}

	/**
	 * Process each delivery to several results.
	 * @param newFunction the function
	 * @return this builder
	 */
	public MillBuilder processAll(DeliveryFunction<? extends Iterable<?>> newFunction) {
		return function(Result.Shape.ITERABLE, newFunction);
	}

	/**
	 * Process each delivery to several results, which are computed while they are
	 * written.
	 * @param newFunction the function; its streams are closed
	 * @return this builder
	 */
	public MillBuilder processStream(DeliveryFunction<? extends Stream<?>> newFunction) {
		return function(Result.Shape.STREAM, newFunction);
	}

	/**
	 * Process each delivery without a result.
	 * @param consumer the function
	 * @return this builder
	 */
	public MillBuilder forEach(Consumer<Delivery> consumer) {
		return function(Result.Shape.NONE, (delivery) -> {
			consumer.accept(delivery);
			return null;
		});
	}

	/**
	 * Process each delivery to one result, which is there later: the function returns a
	 * stage, and the next delivery need not wait for it. Results are written in the order
	 * of deliveries.
	 * @param newFunction the function; {@code null}, at once or later, means no result
	 * @return this builder
	 * @see #maxInFlight(int)
	 * @see #deliveryTimeout(java.time.Duration)
	 */
	public MillBuilder processLater(DeliveryFunction<? extends CompletionStage<?>> newFunction) {
		return functionLater(Result.Shape.SINGLE, newFunction);
	}

	/**
	 * Process deliveries by a function that answers later, in a form of which only its
	 * caller knows.
	 * @param answers the form of what its stages complete with
	 * @param newFunction the function
	 * @return this builder
	 */
	public MillBuilder functionLater(Result.Shape answers, DeliveryFunction<? extends CompletionStage<?>> newFunction) {
		function(answers, newFunction);
		this.asynchronous = true;
		return this;
	}

	/**
	 * Process deliveries by a function that answers in a form of which only its caller
	 * knows.
	 * @param answers the form in which the function answers
	 * @param newFunction the function
	 * @return this builder
	 */
	public MillBuilder function(Result.Shape answers, DeliveryFunction<?> newFunction) {
		this.asynchronous = false;
		this.shape = answers;
		this.function = newFunction;
		return this;
	}

	/**
	 * Put something around the function that is set by now, as what measures or tests do.
	 * @param wrapper makes another function of it, which answers in the same form
	 * @return this builder
	 * @throws IllegalStateException if no function is set
	 */
	public MillBuilder around(UnaryOperator<DeliveryFunction<?>> wrapper) {
		if (this.function == null) {
			throw new IllegalStateException("The mill '" + this.name + "' has no processing function yet");
		}
		this.function = wrapper.apply(this.function);
		return this;
	}

	/**
	 * Stop the mill, instead of passing over everything, when an input turns bad
	 * altogether: when of the last 1,000 elements that were read a greater share was
	 * invalid, tombstones or out of order. It is judged once as many were read.
	 * @param share the share, from 0 to 1, which is none at all, and the default
	 * @return this builder
	 */
	public MillBuilder maxBadRate(double share) {
		if (!(share >= 0 && share <= 1)) {
			throw new IllegalArgumentException("max-bad-rate must be from 0 to 1, but is " + share);
		}
		this.maxBadRate = share;
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
		if (DeadLetterPlace.isReserved(definition.name())) {
			throw new IllegalArgumentException("The mill '" + this.name + "' can't have an output stream '"
					+ definition.name() + "': so dead letters are named. Give it another name.");
		}
		if (key instanceof KeyFunction.OfRecord) {
			throw new IllegalArgumentException("The key '" + key.description() + "' of the output stream '"
					+ definition.name() + "' can't be computed of a record: a result has none yet");
		}
		StreamSink<R> sink = broker.sink(definition);
		if (key != null) {
			sink.withKeys();
		}
		this.outputs.add(new Output(definition.name(), type, sink, key));
		return this;
	}

	/**
	 * Say where the dead letters of a stream are written to: its elements for which the
	 * policy is {@code DEAD_LETTER}, and of the master those of deliveries that failed. A
	 * stream for which nothing is said writes to the place of the mill, else to where its
	 * broker has dead letters by default. Streams may share a place.
	 * @param stream the name of the input
	 * @param place the place, whose name is what commits know it by
	 * @param broker where the place is
	 * @return this builder
	 */
	public MillBuilder deadLetters(String stream, StreamDefinition<DeadLetter> place, Broker broker) {
		this.deadLetters.ofStream(stream, place, broker);
		return this;
	}

	/**
	 * Say where the dead letters are written to of streams that have no place of their
	 * own for them.
	 * @param place the place, whose name is what commits know it by
	 * @param broker where the place is
	 * @return this builder
	 */
	public MillBuilder deadLetters(StreamDefinition<DeadLetter> place, Broker broker) {
		this.deadLetters.ofMill(place, broker);
		return this;
	}

	/**
	 * Build the mill.
	 * @return the mill, not started yet
	 * @throws IllegalArgumentException if something is missing or contradicts itself
	 * @throws StreamConflictException if two outputs, or an input and an output, are one
	 * place
	 * @throws MissingFactException if records of a stream don't have what a key is
	 * computed of
	 */
	public Mill build() {
		if (this.inputs.isEmpty()) {
			throw new IllegalArgumentException("The mill '" + this.name + "' has no input");
		}
		if (!this.unfinished.isEmpty()) {
			throw new IllegalArgumentException("The mill '" + this.name + "' has an unfinished join of '"
					+ this.unfinished.get(0).stream() + "'. Say by which keys, with on, and what is asked for, with "
					+ "many, first or another last step.");
		}
		if (this.function == null) {
			throw new IllegalArgumentException("The mill '" + this.name + "' has no processing function");
		}
		String asynchronousOnly = asynchronousOnly();
		if (!this.asynchronous && asynchronousOnly != null) {
			throw new IllegalArgumentException(
					"The function of the mill '" + this.name + "' returns no CompletionStage, " + "so "
							+ asynchronousOnly + " has no effect. Remove it, or let the function answer later.");
		}
		MillSettings settings = settings();
		checkWindow(settings);
		List<JoinNode> nodes = this.inputs.stream().<JoinNode>map(InputNode::toJoinNode).toList();
		List<DeadLetterPlace> letters = this.deadLetters.find(this.inputs, settings.failure());
		new Places(this.name).requireDistinct(nodes,
				Stream.concat(this.outputs.stream(), letters.stream().map(DeadLetterPlace::output)).toList());
		checkOutputs();
		JoinTree tree = new JoinTree(nodes, this.window.key(), this.window.isOrdered(),
				settings.limits().maxGroupSize());
		List<JoinNode> arriving = this.inputs.stream()
			.map((input) -> nodes.get(input.node())
				.arrivingBy(input.arrival().policy(input.stream(), tree.requiredKeys(input.node()), this.maxBadRate)))
			.toList();
		JoinTree whole = tree.with(arriving);
		new RecordFactCheck(this.name).check(whole);
		return new Mill(new MillPlan(this.name, whole, this.window, this.function, this.shape, this.asynchronous,
				this.outputs, letters, settings));
	}

	/**
	 * Refuse streams of which one would never get a result, or whose lengths a checkpoint
	 * could not tell apart.
	 */
	private void checkOutputs() {
		for (int i = 0; i < this.outputs.size(); i++) {
			Output output = this.outputs.get(i);
			for (Output other : this.outputs.subList(0, i)) {
				if (other.stream().equals(output.stream())) {
					throw new IllegalArgumentException(
							"The mill '" + this.name + "' has two output streams of the name '" + output.stream()
									+ "'. Give each a name of its own.");
				}
				if (other.type() == output.type()) {
					throw new IllegalArgumentException("The mill '" + this.name + "' has two output streams, '"
							+ other.stream() + "' and '" + output.stream() + "', for results of one type, "
							+ output.type().getName() + ": all would go to the first. Give each a type of its own.");
				}
			}
		}
	}

	private void checkWindow(MillSettings settings) {
		if (this.window instanceof WindowPolicy.Every && this.inputs.size() > 1) {
			throw new IllegalArgumentException("The mill '" + this.name + "' joins streams, so its windows can't be "
					+ "cut by the clock: the same input would not give the same output. Window by a key instead.");
		}
		if (settings.timing().idle() != null && this.inputs.size() == 1 && this.window instanceof WindowPolicy.None) {
			throw new IllegalArgumentException("The mill '" + this.name + "' has neither windows nor joins, so nothing "
					+ "waits for what a stream may bring, and idle has no effect. Remove it.");
		}
		int maxSize = settings.limits().maxWindowSize();
		if (this.window instanceof WindowPolicy.Count count && count.size() > maxSize) {
			throw new IllegalArgumentException(
					"The mill '" + this.name + "' has windows of " + count.size() + " elements, and max-window-size is "
							+ maxSize + ". Choose smaller windows, or raise max-window-size.");
		}
	}

}
