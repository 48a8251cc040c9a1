package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;

import dev.watermill.broker.Batch;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.InexactElement;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.ErrorPolicy;
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

	private final PageKeys keys;

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

	Acceptance(JoinNode node, OrderedKeys ordered, @Nullable KeyFunction<?> windowKey) {
		this(node, ordered, List.of(), windowKey);
	}

	Acceptance(JoinNode node, OrderedKeys ordered, List<KeyFunction<?>> equal, @Nullable KeyFunction<?> windowKey) {
		this(node, new PageKeys(ordered, equal, windowKey), null);
	}

	private Acceptance(JoinNode node, PageKeys keys, @Nullable SharedKinds kinds) {
		this.node = node;
		this.keys = keys;
		this.kinds = kinds;
		this.input = new KeyInput(keys.expressions());
	}

	/**
	 * Return what accepts the elements of one partition of this stream.
	 * @param name the name of the partition, {@code null} if it has none
	 */
	Acceptance ofPartition(SharedKinds shared, @Nullable String name, int number) {
		Acceptance partition = new Acceptance(this.node, this.keys.ofPartition(), shared);
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
		return new SharedKinds(this.keys.expressions());
	}

	/**
	 * The keys that are computed of each element.
	 */
	PageKeys keys() {
		return this.keys;
	}

	/**
	 * Whether a key that goes back stops the mill.
	 */
	boolean failsOnDisorder() {
		return this.keys.ordered().size() > 0 && this.node.onDisorder() == ErrorPolicy.FAIL;
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
		KeyColumn[] columns = this.keys.columns(size);
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
		Page page = (accepted == size) ? new Page(batch, elements, columns, accepted, null, Page.Findings.NONE,
				this.keys.ordered(), keysBefore) : acceptOneByOne(batch, elements, columns, accepted, keysBefore);
		if (this.keys.isWindowed() && page.size > 0) {
			this.windowKeyBefore = columns[this.keys.windowColumn()].get(page.size - 1);
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
			Refusal refusal = examine(batch, i, columns, accepted, keysBefore);
			if (this.letters != null && isLetter(batch, i)) {
				refusal = Refusal.known(refusal);
			}
			if (refusal == null) {
				elements[accepted] = (element instanceof InexactElement inexact) ? inexact.element() : element;
				source[accepted] = i;
				accepted++;
			}
			else if (refusal.policy() == ErrorPolicy.FAIL) {
				source[accepted] = i;
				StreamException failure = refusal.failure(this.node.stream(), batch, i);
				StreamException disorder = refusal.isDisorder() ? failure
						: disorderBehind(batch, i, columns, accepted, keysBefore);
				return new Page(batch, elements, columns, accepted, source,
						new Page.Findings(failure, disorder, rejected), this.keys.ordered(), keysBefore);
			}
			else {
				rejected.add(refusal.rejected(batch, i, accepted));
			}
		}
		source[accepted] = size;
		return new Page(batch, elements, columns, accepted, source, new Page.Findings(null, null, rejected),
				this.keys.ordered(), keysBefore);
	}

	/**
	 * Look for a key that goes back behind an element that can't be accepted, since the
	 * merge may never get there.
	 */
	private @Nullable StreamException disorderBehind(Batch<?> batch, int invalid, KeyColumn[] columns, int accepted,
			@Nullable Object[] keysBefore) {
		for (int i = invalid + 1; i < batch.size() && failsOnDisorder(); i++) {
			Refusal refusal = examine(batch, i, columns, accepted, keysBefore);
			if (refusal != null && refusal.isDisorder()) {
				return refusal.failure(this.node.stream(), batch, i);
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
			for (int i = keysBefore.length; i < columns.length; i++) {
				columns[i].computeAll(this.input.of(i, elements, records), right);
			}
			if (this.keys.isWindowed()) {
				compareAll(columns, this.keys.windowColumn(), right);
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
	private void compareAll(KeyColumn[] columns, int windowColumn, int count) {
		for (int i = 0; i < count && columns[windowColumn].primitives().length == 0; i++) {
			compareWithPrevious(columns, windowColumn, i, this.windowKeyBefore);
		}
	}

	private static int[] firstIndexes(int size) {
		int[] indexes = new int[size + 1];
		Arrays.setAll(indexes, (i) -> i);
		return indexes;
	}

	private @Nullable Refusal examine(Batch<?> batch, int inBatch, KeyColumn[] columns, int index,
			@Nullable Object[] keysBefore) {
		Object element = batch.element(inBatch);
		if (element instanceof InvalidElement invalid) {
			return Refusal.of(invalid, this.node);
		}
		InexactElement inexact = (element instanceof InexactElement of) ? of : null;
		int column = 0;
		try {
			for (; column < columns.length; column++) {
				columns[column].compute(index, this.input.of(column, element, batch, inBatch));
				String lost = (inexact != null) ? inexact.problem(columns[column].get(index)) : null;
				if (lost != null) {
					return Refusal.invalid(this.node,
							"the key '" + this.keys.describe(column) + "' is not exact: " + lost, null);
				}
			}
			for (column = 0; column < keysBefore.length; column++) {
				if (compareWithPrevious(columns, column, index, keysBefore[column]) < 0) {
					return Refusal.wentBack(this.node, this.keys.describe(column), columns[column].get(index),
							(index > 0) ? columns[column].get(index - 1) : keysBefore[column]);
				}
			}
			if (this.keys.isWindowed()) {
				column = this.keys.windowColumn();
				compareWithPrevious(columns, column, index, this.windowKeyBefore);
			}
			return late(batch, inBatch, columns, index);
		}
		catch (Keys.IncomparableException ex) {
			return Refusal.invalid(this.node,
					"the key '" + this.keys.describe(column) + "' changed its kind: " + ex.getMessage(), ex);
		}
		catch (RuntimeException ex) {
			Object exact = (inexact != null) ? inexact.element() : element;
			return Refusal.invalid(this.node, Refusal.notComputed(this.keys.describe(column), exact, ex), ex);
		}
	}

	private @Nullable Refusal late(Batch<?> batch, int inBatch, KeyColumn[] columns, int index) {
		LateCheck check = this.late;
		return (check != null && check.isLate(batch, inBatch, columns, index))
				? Refusal.late(this.node, this.keys.describe(check.column()), columns[check.column()].get(index))
				: null;
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

}
