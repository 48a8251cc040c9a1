package dev.watermill.delivery;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one call of a processing function is given: a master element, or a window of them,
 * with all matches. The delivery itself is valid during the call only, for the thread
 * that was called; the elements, lists and maps it gives out, and its context, stay as
 * they are, and the lists and maps are unmodifiable.
 * <p>
 * Not meant to be implemented outside of WaterMill.
 *
 * @since 0.1.0
 */
public interface Delivery {

	/**
	 * Return the master element; the first one of a window.
	 * @param <T> the type of the elements
	 * @param master the master
	 * @return the element
	 */
	<T> T get(Input<T> master);

	/**
	 * Return the master elements of a window.
	 * @param <T> the type of the elements
	 * @param master the master
	 * @return the elements, in order
	 */
	<T> List<T> window(Input<T> master);

	/**
	 * Return the parents with all their matches, in order.
	 * @param <P> the type of the parents
	 * @param <C> the type of the matches
	 * @param join the joined stream
	 * @return the matches by their parents
	 */
	<P, C> Map<P, List<C>> get(JoinMany<P, C> join);

	/**
	 * Return the parents with their first match, in order.
	 * @param <P> the type of the parents
	 * @param <C> the type of the matches
	 * @param join the joined stream
	 * @return the match by its parent
	 */
	<P, C> Map<P, C> get(JoinFirst<P, C> join);

	/**
	 * Return the parents with their match, if they have one, in order.
	 * @param <P> the type of the parents
	 * @param <C> the type of the matches
	 * @param join the joined stream
	 * @return the match by its parent
	 */
	<P, C> Map<P, Optional<C>> get(JoinOptional<P, C> join);

	/**
	 * Return all matches of the master element; of the first one of a window.
	 * @param <C> the type of the matches
	 * @param join a stream that is joined to the master
	 * @return the matches, in order
	 * @throws IllegalArgumentException if it is joined to another stream
	 */
	<C> List<C> matches(JoinMany<?, C> join);

	/**
	 * Return the first match of the master element; of the first one of a window.
	 * @param <C> the type of the matches
	 * @param join a stream that is joined to the master
	 * @return the match
	 * @throws IllegalArgumentException if it is joined to another stream
	 */
	<C> C match(JoinFirst<?, C> join);

	/**
	 * Return the match of the master element, if it has one; of the first one of a
	 * window.
	 * @param <C> the type of the matches
	 * @param join a stream that is joined to the master
	 * @return the match
	 * @throws IllegalArgumentException if it is joined to another stream
	 */
	<C> Optional<C> match(JoinOptional<?, C> join);

	/**
	 * Return what else is known of the delivery.
	 * @return the context, the same during the call
	 */
	MillContext context();

}
