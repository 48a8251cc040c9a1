package dev.watermill.delivery;

/**
 * A joined stream of which one match is asked for, if there is one.
 *
 * @param <P> the type of the parent's elements
 * @param <C> the type of the elements
 * @since 0.1.0
 * @see Delivery#get(JoinOptional)
 */
public interface JoinOptional<P, C> extends Input<C> {

}
