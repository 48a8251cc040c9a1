package dev.watermill;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.join.Take;
import dev.watermill.key.KeyFunction;

/**
 * A join of which it is not yet said how many matches are asked for.
 *
 * @param <P> the type of the parent's elements
 * @param <C> the type of the elements
 * @since 0.1.0
 */
public final class JoinMatches<P, C> {

	private final MillBuilder builder;

	private final Input<P> parent;

	private final StreamDefinition<C> definition;

	private final Broker broker;

	private final KeyFunction<?> left;

	private final KeyFunction<?> right;

	JoinMatches(MillBuilder builder, Input<P> parent, StreamDefinition<C> definition, Broker broker,
			KeyFunction<?> left, KeyFunction<?> right) {
		this.builder = builder;
		this.parent = parent;
		this.definition = definition;
		this.broker = broker;
		this.left = left;
		this.right = right;
	}

	/**
	 * Ask for every match.
	 * @return the joined stream
	 */
	public JoinMany<P, C> many() {
		return this.builder.add(new InputNode.Many<>(this.builder.nextNode(), name(), source(), edge(Take.ALL)));
	}

	/**
	 * Ask for the first complete match only, so that nothing waits for the element behind
	 * it.
	 * @return the joined stream
	 */
	public JoinFirst<P, C> first() {
		return this.builder.add(new InputNode.First<>(this.builder.nextNode(), name(), source(), edge(Take.FIRST)));
	}

	private String name() {
		return this.definition.name();
	}

	private StreamSource<C> source() {
		return this.broker.source(this.definition);
	}

	private InputNode.Edge edge(Take take) {
		return new InputNode.Edge(this.parent.node(), this.left, this.right, take);
	}

}
