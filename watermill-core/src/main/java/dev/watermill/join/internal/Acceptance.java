package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;

import dev.watermill.broker.Batch;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.ForeignText;
import dev.watermill.codec.internal.InexactElement;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.KeyWords;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * Decides which elements of a stream go into the merge: computes every key of every
 * element once, and holds back elements that are invalid or out of order.
 * <p>
 * Works on whole batches, one tight loop each; the merge then compares keys that stand
 * side by side. All expressions on a stream are computed for every element, whether it
 * will match or not, so what is refused does not depend on the other streams.
 */
final class Acceptance {

	private final JoinNode node;

	/** The expressions whose keys never decrease. */
	private final OrderedKeys ordered;

	/** What is only compared with what has to be equal of another stream. */
	private final List<KeyFunction<?>> equal;

	private final @Nullable KeyFunction<?> windowKey;

	private final int windowColumn;

	/** What the keys of each column are computed of. */
	private final KeyInput input;

	/** What partitions that are merged have in common, {@code null} for others. */
	private final @Nullable SharedKinds kinds;

	/** Tells which elements are late, {@code null} if none ever is. */
	private @Nullable LateCheck late;

	/** Elements that are dead letters already, {@code null} if none is. */
	private @Nullable KnownLetters letters;

	private LongUnaryOperator numberOfLetter = LongUnaryOperator.identity();

	/** The window key of the last accepted element. */
	private @Nullable Object windowKeyBefore;

	/** The columns of a page that is gone, {@code null} if they are in use again. */
	private KeyColumn @Nullable [] spare;

	Acceptance(JoinNode node, OrderedKeys ordered, @Nullable KeyFunction<?> windowKey) {
		this(node, ordered, List.of(), windowKey);
	}

	Acceptance(JoinNode node, OrderedKeys ordered, List<KeyFunction<?>> equal, @Nullable KeyFunction<?> windowKey) {
		this(node, ordered, equal, windowKey, null);
	}

	private Acceptance(JoinNode node, OrderedKeys ordered, List<KeyFunction<?>> equal,
			@Nullable KeyFunction<?> windowKey, @Nullable SharedKinds kinds) {
		this.node = node;
		this.ordered = ordered;
		this.equal = equal;
		this.windowColumn = ordered.size() + equal.size();
		this.windowKey = windowKey;
		this.kinds = kinds;
		this.input = new KeyInput(expressions());
	}

	/**
	 * Return what accepts the elements of one partition of this stream.
	 * @param name the name of the partition, {@code null} if it has none
	 */
	Acceptance ofPartition(SharedKinds shared, @Nullable String name, int number) {
		Acceptance partition = new Acceptance(this.node, this.ordered, this.equal, this.windowKey, shared);
		partition.late = (this.late != null) ? this.late.ofPartition(name, number) : null;
		partition.letters = this.letters;
		partition.numberOfLetter = (inPartition) -> MergedBatch.number(name, number, inPartition);
		return partition;
	}

	/**
	 * Set what tells which elements are late.
	 */
	void check(LateCheck check) {
		this.late = check;
	}

	/**
	 * Set which elements are dead letters, whatever is found of them now.
	 */
	void checkAgainst(@Nullable KnownLetters known) {
		this.letters = known;
	}

	/**
	 * Return the kinds of the keys of this stream.
	 */
	SharedKinds newKinds() {
		return new SharedKinds(expressions());
	}

	OrderedKeys keys() {
		return this.ordered;
	}

	/**
	 * All expressions whose keys an element must have.
	 */
	List<KeyFunction<?>> expressions() {
		List<KeyFunction<?>> functions = new ArrayList<>();
		for (int i = 0; i < this.ordered.size(); i++) {
			functions.add(this.ordered.get(i));
		}
		functions.addAll(this.equal);
		if (this.windowKey != null) {
			functions.add(this.windowKey);
		}
		return functions;
	}

	/**
	 * Whether the first key compares as a {@code long}.
	 */
	boolean isPrimitive() {
		return KeyColumn.isPrimitive(this.ordered.get(0), this.ordered.get(0));
	}

	/**
	 * Whether a key that goes back stops the mill.
	 */
	boolean failsOnDisorder() {
		return this.ordered.size() > 0 && this.node.onDisorder() == ErrorPolicy.FAIL;
	}

	/**
	 * Accept a batch. Nothing is counted or published by it: the merge may get there much
	 * later, or not at all.
	 * @param batch what was read
	 * @param keysBefore the last accepted keys before it
	 * @return a page, with what is rejected in its places, which ends before the first
	 * element that stops the mill
	 */
	Page accept(Batch<?> batch, @Nullable Object[] keysBefore) {
		int size = batch.size();
		Object[] elements = batch.toArray();
		KeyColumn[] columns = columns(size);
		// nearly always this is all of them, and there is nothing more to do
		int accepted = acceptAtOnce(elements, this.input.records(batch, elements), columns, keysBefore);
		if (this.late != null) {
			if (batch.isSegmentStart()) {
				this.late.beginsAnew();
			}
			accepted = this.late.inTime(batch, columns, accepted);
		}
		if (this.letters != null) {
			accepted = untilFirstLetter(batch, accepted);
		}
		Page page = (accepted == size)
				? new Page(batch, elements, columns, accepted, null, Page.Findings.NONE, this.ordered, keysBefore)
				: acceptOneByOne(batch, elements, columns, accepted, keysBefore);
		if (this.windowKey != null && page.size > 0) {
			this.windowKeyBefore = columns[this.windowColumn].get(page.size - 1);
		}
		if (this.kinds != null && page.size > 0) {
			this.kinds.note(columns);
		}
		return page;
	}

	/**
	 * How many of the first elements of a batch are no dead letters.
	 * @param size how many of them there are
	 */
	private int untilFirstLetter(Batch<?> batch, int size) {
		int index = 0;
		while (index < size && !isLetter(batch, index)) {
			index++;
		}
		return index;
	}

	private boolean isLetter(Batch<?> batch, int index) {
		KnownLetters known = this.letters;
		if (known != null && known.areForgotten()) {
			this.letters = null;
		}
		return this.letters != null && this.letters.contain(this.numberOfLetter.applyAsLong(batch.number(index)));
	}

	private Page acceptOneByOne(Batch<?> batch, Object[] elements, KeyColumn[] columns, int first,
			@Nullable Object[] keysBefore) {
		int size = batch.size();
		int[] source = firstIndexes(size);
		List<Rejected> rejected = new ArrayList<>();
		int accepted = first;
		for (int i = accepted; i < size; i++) {
			Object element = batch.element(i);
			Problem problem = examine(batch, i, columns, accepted, keysBefore);
			if (this.letters != null && isLetter(batch, i)) {
				problem = Problem.known(problem);
			}
			if (problem == null) {
				elements[accepted] = (element instanceof InexactElement inexact) ? inexact.element() : element;
				source[accepted] = i;
				accepted++;
			}
			else if (problem.policy == ErrorPolicy.FAIL) {
				source[accepted] = i;
				StreamException failure = failure(batch, i, problem);
				StreamException disorder = (problem.reason == SkipReason.DISORDER) ? failure
						: disorderBehind(batch, i, columns, accepted, keysBefore);
				return new Page(batch, elements, columns, accepted, source,
						new Page.Findings(failure, disorder, rejected), this.ordered, keysBefore);
			}
			else {
				rejected.add(new Rejected(batch, i, accepted, problem.reason, problem.text, problem.cause,
						problem.policy == ErrorPolicy.DEAD_LETTER));
			}
		}
		source[accepted] = size;
		return new Page(batch, elements, columns, accepted, source, new Page.Findings(null, null, rejected),
				this.ordered, keysBefore);
	}

	/**
	 * Look for a key that goes back behind an element that can't be accepted, since the
	 * merge may never get there.
	 */
	private @Nullable StreamException disorderBehind(Batch<?> batch, int invalid, KeyColumn[] columns, int accepted,
			@Nullable Object[] keysBefore) {
		for (int i = invalid + 1; i < batch.size() && failsOnDisorder(); i++) {
			Problem problem = examine(batch, i, columns, accepted, keysBefore);
			if (problem != null && problem.reason == SkipReason.DISORDER) {
				return failure(batch, i, problem);
			}
		}
		return null;
	}

	/**
	 * Accept as many elements from the start as can be seen to be right without looking
	 * at them one by one.
	 */
	private int acceptAtOnce(Object[] elements, Object[] records, KeyColumn[] columns, @Nullable Object[] keysBefore) {
		int right = 0;
		while (right < elements.length && !(elements[right] instanceof InvalidElement)
				&& !(elements[right] instanceof InexactElement)) {
			right++;
		}
		try {
			for (int i = 0; i < keysBefore.length && right > 0; i++) {
				right = columns[i].computeAscending(this.input.of(i, elements, records), right);
				right = (compareWithPrevious(columns, i, 0, keysBefore[i]) < 0) ? 0 : right;
			}
			for (int i = keysBefore.length; i < this.windowColumn; i++) {
				columns[i].computeAll(this.input.of(i, elements, records), right);
			}
			if (this.windowKey != null) {
				columns[this.windowColumn].computeAll(this.input.of(this.windowColumn, elements, records), right);
				compareAll(columns, right);
			}
			return right;
		}
		catch (RuntimeException ex) {
			// which element it is, and what is to be done about it, is found out one by
			// one
			return 0;
		}
	}

	/**
	 * Compare each window key with the one before, as windows do, to see that it can be
	 * done.
	 */
	private void compareAll(KeyColumn[] columns, int count) {
		for (int i = 0; i < count && columns[this.windowColumn].primitives().length == 0; i++) {
			compareWithPrevious(columns, this.windowColumn, i, this.windowKeyBefore);
		}
	}

	/**
	 * Take back the columns of a page that is gone. They are in the processor's cache,
	 * where new ones are not: to fill those is a good part of what it costs to accept.
	 */
	void reuse(KeyColumn[] columns) {
		this.spare = columns;
	}

	/**
	 * Return columns for keys that are yet to be computed.
	 * @param size for how many elements
	 */
	KeyColumn[] columns(int size) {
		KeyColumn[] found = this.spare;
		if (found == null || !areReusable(found, size)) {
			return newColumns(size);
		}
		this.spare = null;
		return found;
	}

	private boolean areReusable(KeyColumn[] columns, int size) {
		for (KeyColumn column : columns) {
			if (!column.isReusable(size)) {
				return false;
			}
		}
		return columns.length > 0;
	}

	private KeyColumn[] newColumns(int size) {
		KeyColumn[] columns = new KeyColumn[this.windowColumn + ((this.windowKey != null) ? 1 : 0)];
		for (int i = 0; i < this.ordered.size(); i++) {
			columns[i] = KeyColumn.of(this.ordered.get(i), size);
		}
		for (int i = 0; i < this.equal.size(); i++) {
			columns[this.ordered.size() + i] = KeyColumn.of(this.equal.get(i), size);
		}
		if (this.windowKey != null) {
			columns[this.windowColumn] = KeyColumn.of(this.windowKey, size);
		}
		return columns;
	}

	private static int[] firstIndexes(int size) {
		int[] indexes = new int[size + 1];
		Arrays.setAll(indexes, (i) -> i);
		return indexes;
	}

	private @Nullable Problem examine(Batch<?> batch, int inBatch, KeyColumn[] columns, int index,
			@Nullable Object[] keysBefore) {
		Object element = batch.element(inBatch);
		if (element instanceof InvalidElement invalid) {
			return switch (invalid.kind()) {
				case UNREADABLE -> invalid(invalid.problem(), invalid.cause());
				case TOMBSTONE ->
					new Problem(SkipReason.TOMBSTONE, this.node.onTombstone(), invalid.problem(), invalid.cause());
				case LATE ->
					new Problem(SkipReason.DISORDER, this.node.onDisorder(), invalid.problem(), invalid.cause());
			};
		}
		InexactElement inexact = (element instanceof InexactElement of) ? of : null;
		int column = 0;
		try {
			for (; column < columns.length; column++) {
				columns[column].compute(index, this.input.of(column, element, batch, inBatch));
				String lost = (inexact != null) ? inexact.problem(columns[column].get(index)) : null;
				if (lost != null) {
					return invalid("the key '" + describe(column) + "' is not exact: " + lost, null);
				}
			}
			for (column = 0; column < this.ordered.size(); column++) {
				if (compareWithPrevious(columns, column, index, keysBefore[column]) < 0) {
					Object previous = (index > 0) ? columns[column].get(index - 1) : keysBefore[column];
					return new Problem(SkipReason.DISORDER, this.node.onDisorder(), "the key '" + describe(column)
							+ "' went back: " + KeyWords.wentBack(columns[column].get(index), previous), null);
				}
			}
			if (this.windowKey != null) {
				column = this.windowColumn;
				compareWithPrevious(columns, column, index, this.windowKeyBefore);
			}
			return isLate(batch, inBatch, columns, index)
					? new Problem(SkipReason.LATE, this.node.onDisorder(), describeLate(columns, index), null) : null;
		}
		catch (Keys.IncomparableException ex) {
			return invalid("the key '" + describe(column) + "' changed its kind: " + ex.getMessage(), ex);
		}
		catch (RuntimeException ex) {
			return invalid(notComputed(describe(column), (inexact != null) ? inexact.element() : element, ex), ex);
		}
	}

	private boolean isLate(Batch<?> batch, int inBatch, KeyColumn[] columns, int index) {
		return this.late != null && this.late.isLate(batch, inBatch, columns, index);
	}

	private String describeLate(KeyColumn[] columns, int index) {
		int column = (this.late != null) ? this.late.column() : 0;
		return "it came late: the key '" + describe(column) + "' is " + KeyWords.describe(columns[column].get(index))
				+ ", and what has it was delivered, since the stream was silent for the time of idle";
	}

	private int compareWithPrevious(KeyColumn[] columns, int column, int index, @Nullable Object keyBefore) {
		KeyColumn keys = columns[column];
		if (index > 0) {
			return keys.compareWithPrevious(index);
		}
		if (keyBefore != null) {
			return Keys.compare(keys.get(0), keyBefore);
		}
		if (this.kinds != null) {
			this.kinds.require(column, keys.get(0));
		}
		return 0;
	}

	private String describe(int column) {
		KeyFunction<?> key = (column < this.ordered.size()) ? this.ordered.get(column)
				: (column < this.windowColumn) ? this.equal.get(column - this.ordered.size()) : this.windowKey;
		return (key != null) ? key.description() : "";
	}

	private Problem invalid(String text, @Nullable Throwable cause) {
		return new Problem(SkipReason.INVALID, this.node.onInvalid(), text, cause);
	}

	private StreamException failure(Batch<?> batch, int index, Problem problem) {
		String advice = switch (problem.reason) {
			case DISORDER ->
				"Keys must never decrease along a stream: sort it, or set on-disorder to skip or dead-letter to go on "
						+ "without such elements.";
			case TOMBSTONE -> "Set on-tombstone to skip or dead-letter to go on without such records.";
			case LATE ->
				"Set idle to a longer time, or on-disorder to skip or dead-letter to go on without such elements.";
			default -> "Correct the element, or set on-invalid to skip or dead-letter to go on without such elements.";
		};
		String end = problem.text.endsWith("?") ? " " : ". ";
		return new StreamException(this.node.stream(), "at " + batch.origin(index) + ": " + problem.text + end + advice
				+ " The mill goes on there when it is started again.", problem.cause);
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

	private record Problem(SkipReason reason, ErrorPolicy policy, String text, @Nullable Throwable cause) {

		Problem {
			text = ForeignText.show(text);
		}

		/**
		 * That of an element that is in the dead letters already, and stays there.
		 * @param now what is wrong with it now, {@code null} if nothing is
		 */
		static Problem known(@Nullable Problem now) {
			return (now != null) ? new Problem(now.reason, ErrorPolicy.DEAD_LETTER, now.text, now.cause) : new Problem(
					SkipReason.INVALID, ErrorPolicy.DEAD_LETTER, "it is in the dead letters already", null);
		}

	}

}
