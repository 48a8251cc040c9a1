package dev.watermill;

import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Supplier;

import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * An input of a mill that is built: as such the master, as one of its kinds a joined
 * stream.
 *
 * @param <T> the type of the elements
 */
class InputNode<T> implements Input<T> {

	private final int node;

	private final String stream;

	private final StreamSource<T> source;

	private final Supplier<Optional<StreamSink<DeadLetter>>> deadLetters;

	private final Edge edge;

	private ErrorPolicy onInvalid = ErrorPolicy.FAIL;

	private @Nullable ErrorPolicy onTombstone;

	private ErrorPolicy onDisorder = ErrorPolicy.FAIL;

	private final ArrivalSettings arrival = new ArrivalSettings();

	/**
	 * Create an input.
	 * @param node its place in the join tree
	 * @param definition what is known of the stream
	 * @param broker where it lives
	 * @param edge how it is joined to its parent
	 */
	InputNode(int node, StreamDefinition<T> definition, Broker broker, Edge edge) {
		this.node = node;
		this.stream = definition.name();
		this.source = broker.source(definition);
		this.deadLetters = () -> broker.defaultDeadLetterSink(definition);
		this.edge = edge;
	}

	@Override
	public final String stream() {
		return this.stream;
	}

	@Override
	public final int node() {
		return this.node;
	}

	final StreamSource<T> source() {
		return this.source;
	}

	@Override
	public final void onInvalid(ErrorPolicy policy) {
		this.onInvalid = policy;
	}

	@Override
	public final void onTombstone(ErrorPolicy policy) {
		this.onTombstone = policy;
	}

	@Override
	public final void onDisorder(ErrorPolicy policy) {
		this.onDisorder = policy;
	}

	/**
	 * Where the broker of the stream has its dead letters if nobody names a place.
	 */
	final Optional<StreamSink<DeadLetter>> defaultDeadLetters() {
		return this.deadLetters.get();
	}

	/**
	 * Whether elements of the stream may become dead letters by themselves.
	 */
	final boolean mayDeadLetter() {
		return EnumSet.of(this.onInvalid, onTombstone(), this.onDisorder).contains(ErrorPolicy.DEAD_LETTER);
	}

	private ErrorPolicy onTombstone() {
		return (this.onTombstone != null) ? this.onTombstone : this.onInvalid;
	}

	@Override
	public final void reorder(KeyFunction<?> by, KeySpan within, int maxSize) {
		this.arrival.reorder(by, within, maxSize);
	}

	@Override
	public final void maxStep(KeySpan step) {
		this.arrival.maxStep(null, step);
	}

	@Override
	public final void maxStep(KeyFunction<?> by, KeySpan step) {
		this.arrival.maxStep(by, step);
	}

	final ArrivalSettings arrival() {
		return this.arrival;
	}

	final JoinNode toJoinNode() {
		return new JoinNode(this.stream, this.source, this.edge.parent(), this.edge.left(), this.edge.right(),
				this.edge.take(), this.onInvalid, onTombstone(), this.onDisorder)
			.joinedAs(this.edge.kind(), this.edge.optional());
	}

	@Override
	public final String toString() {
		return this.stream;
	}

	/**
	 * A joined stream of which every match is asked for.
	 *
	 * @param <P> the type of the parent's elements
	 * @param <C> the type of the elements
	 */
	static final class Many<P, C> extends InputNode<C> implements JoinMany<P, C> {

		Many(int node, StreamDefinition<C> definition, Broker broker, Edge edge) {
			super(node, definition, broker, edge);
		}

	}

	/**
	 * A joined stream of which the first match is asked for.
	 *
	 * @param <P> the type of the parent's elements
	 * @param <C> the type of the elements
	 */
	static final class First<P, C> extends InputNode<C> implements JoinFirst<P, C> {

		First(int node, StreamDefinition<C> definition, Broker broker, Edge edge) {
			super(node, definition, broker, edge);
		}

	}

	/**
	 * A joined stream of which one match is asked for, if there is one.
	 *
	 * @param <P> the type of the parent's elements
	 * @param <C> the type of the elements
	 */
	static final class OptionalFirst<P, C> extends InputNode<C> implements JoinOptional<P, C> {

		OptionalFirst(int node, StreamDefinition<C> definition, Broker broker, Edge edge) {
			super(node, definition, broker, edge);
		}

	}

	/**
	 * How an input is joined to its parent.
	 *
	 * @param parent the parent's place in the join tree, -1 for the master
	 * @param left the key of the parent's elements
	 * @param right the key of the elements
	 * @param take which of the matches are asked for
	 * @param kind which elements match
	 * @param optional whether the parent's elements need none
	 */
	record Edge(int parent, @Nullable KeyFunction<?> left, @Nullable KeyFunction<?> right, JoinNode.Take take,
			JoinKind kind, boolean optional) {

		static final Edge NONE = new Edge(-1, null, null, JoinNode.Take.ALL, JoinKind.EQUAL, false);

	}

}
