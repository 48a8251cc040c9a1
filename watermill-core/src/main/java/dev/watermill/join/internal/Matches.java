package dev.watermill.join.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What users of a join see: elements of one stream in its order, and below each of them
 * its own matches at each edge. May be empty. It is valid during a delivery only, since
 * the merge uses it again; elements and lists it gives out stay as they are.
 */
interface Matches {

	/**
	 * How many elements there are.
	 * @return the number
	 */
	int size();

	/**
	 * Whether there is no element.
	 * @return {@code true} if there is none
	 */
	boolean isEmpty();

	/**
	 * Return an element.
	 * @param index from 0 to {@code size() - 1}
	 * @return the element
	 */
	Object get(int index);

	/**
	 * Return the first element.
	 * @return the element, {@code null} if there is none
	 */
	default @Nullable Object first() {
		return isEmpty() ? null : get(0);
	}

	/**
	 * Return the number of an element in its stream. Asked of elements with edges below
	 * them, the only master element of a delivery excepted.
	 * @param index the index of the element
	 * @return the number: greater than those of all elements before it in the stream
	 */
	long number(int index);

	/**
	 * Return the matches of an element at one of its edges.
	 * @param index the index of the element
	 * @param edge the number of the edge, in the order of the children in the tree
	 * @return the matches
	 */
	Matches below(int index, int edge);

	/**
	 * Return all elements.
	 * @return an unmodifiable list, in stream order, which stays as it is
	 */
	List<Object> asList();

	/**
	 * Whether this is always one element, another one in each delivery, above matches
	 * that are the same objects in each.
	 * @return {@code true} if what was found out about it once is so for each delivery
	 */
	boolean isReused();

	/**
	 * Return what this shows now, for whoever needs it when the delivery is over.
	 * @return the same elements and matches, which stay as they are; matches that several
	 * elements share are one object there, too
	 */
	Matches frozen();

}
