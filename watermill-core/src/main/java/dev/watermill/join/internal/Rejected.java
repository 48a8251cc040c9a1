package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.codec.InvalidElement;
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

	/**
	 * Reject an element.
	 * @param batch what it was read with
	 * @param index its index there
	 * @param before how many elements were accepted before it
	 */
	Rejected(Batch<?> batch, int index, int before, SkipReason reason, String problem, @Nullable Throwable cause) {
		this.batch = batch;
		this.index = index;
		this.before = before;
		this.reason = reason;
		this.problem = problem;
		this.cause = cause;
	}

	/**
	 * Return this as it stands in a batch that was made of others.
	 */
	Rejected movedTo(Batch<?> other, int indexThere, int beforeThere) {
		return new Rejected(other, indexThere, beforeThere, this.reason, this.problem, this.cause);
	}

	int index() {
		return this.index;
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
	 * The element as it was, if it could not be decoded and as far as it is known.
	 * @return its bytes, {@code null} if they are not known
	 */
	public byte @Nullable [] bytes() {
		return (this.batch.element(this.index) instanceof InvalidElement invalid) ? invalid.bytes() : null;
	}

}
