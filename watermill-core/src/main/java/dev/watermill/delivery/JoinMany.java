package dev.watermill.delivery;

/**
 * A joined stream of which every match is asked for.
 *
 * @param <P> the type of the parent's elements
 * @param <C> the type of the elements
 * @since 0.1.0
 * @see Delivery#get(JoinMany)
 */
public interface JoinMany<P, C> extends Input<C> {

}
