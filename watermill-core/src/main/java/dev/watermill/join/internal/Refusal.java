package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.ForeignText;
import dev.watermill.join.JoinNode;
import dev.watermill.key.internal.KeyWords;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * Why an element does not go into the merge, what is to be done about it, and how that is
 * said.
 *
 * @param reason why, in short
 * @param policy what is to be done
 * @param text why, in words
 * @param cause what went wrong, if anything was thrown
 */
record Refusal(SkipReason reason, ErrorPolicy policy, String text, @Nullable Throwable cause) {

	Refusal {
		text = ForeignText.show(text);
	}

	/**
	 * Refuse an element that can't be used.
	 */
	static Refusal invalid(JoinNode node, String text, @Nullable Throwable cause) {
		return new Refusal(SkipReason.INVALID, node.onInvalid(), text, cause);
	}

	/**
	 * Refuse what was read in place of an element.
	 */
	static Refusal of(InvalidElement element, JoinNode node) {
		return switch (element.kind()) {
			case UNREADABLE -> invalid(node, element.problem(), element.cause());
			case TOMBSTONE -> new Refusal(SkipReason.TOMBSTONE, node.onTombstone(), element.problem(), element.cause());
			case LATE -> new Refusal(SkipReason.DISORDER, node.onDisorder(), element.problem(), element.cause());
		};
	}

	/**
	 * Refuse an element with a key that went back.
	 * @param key how the key is computed
	 */
	static Refusal wentBack(JoinNode node, String key, Object found, @Nullable Object previous) {
		return new Refusal(SkipReason.DISORDER, node.onDisorder(),
				"the key '" + key + "' went back: " + KeyWords.wentBack(found, previous), null);
	}

	/**
	 * Refuse an element with a key of which everything was delivered.
	 * @param key how the key is computed
	 */
	static Refusal late(JoinNode node, String key, Object found) {
		return new Refusal(SkipReason.LATE, node.onDisorder(),
				"it came late: the key '" + key + "' is " + KeyWords.describe(found)
						+ ", and what has it was delivered, since the stream was silent for the time of idle",
				null);
	}

	/**
	 * Refuse an element that is in the dead letters already, and stays there.
	 * @param now what is wrong with it now, {@code null} if nothing is
	 */
	static Refusal known(@Nullable Refusal now) {
		return (now != null) ? new Refusal(now.reason, ErrorPolicy.DEAD_LETTER, now.text, now.cause)
				: new Refusal(SkipReason.INVALID, ErrorPolicy.DEAD_LETTER, "it is in the dead letters already", null);
	}

	/**
	 * Say that a key can't be computed.
	 */
	static String notComputed(String key, Object element, RuntimeException problem) {
		return "the key '" + key + "' of " + abbreviate(element) + " can't be computed: "
				+ ((problem instanceof NullPointerException) ? "something in it is null"
						: (problem.getMessage() != null) ? problem.getMessage() : problem.toString());
	}

	private static String abbreviate(Object element) {
		try {
			String text = String.valueOf(element);
			return (text.length() <= 200) ? text : text.substring(0, 200) + "...";
		}
		catch (RuntimeException ex) {
			return KeyWords.withArticle(element.getClass().getSimpleName()) + " (its toString failed with " + ex + ")";
		}
	}

	/**
	 * Whether keys are out of order, and not the element alone at fault.
	 */
	boolean isDisorder() {
		return this.reason == SkipReason.DISORDER;
	}

	/**
	 * Return what stops the mill before the element.
	 * @param index the index of the element in what was read
	 */
	StreamException failure(String stream, Batch<?> batch, int index) {
		String end = this.text.endsWith("?") ? " " : ". ";
		return new StreamException(stream, "at " + batch.origin(index) + ": " + this.text + end + advice()
				+ " The mill goes on there when it is started again.", this.cause);
	}

	private String advice() {
		return switch (this.reason) {
			case DISORDER ->
				"Keys must never decrease along a stream: sort it, or set on-disorder to skip or dead-letter to go on "
						+ "without such elements.";
			case TOMBSTONE -> "Set on-tombstone to skip or dead-letter to go on without such records.";
			case LATE ->
				"Set idle to a longer time, or on-disorder to skip or dead-letter to go on without such elements.";
			default -> "Correct the element, or set on-invalid to skip or dead-letter to go on without such elements.";
		};
	}

	/**
	 * Return what is kept of an element that is passed over.
	 * @param index the index of the element in what was read
	 * @param before before which accepted element it stands
	 */
	Rejected rejected(Batch<?> batch, int index, int before) {
		return new Rejected(batch, index, before, this.reason, this.text, this.cause,
				this.policy == ErrorPolicy.DEAD_LETTER);
	}

}
