package dev.watermill;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;

/**
 * A join that lacks its condition yet.
 *
 * @param <P> the type of the parent's elements
 * @param <C> the type of the elements
 * @since 0.1.0
 */
public final class JoinCondition<P, C> {

	private final MillBuilder builder;

	private final Input<P> parent;

	private final StreamDefinition<C> definition;

	private final Broker broker;

	JoinCondition(MillBuilder builder, Input<P> parent, StreamDefinition<C> definition, Broker broker) {
		this.builder = builder;
		this.parent = parent;
		this.definition = definition;
		this.broker = broker;
	}

	/**
	 * Join by whole numbers, the fastest kind of key.
	 * @param left the key of the parent's elements
	 * @param right the key of this stream's elements
	 * @return the next step
	 */
	public Matches onLong(ToLongFunction<? super P> left, ToLongFunction<? super C> right) {
		return on(KeyFunction.ofLong(leftKey(), left), KeyFunction.ofLong(rightKey(), right));
	}

	/**
	 * Join by floating point numbers.
	 * @param left the key of the parent's elements
	 * @param right the key of this stream's elements
	 * @return the next step
	 */
	public Matches onDouble(ToDoubleFunction<? super P> left, ToDoubleFunction<? super C> right) {
		return on(KeyFunction.ofDouble(leftKey(), left), KeyFunction.ofDouble(rightKey(), right));
	}

	/**
	 * Join by keys of any other kind: text, dates, lists of keys.
	 * @param left the key of the parent's elements
	 * @param right the key of this stream's elements
	 * @return the next step
	 */
	public Matches on(Function<? super P, ?> left, Function<? super C, ?> right) {
		return on(KeyFunction.ofObject(leftKey(), Object.class, left),
				KeyFunction.ofObject(rightKey(), Object.class, right));
	}

	/**
	 * Join by keys that are described already.
	 * @param left the key of the parent's elements
	 * @param right the key of this stream's elements
	 * @return the next step
	 */
	public Matches on(KeyFunction<? super P> left, KeyFunction<? super C> right) {
		return new Matches(left, right);
	}

	// a lambda has no text: its edge is what tells it from others on the stream
	private String leftKey() {
		return "key of " + this.parent.stream() + " for " + this.definition.name();
	}

	private String rightKey() {
		return "key of " + this.definition.name();
	}

	String stream() {
		return this.definition.name();
	}

	private int node() {
		return this.builder.nextNode();
	}

	private InputNode.Edge toEdge(Edge edge, JoinNode.Take take) {
		return new InputNode.Edge(this.parent.node(), edge.left, edge.right, take, edge.kind, edge.optional);
	}

	private JoinMany<P, C> all(Edge edge) {
		return this.builder.finish(this,
				new InputNode.Many<>(node(), this.definition, this.broker, toEdge(edge, JoinNode.Take.ALL)));
	}

	private JoinFirst<P, C> one(Edge edge) {
		return this.builder.finish(this,
				new InputNode.First<>(node(), this.definition, this.broker, toEdge(edge, JoinNode.Take.FIRST)));
	}

	private JoinOptional<P, C> oneOrNone(Edge edge) {
		return this.builder.finish(this, new InputNode.OptionalFirst<>(node(), this.definition, this.broker,
				toEdge(edge.asOptional(), JoinNode.Take.FIRST)));
	}

	private JoinKind.By by(Function<? super P, ?> left, Function<? super C, ?> right) {
		return new JoinKind.By(KeyFunction.ofObject("by of " + this.parent.stream(), Object.class, left),
				KeyFunction.ofObject("by of " + this.definition.name(), Object.class, right));
	}

	/**
	 * A join of which it is not yet said how many matches are asked for. They have equal
	 * keys, unless another kind of join is chosen.
	 */
	public final class Matches {

		private final Edge edge;

		private Matches(KeyFunction<?> left, KeyFunction<?> right) {
			this.edge = new Edge(left, right, JoinKind.EQUAL, false);
		}

		/**
		 * Ask for every match.
		 * @return the joined stream
		 */
		public JoinMany<P, C> many() {
			return all(this.edge);
		}

		/**
		 * Ask for the first complete match only, so that nothing waits for the element
		 * behind it.
		 * @return the joined stream
		 */
		public JoinFirst<P, C> first() {
			return one(this.edge);
		}

		/**
		 * Deliver an element of the parent without a match all the same.
		 * @return the next step
		 */
		public OptionalMatches optional() {
			return new OptionalMatches(this.edge);
		}

		/**
		 * Ask for the last match that is not behind the left key.
		 * @return the next step
		 */
		public AsOfMatch asOf() {
			return asOf(JoinKind.Direction.BACKWARD);
		}

		/**
		 * Ask for the match that is next to the left key.
		 * @param direction where it is looked for
		 * @return the next step
		 */
		public AsOfMatch asOf(JoinKind.Direction direction) {
			return new AsOfMatch(this.edge, new JoinKind.AsOf(direction, true, null, null));
		}

		/**
		 * Ask for every match whose key is near the left key.
		 * @param before how far before it, inclusive
		 * @param after how far behind it, inclusive
		 * @return the next step
		 */
		public WithinMatches within(KeySpan before, KeySpan after) {
			return new WithinMatches(this.edge, new JoinKind.Within(before, after, null));
		}

		/**
		 * Ask for every match whose key is near the left key, which is a number.
		 * @param before how far before it, inclusive
		 * @param after how far behind it, inclusive
		 * @return the next step
		 */
		public WithinMatches within(Number before, Number after) {
			return within(KeySpan.of(before), KeySpan.of(after));
		}

		/**
		 * Ask for every match whose key is near the left key, which is a time.
		 * @param before how long before it, inclusive
		 * @param after how long behind it, inclusive
		 * @return the next step
		 */
		public WithinMatches within(Duration before, Duration after) {
			return within(KeySpan.of(before), KeySpan.of(after));
		}

	}

	/**
	 * A join that asks for matches, but needs none.
	 */
	public final class OptionalMatches {

		private final Edge edge;

		private OptionalMatches(Edge edge) {
			this.edge = edge.asOptional();
		}

		/**
		 * Ask for every match; none is an empty list.
		 * @return the joined stream
		 */
		public JoinMany<P, C> many() {
			return all(this.edge);
		}

		/**
		 * Ask for the first complete match, if there is one.
		 * @return the joined stream
		 */
		public JoinOptional<P, C> first() {
			return oneOrNone(this.edge);
		}

	}

	/**
	 * A join that asks for the match next to the left key.
	 */
	public final class AsOfMatch {

		private final Edge edge;

		private JoinKind.AsOf kind;

		private AsOfMatch(Edge edge, JoinKind.AsOf kind) {
			this.edge = edge;
			this.kind = kind;
		}

		/**
		 * Leave out matches that are too far.
		 * @param tolerance how far a match may be, inclusive
		 * @return this step
		 */
		public AsOfMatch tolerance(KeySpan tolerance) {
			this.kind = new JoinKind.AsOf(this.kind.direction(), this.kind.exact(), tolerance, this.kind.by());
			return this;
		}

		/**
		 * Leave out matches that are too far.
		 * @param tolerance how far a match may be, inclusive, in the unit of number keys
		 * @return this step
		 */
		public AsOfMatch tolerance(Number tolerance) {
			return tolerance(KeySpan.of(tolerance));
		}

		/**
		 * Leave out matches that are too far.
		 * @param tolerance how far a match may be, inclusive, for keys of time
		 * @return this step
		 */
		public AsOfMatch tolerance(Duration tolerance) {
			return tolerance(KeySpan.of(tolerance));
		}

		/**
		 * Leave out matches with an equal key.
		 * @return this step
		 */
		public AsOfMatch notExact() {
			this.kind = new JoinKind.AsOf(this.kind.direction(), false, this.kind.tolerance(), this.kind.by());
			return this;
		}

		/**
		 * Look among the elements only of which something else is equal.
		 * @param left what is equal of the parent's elements
		 * @param right what is equal of this stream's elements
		 * @return this step
		 */
		public AsOfMatch by(Function<? super P, ?> left, Function<? super C, ?> right) {
			return by(JoinCondition.this.by(left, right));
		}

		/**
		 * Look among the elements only of which something else is equal.
		 * @param by what is equal
		 * @return this step
		 */
		public AsOfMatch by(JoinKind.By by) {
			this.kind = new JoinKind.AsOf(this.kind.direction(), this.kind.exact(), this.kind.tolerance(), by);
			return this;
		}

		/**
		 * Deliver elements of the parent that have the match.
		 * @return the joined stream
		 */
		public JoinFirst<P, C> match() {
			return one(this.edge.as(this.kind));
		}

		/**
		 * Deliver elements of the parent without the match, too.
		 * @return the joined stream
		 */
		public JoinOptional<P, C> optional() {
			return oneOrNone(this.edge.as(this.kind));
		}

	}

	/**
	 * A join that asks for every match near the left key.
	 */
	public final class WithinMatches {

		private final Edge edge;

		private JoinKind.Within kind;

		private WithinMatches(Edge edge, JoinKind.Within kind) {
			this.edge = edge;
			this.kind = kind;
		}

		/**
		 * Look among the elements only of which something else is equal.
		 * @param left what is equal of the parent's elements
		 * @param right what is equal of this stream's elements
		 * @return this step
		 */
		public WithinMatches by(Function<? super P, ?> left, Function<? super C, ?> right) {
			return by(JoinCondition.this.by(left, right));
		}

		/**
		 * Look among the elements only of which something else is equal.
		 * @param by what is equal
		 * @return this step
		 */
		public WithinMatches by(JoinKind.By by) {
			this.kind = new JoinKind.Within(this.kind.before(), this.kind.after(), by);
			return this;
		}

		/**
		 * Deliver elements of the parent that have a match.
		 * @return the joined stream
		 */
		public JoinMany<P, C> many() {
			return all(this.edge.as(this.kind));
		}

		/**
		 * Deliver elements of the parent without a match, too, with an empty list.
		 * @return the joined stream
		 */
		public JoinMany<P, C> optional() {
			return all(this.edge.as(this.kind).asOptional());
		}

	}

	/**
	 * Which elements match, and whether one has to.
	 */
	private record Edge(KeyFunction<?> left, KeyFunction<?> right, JoinKind kind, boolean optional) {

		Edge as(JoinKind newKind) {
			return new Edge(this.left, this.right, newKind, this.optional);
		}

		Edge asOptional() {
			return new Edge(this.left, this.right, this.kind, true);
		}

	}

}
