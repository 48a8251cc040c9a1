package dev.watermill.broker;

import java.util.Map;
import java.util.function.Predicate;

import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive elements of a stream, in order, and what is known of the stream behind
 * them. Immutable.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public interface Batch<T> {

	/**
	 * How many elements there are.
	 * @return the number, 0 if nothing came within the time-out
	 */
	int size();

	/**
	 * Return an element.
	 * @param index from 0 to {@code size() - 1}
	 * @return an element, or an {@link InvalidElement} in the place of one that could not
	 * be read
	 */
	Object element(int index);

	/**
	 * Return all elements. A batch that can copy them at once does so.
	 * @return an array of the caller's own, with what {@link #element(int)} returns
	 */
	default Object[] toArray() {
		Object[] elements = new Object[size()];
		for (int i = 0; i < elements.length; i++) {
			elements[i] = element(i);
		}
		return elements;
	}

	/**
	 * Where reading has to begin to read an element again. Asked seldom, so it may cost
	 * something, and possibly long after the batch was read.
	 * @param index from 0 to {@code size()}; the last is the position behind all of the
	 * batch, but, if the stream ended, not behind its mark: read from there it has ended.
	 * {@link StreamSource#completed} leads behind the mark
	 * @return the position
	 */
	Position position(int index);

	/**
	 * Where an element stands, in the words of the user.
	 * @param index from 0 to {@code size()}
	 * @return for example {@code in/robots.jsonl:17}
	 */
	String origin(int index);

	/**
	 * What the broker knows of an element besides its value.
	 * @param index from 0 to {@code size() - 1}
	 * @return the metadata, {@code null} if there is none
	 */
	default @Nullable ElementMetadata metadata(int index) {
		return null;
	}

	/**
	 * The headers of an element: those of its metadata, but asked for each element of
	 * which results may take some over, so a batch that can answer for less does so.
	 * @param index from 0 to {@code size() - 1}
	 * @return values by name, empty if there are none
	 */
	default Map<String, byte[]> headers(int index) {
		ElementMetadata metadata = metadata(index);
		return (metadata != null) ? metadata.headers() : Map.of();
	}

	/**
	 * What keys can be computed of besides an element: the same as its metadata, but
	 * asked for each element where there are such keys, so a batch that can answer for
	 * less does so.
	 * @param index from 0 to {@code size() - 1}
	 * @return the facts, good as long as the batch is, {@code null} if there are none
	 */
	default @Nullable RecordFacts facts(int index) {
		return metadata(index);
	}

	/**
	 * An element as it stands where it was read, for a dead letter. Asked seldom.
	 * @param index from 0 to {@code size() - 1}
	 * @return the original, {@code null} if the source was not asked to
	 * {@linkplain StreamSource#keepOriginals() keep} it, or can't
	 */
	default @Nullable OriginalElement original(int index) {
		return null;
	}

	/**
	 * Whether an element stands before a position of its stream, so that what was to be
	 * done once for those that do, as writing a dead letter, was done for it.
	 * @param index from 0 to {@code size() - 1}
	 * @param position a position that this broker gave
	 * @return {@code true} if reading from the position does not lead to the element
	 * @throws UnsupportedOperationException if elements of this broker can't become dead
	 * letters
	 */
	default boolean isBefore(int index, Position position) {
		throw new UnsupportedOperationException(getClass().getName() + " does not compare positions");
	}

	/**
	 * Which element of its stream one is: by a number that it has whenever it is read,
	 * and that no other one has, so that what became of it can be noted down. Those of
	 * elements that stand side by side follow each other where that is possible. Asked
	 * seldom.
	 * @param index from 0 to {@code size() - 1}
	 * @return a number, or -1, the default, if elements have none: then an element that a
	 * new version of an application refuses isn't told from those that were before
	 */
	default long number(int index) {
		return -1;
	}

	/**
	 * Return the number that an element has in a stream that consists of several, by its
	 * number in that of them in which it stands.
	 * @param place which of them that is
	 * @param number the number there, -1 if it has none
	 * @return a number, -1 if it has none there
	 */
	static long numberWithin(int place, long number) {
		return (number >= 0) ? ((place & 0x7FFFFL) << 44) ^ number : -1;
	}

	/**
	 * Whether the order of the elements begins anew with this batch, since it stands
	 * behind a mark that was passed over. Said once of each mark: by the first batch
	 * behind it, which may be empty.
	 * @return {@code true} if it does
	 */
	default boolean isSegmentStart() {
		return false;
	}

	/**
	 * How many elements were passed over before these, since the segment that they belong
	 * to is over for the mill.
	 * @return the number of elements
	 */
	default long droppedOfSegment() {
		return 0;
	}

	/**
	 * What is known of the stream behind these elements.
	 * @return the status
	 */
	Status status();

	/**
	 * Return one of these elements by itself, for whoever holds it for long: a batch that
	 * keeps more than its elements notes down what there is to know of this one, so that
	 * the others need not be kept. Asked seldom.
	 * @param index from 0 to {@code size() - 1}
	 * @return a batch of this element, of which nothing else is asked than of the
	 * element; this one as it is seen from there by default
	 */
	default Batch<T> alone(int index) {
		return new BatchPart<>(this, index);
	}

	/**
	 * An element by itself, with what was known of it where it was read.
	 *
	 * @param <T> the type of the element
	 * @param element the element
	 * @param position where it is read again
	 * @param behind where reading goes on behind it
	 * @param origin where it stands, for people
	 * @param metadata what the broker knows of it
	 * @param original how it stood there, if that was kept
	 * @param stands whether it stands before a position, as
	 * {@link Batch#isBefore(int, Position)} has it
	 * @param ofStream which element of its stream it is
	 */
	record Alone<T>(Object element, Position position, Position behind, String origin,
			@Nullable ElementMetadata metadata, @Nullable OriginalElement original, Predicate<Position> stands,
			long ofStream) implements Batch<T> {

		@Override
		public int size() {
			return 1;
		}

		@Override
		public Object element(int index) {
			return this.element;
		}

		@Override
		public Position position(int index) {
			return (index == 0) ? this.position : this.behind;
		}

		@Override
		public String origin(int index) {
			return this.origin;
		}

		@Override
		public @Nullable ElementMetadata metadata(int index) {
			return this.metadata;
		}

		@Override
		public @Nullable OriginalElement original(int index) {
			return this.original;
		}

		@Override
		public boolean isBefore(int index, Position other) {
			return this.stands.test(other);
		}

		@Override
		public long number(int index) {
			return this.ofStream;
		}

		@Override
		public Status status() {
			return Status.OPEN;
		}

	}

	/**
	 * What is known of a stream behind a batch: three different answers.
	 */
	enum Status {

		/**
		 * More may stand there; nobody knows.
		 */
		OPEN,

		/**
		 * The broker answered, and nothing stands there now.
		 */
		CAUGHT_UP,

		/**
		 * Nothing will ever stand there: the stream is over.
		 */
		ENDED

	}

}
