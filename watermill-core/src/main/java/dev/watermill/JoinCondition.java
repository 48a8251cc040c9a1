package dev.watermill;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;

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

	/**
	 * A join of which it is not yet said how many matches are asked for.
	 */
	public final class Matches {

		private final KeyFunction<?> left;

		private final KeyFunction<?> right;

		private Matches(KeyFunction<?> left, KeyFunction<?> right) {
			this.left = left;
			this.right = right;
		}

		/**
		 * Ask for every match.
		 * @return the joined stream
		 */
		public JoinMany<P, C> many() {
			return JoinCondition.this.builder
				.add(new InputNode.Many<>(node(), definition(), broker(), edge(JoinNode.Take.ALL)));
		}

		/**
		 * Ask for the first complete match only, so that nothing waits for the element
		 * behind it.
		 * @return the joined stream
		 */
		public JoinFirst<P, C> first() {
			return JoinCondition.this.builder
				.add(new InputNode.First<>(node(), definition(), broker(), edge(JoinNode.Take.FIRST)));
		}

		private int node() {
			return JoinCondition.this.builder.nextNode();
		}

		private StreamDefinition<C> definition() {
			return JoinCondition.this.definition;
		}

		private Broker broker() {
			return JoinCondition.this.broker;
		}

		private InputNode.Edge edge(JoinNode.Take take) {
			return new InputNode.Edge(JoinCondition.this.parent.node(), this.left, this.right, take);
		}

	}

}
