package dev.watermill;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
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
	public JoinMatches<P, C> onLong(ToLongFunction<? super P> left, ToLongFunction<? super C> right) {
		return on(KeyFunction.ofLong(leftKey(), left), KeyFunction.ofLong(rightKey(), right));
	}

	/**
	 * Join by floating point numbers.
	 * @param left the key of the parent's elements
	 * @param right the key of this stream's elements
	 * @return the next step
	 */
	public JoinMatches<P, C> onDouble(ToDoubleFunction<? super P> left, ToDoubleFunction<? super C> right) {
		return on(KeyFunction.ofDouble(leftKey(), left), KeyFunction.ofDouble(rightKey(), right));
	}

	/**
	 * Join by keys of any other kind: text, dates, lists of keys.
	 * @param left the key of the parent's elements
	 * @param right the key of this stream's elements
	 * @return the next step
	 */
	public JoinMatches<P, C> on(Function<? super P, ?> left, Function<? super C, ?> right) {
		return on(KeyFunction.ofObject(leftKey(), Object.class, left),
				KeyFunction.ofObject(rightKey(), Object.class, right));
	}

	/**
	 * Join by keys that are described already.
	 * @param left the key of the parent's elements
	 * @param right the key of this stream's elements
	 * @return the next step
	 */
	public JoinMatches<P, C> on(KeyFunction<? super P> left, KeyFunction<? super C> right) {
		return new JoinMatches<>(this.builder, this.parent, this.definition, this.broker, left, right);
	}

	// a lambda has no text: its edge is what tells it from others on the stream
	private String leftKey() {
		return "key of " + this.parent.stream() + " for " + this.definition.name();
	}

	private String rightKey() {
		return "key of " + this.definition.name();
	}

}
