package dev.watermill.join.internal;

/**
 * Takes what a merge finds, one master element after another. Called by the thread that
 * merges, in the middle of it.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MatchConsumer {

	/**
	 * The current master element has its matches. The consumer may
	 * {@linkplain MergeJoin#next() go on} from it to others.
	 * @return whether to go on: otherwise the merge ends behind the current element
	 */
	boolean matched();

	/**
	 * Takes notice of every master element, whether it has matches or not.
	 */
	interface OfAll extends MatchConsumer {

		/**
		 * A master element was read and is the current one. Its matches are not known
		 * yet, and it may last until they are.
		 * @return whether to go on: otherwise the merge ends before this element
		 */
		boolean arrived();

	}

}
