package dev.watermill.join;

import java.util.Arrays;

import dev.watermill.broker.Batch;
import dev.watermill.broker.InvalidElement;
import dev.watermill.key.IncomparableKeysException;
import dev.watermill.key.KeyColumn;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Decides which elements of a stream go into the merge: computes every key of every
 * element once, and holds back elements that are invalid or out of order.
 * <p>
 * Works on whole batches, one tight loop each; the merge then compares keys that stand
 * side by side. All expressions on a stream are looked at for every element, whether it
 * will match or not, so what is refused does not depend on the other streams.
 */
final class Acceptance {

	private final JoinNode node;

	/** The expressions whose keys never decrease. */
	private final OrderedKeys ordered;

	private final @Nullable KeyFunction<?> windowKey;

	private final InputCounters counters;

	private final Waiting waiting;

	Acceptance(JoinNode node, OrderedKeys ordered, @Nullable KeyFunction<?> windowKey, InputCounters counters,
			Waiting waiting) {
		this.node = node;
		this.ordered = ordered;
		this.windowKey = windowKey;
		this.counters = counters;
		this.waiting = waiting;
	}

	OrderedKeys keys() {
		return this.ordered;
	}

	/**
	 * Accept a batch.
	 * @param batch what was read
	 * @param keysBefore the last accepted keys before it
	 * @return a page, which ends before the first element that stops the mill
	 */
	Page accept(Batch<?> batch, @Nullable Object[] keysBefore) {
		int size = batch.size();
		Object[] elements = batch.toArray();
		KeyColumn[] columns = columns(size);
		int[] source = null;
		// nearly always this is all of them, and the loop below has nothing to do
		int accepted = acceptAtOnce(elements, columns, keysBefore);
		for (int i = accepted; i < size; i++) {
			Object element = batch.element(i);
			Problem problem = examine(element, columns, accepted, keysBefore);
			if (problem == null) {
				elements[accepted] = element;
				if (source != null) {
					source[accepted] = i;
				}
				accepted++;
				continue;
			}
			if (problem.policy == ErrorPolicy.FAIL) {
				int[] until = (source != null) ? source : firstIndexes(size);
				until[accepted] = i;
				return new Page(batch, elements, columns, accepted, until, failure(batch, i, problem), this.ordered,
						keysBefore);
			}
			source = (source != null) ? source : firstIndexes(size);
			this.counters.read().increment();
			this.counters.skipped(problem.reason).increment();
			this.waiting.dropped(this.node.stream(), problem.reason, batch.origin(i) + ": " + problem.text);
		}
		if (source != null) {
			source[accepted] = size;
		}
		return new Page(batch, elements, columns, accepted, source, null, this.ordered, keysBefore);
	}

	/**
	 * Accept as many elements from the start as can be seen to be right without looking
	 * at them one by one.
	 */
	private int acceptAtOnce(Object[] elements, KeyColumn[] columns, @Nullable Object[] keysBefore) {
		int right = 0;
		while (right < elements.length && !(elements[right] instanceof InvalidElement)) {
			right++;
		}
		try {
			for (int i = 0; i < keysBefore.length && right > 0; i++) {
				right = columns[i].computeAscending(elements, right);
				right = (compareWithPrevious(columns[i], 0, keysBefore[i]) < 0) ? 0 : right;
			}
			for (int i = keysBefore.length; i < columns.length; i++) {
				columns[i].computeAll(elements, right);
			}
			return right;
		}
		catch (RuntimeException ex) {
			// which element it is, and what is to be done about it, is found out one by
			// one
			return 0;
		}
	}

	private KeyColumn[] columns(int size) {
		KeyColumn[] columns = new KeyColumn[this.ordered.size() + ((this.windowKey != null) ? 1 : 0)];
		for (int i = 0; i < this.ordered.size(); i++) {
			columns[i] = KeyColumn.of(this.ordered.get(i), size);
		}
		if (this.windowKey != null) {
			columns[this.ordered.size()] = KeyColumn.of(this.windowKey, size);
		}
		return columns;
	}

	private static int[] firstIndexes(int size) {
		int[] indexes = new int[size + 1];
		Arrays.setAll(indexes, (i) -> i);
		return indexes;
	}

	private @Nullable Problem examine(Object element, KeyColumn[] columns, int index, @Nullable Object[] keysBefore) {
		if (element instanceof InvalidElement invalid) {
			return invalid(invalid.problem(), invalid.cause());
		}
		int column = 0;
		try {
			for (; column < columns.length; column++) {
				columns[column].compute(index, element);
			}
			for (column = 0; column < this.ordered.size(); column++) {
				if (compareWithPrevious(columns[column], index, keysBefore[column]) < 0) {
					Object previous = (index > 0) ? columns[column].get(index - 1) : keysBefore[column];
					return new Problem(SkipReason.DISORDER, this.node.onDisorder(), "the key '" + describe(column)
							+ "' went back: " + columns[column].get(index) + " after " + previous, null);
				}
			}
			return null;
		}
		catch (IncomparableKeysException ex) {
			return invalid("the key '" + describe(column) + "' changed its kind: " + ex.getMessage(), ex);
		}
		catch (RuntimeException ex) {
			return invalid("the key '" + describe(column) + "' of " + abbreviate(element) + " can't be computed: "
					+ ((ex instanceof NullPointerException) ? "something in it is null" : ex.getMessage()), ex);
		}
	}

	private static int compareWithPrevious(KeyColumn column, int index, @Nullable Object keyBefore) {
		if (index > 0) {
			return column.compareWithPrevious(index);
		}
		return (keyBefore != null) ? Keys.compare(column.get(0), keyBefore) : 0;
	}

	private String describe(int column) {
		KeyFunction<?> key = (column < this.ordered.size()) ? this.ordered.get(column) : this.windowKey;
		return (key != null) ? key.description() : "";
	}

	private Problem invalid(String text, @Nullable Throwable cause) {
		return new Problem(SkipReason.INVALID, this.node.onInvalid(), text, cause);
	}

	private StreamException failure(Batch<?> batch, int index, Problem problem) {
		boolean disorder = problem.reason == SkipReason.DISORDER;
		return new StreamException(this.node.stream(),
				"at " + batch.origin(index) + ": " + problem.text + ". " + (disorder
						? "Keys must never decrease along a stream: sort it, or set on-disorder to skip such elements."
						: "Correct the element, or set on-invalid to skip such elements.")
						+ " The mill goes on there when it is started again.",
				problem.cause);
	}

	private static String abbreviate(Object element) {
		String text = String.valueOf(element);
		return (text.length() <= 200) ? text : text.substring(0, 200) + "...";
	}

	private record Problem(SkipReason reason, ErrorPolicy policy, String text, @Nullable Throwable cause) {

	}

}
