package dev.watermill.delivery;

/**
 * A joined stream of which the first complete match is asked for.
 *
 * @param <P> the type of the parent's elements
 * @param <C> the type of the elements
 * @since 0.1.0
 * @see Delivery#get(JoinFirst)
 */
public interface JoinFirst<P, C> extends Input<C> {

}
