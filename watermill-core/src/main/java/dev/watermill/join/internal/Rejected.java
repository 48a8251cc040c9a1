package dev.watermill.join.internal;

import java.util.List;
import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.OriginalElement;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * An element that does not go into the merge, since it is invalid or out of order and its
 * stream passes over such elements. It keeps its place among those that do: it is passed
 * when the merge passes that place, once, and counts from then on. Whoever holds it keeps
 * all that was read with it. Immutable.
 *
 * @since 0.1.0
 */
public final class Rejected {

	private final Batch<?> batch;

	private final int index;

	private final int before;

	private final SkipReason reason;

	private final String problem;

	private final @Nullable Throwable cause;

	private final boolean deadLetter;

	/**
	 * Reject an element.
	 * @param batch what it was read with
	 * @param index its index there
	 * @param before how many elements were accepted before it
	 * @param deadLetter whether it is to be written to the dead letters
	 */
	Rejected(Batch<?> batch, int index, int before, SkipReason reason, String problem, @Nullable Throwable cause,
			boolean deadLetter) {
		this.batch = batch;
		this.index = index;
		this.before = before;
		this.reason = reason;
		this.problem = problem;
		this.cause = cause;
		this.deadLetter = deadLetter;
	}

	/**
	 * Return this as it stands in a batch that was made of others.
	 */
	Rejected movedTo(Batch<?> other, int indexThere, int beforeThere) {
		return new Rejected(other, indexThere, beforeThere, this.reason, this.problem, this.cause, this.deadLetter);
	}

	int index() {
		return this.index;
	}

	/**
	 * Whether it is to be written to the dead letters, once.
	 */
	boolean isDeadLetter() {
		return this.deadLetter;
	}

	/**
	 * Whether that was done before.
	 */
	boolean isWritten(WrittenLetters letters) {
		return letters.isWritten(this.batch, this.index);
	}

	/**
	 * Which element of its stream it is, as {@link Batch#number} has it.
	 */
	long number() {
		return this.batch.number(this.index);
	}

	/**
	 * Whether it stands before a place in its stream.
	 */
	boolean isBefore(Position position) {
		return this.batch.isBefore(this.index, position);
	}

	/**
	 * Before which element of its page it stands.
	 */
	int before() {
		return this.before;
	}

	/**
	 * Why it was rejected.
	 * @return the reason
	 */
	public SkipReason reason() {
		return this.reason;
	}

	/**
	 * What was found and what was expected, for people.
	 * @return a text without the place
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * What a decoder or a key function threw.
	 * @return the exception, {@code null} if there was none
	 */
	public @Nullable Throwable cause() {
		return this.cause;
	}

	/**
	 * Where it stands, for people.
	 * @return its origin
	 */
	public String origin() {
		return this.batch.origin(this.index);
	}

	/**
	 * What the broker knows of it besides its value.
	 * @return the metadata, {@code null} if there is none
	 */
	public @Nullable ElementMetadata metadata() {
		return this.batch.metadata(this.index);
	}

	/**
	 * The element as it was read, as far as it is known.
	 * @return the original
	 */
	public OriginalElement original() {
		return original(this.batch, this.index);
	}

	/**
	 * Return an element as it was read. Of a broker that does not keep that it is what
	 * could not be decoded, if anything.
	 */
	static OriginalElement original(Batch<?> batch, int index) {
		OriginalElement kept = batch.original(index);
		if (kept != null) {
			return kept;
		}
		byte[] bytes = (batch.element(index) instanceof InvalidElement invalid) ? invalid.bytes() : null;
		return new OriginalElement(Map.of("at", batch.origin(index)), null, bytes, List.of());
	}

}
