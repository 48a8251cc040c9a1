package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.InexactElement;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.KeyKind;
import dev.watermill.key.internal.KeyMeter;
import dev.watermill.key.internal.KeyText;
import org.jspecify.annotations.Nullable;

/**
 * The key by which elements are judged as they arrive. Only valid elements are, those
 * that have this key and all others that the merge needs; others go their way, and are
 * refused where all are accepted. Used by one thread.
 */
final class ArrivalKey {

	private static final Object VALID = new Object();

	private final KeyFunction<?> by;

	private final KeyMeter meter;

	/** The other expressions whose keys an element must have. */
	private final List<KeyFunction<?>> required;

	private final KeyColumn[] others;

	/** What this key, and then each of the others, is computed of. */
	private final KeyInput input;

	private final boolean primitive;

	private final boolean floating;

	/** The kind of the keys, {@code null} until there is one. */
	private @Nullable KeyKind kind;

	/** The class of the last key that was of this kind. */
	private @Nullable Class<?> classBefore;

	/** What is passed on for each element that is not valid, {@link #VALID} otherwise. */
	private Object[] verdicts = {};

	private KeyColumn column;

	/** The ranks of the keys, if these are objects. */
	private long[] ranks = {};

	/** Whether all of the batch are valid, so that there are no verdicts. */
	private boolean areAllValid;

	/**
	 * Create a key.
	 * @param by its expression
	 * @param distance what differences of keys are measured against
	 * @param expressions all expressions whose keys an element must have
	 */
	ArrivalKey(KeyFunction<?> by, KeySpan distance, List<KeyFunction<?>> expressions) {
		this.by = by;
		this.meter = KeyMeter.of(by, distance);
		this.required = expressions.stream().filter((other) -> !other.equals(by)).toList();
		this.others = this.required.stream().map((other) -> KeyColumn.of(other, 1)).toArray(KeyColumn[]::new);
		List<KeyFunction<?>> all = new ArrayList<>(List.of(by));
		all.addAll(this.required);
		this.input = new KeyInput(all);
		this.primitive = KeyColumn.isPrimitive(by);
		this.floating = by instanceof KeyFunction.OfDouble;
		this.column = KeyColumn.of(by, 0);
	}

	KeyMeter meter() {
		return this.meter;
	}

	String description() {
		return this.by.description();
	}

	/**
	 * Whether keys are their ranks.
	 */
	boolean isPrimitive() {
		return this.primitive;
	}

	/**
	 * The normal form of a key that is its rank.
	 */
	Object decode(long rank) {
		return KeyColumn.decode(rank, this.floating);
	}

	/**
	 * The rank of a key: of primitive ones what {@link KeyColumn} keeps, which is all of
	 * it; of others a {@code long} of nearly the same order.
	 * @param normal the normal form of the key
	 */
	long rank(Object normal) {
		return this.primitive ? KeyColumn.encode(normal) : this.meter.rank(normal);
	}

	/**
	 * Whether ranks alone say how far their keys are apart.
	 */
	boolean isMeasuredByRank(long left, long right) {
		return this.primitive || (this.meter.isExact(left) && this.meter.isExact(right));
	}

	/**
	 * Compute the keys of all elements of a batch, until the next one.
	 */
	void computeAll(Batch<?> batch, Object[] elements) {
		makeRoom(elements.length);
		this.areAllValid = computeAtOnce(batch, elements);
		for (int i = 0; i < elements.length && !this.areAllValid; i++) {
			this.verdicts[i] = judge(elements[i], batch, i);
		}
	}

	private void makeRoom(int size) {
		if (this.verdicts.length < size) {
			this.verdicts = new Object[size];
			this.column = KeyColumn.of(this.by, size);
			this.ranks = this.primitive ? this.ranks : new long[size];
			for (int i = 0; i < this.others.length; i++) {
				this.others[i] = KeyColumn.of(this.required.get(i), size);
			}
		}
	}

	private boolean computeAtOnce(Batch<?> batch, Object[] elements) {
		for (Object element : elements) {
			if (element instanceof InvalidElement || element instanceof InexactElement) {
				return false;
			}
		}
		try {
			Object[] records = this.input.records(batch, elements);
			this.column.computeAll(this.input.of(0, elements, records), elements.length);
			for (int i = 0; i < elements.length && !this.primitive; i++) {
				rank(i);
			}
			for (int i = 0; i < this.others.length; i++) {
				this.others[i].computeAll(this.input.of(1 + i, elements, records), elements.length);
			}
			return true;
		}
		catch (RuntimeException ex) {
			// which one it is, and why, is found out one by one
			return false;
		}
	}

	private void rank(int index) {
		Object normal = this.column.get(index);
		requireKind(normal);
		this.ranks[index] = this.meter.rank(normal);
	}

	private Object judge(Object element, Batch<?> batch, int index) {
		if (element instanceof InvalidElement) {
			return element;
		}
		Object computed = element;
		try {
			if (element instanceof InexactElement inexact) {
				computed = inexact.element();
				this.column.compute(index, this.input.of(0, element, batch, index));
				String lost = inexact.problem(this.column.get(index));
				if (lost != null) {
					return new InvalidElement("the key '" + description() + "' is not exact: " + lost, null, null);
				}
			}
			else {
				this.column.compute(index, this.input.of(0, element, batch, index));
			}
			if (!this.primitive) {
				rank(index);
			}
		}
		catch (RuntimeException ex) {
			return new InvalidElement(Refusal.notComputed(description(), computed, ex), null, ex);
		}
		try {
			for (int i = 0; i < this.others.length; i++) {
				this.others[i].compute(0, this.input.of(1 + i, element, batch, index));
			}
			return VALID;
		}
		catch (RuntimeException ex) {
			// what is wrong with it is said where it is refused
			return element;
		}
	}

	private void requireKind(Object key) {
		if (key.getClass() == this.classBefore) {
			return;
		}
		this.meter.require(key);
		KeyKind found = KeyKind.of(key);
		if (this.kind == null) {
			this.kind = found;
		}
		else if (!this.kind.comparesWith(found)) {
			throw new IllegalArgumentException("it is " + found + ", and those before are " + this.kind);
		}
		this.classBefore = key.getClass();
	}

	boolean isValid(int index) {
		return this.areAllValid || this.verdicts[index] == VALID;
	}

	/**
	 * What is passed on for an element that is not valid.
	 */
	Object invalid(int index) {
		return this.verdicts[index];
	}

	/**
	 * The rank of the key of an element that is valid.
	 */
	long rankOf(int index) {
		return this.primitive ? this.column.primitive(index) : this.ranks[index];
	}

	/**
	 * The normal form of the key of an element that is valid.
	 */
	Object get(int index) {
		return this.column.get(index);
	}

	/**
	 * Compute the key of an element that is known to be valid, at any time.
	 */
	Object of(Object element, Batch<?> batch, int index) {
		KeyColumn single = KeyColumn.of(this.by, 1);
		single.compute(0, this.input.of(0, element, batch, index));
		return single.get(0);
	}

	/**
	 * Go on behind a key.
	 * @param text what {@link KeyText} wrote, {@code null} at the start
	 * @return the key, {@code null} if it is of another kind than those of the expression
	 */
	@Nullable Object resume(@Nullable String text) {
		Object known = (text != null) ? KeyText.parse(text) : null;
		if (known == null || !OrderedKeys.isOfKind(this.by, known)) {
			return null;
		}
		this.kind = KeyKind.of(known);
		return known;
	}

}
