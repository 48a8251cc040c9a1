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
	private final KeyColumn[] others;

	/** What this key, and then each of the others, is computed of. */
	private final KeyInput input;

	private final boolean primitive;

	private final boolean floating;

	/** The kind of the keys, {@code null} until there is one. */
	private @Nullable KeyKind kind;

	/** What is passed on for each element that is not valid, {@link #VALID} otherwise. */
	private Object[] verdicts = {};

	private KeyColumn column;

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
		List<KeyFunction<?>> required = expressions.stream().filter((other) -> !other.equals(by)).toList();
		this.others = required.stream().map((other) -> KeyColumn.of(other, 1)).toArray(KeyColumn[]::new);
		List<KeyFunction<?>> all = new ArrayList<>(List.of(by));
		all.addAll(required);
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
	 * Whether keys compare as {@code long}s.
	 */
	boolean isPrimitive() {
		return this.primitive;
	}

	/**
	 * The normal form of a key that is kept as a {@code long}.
	 */
	Object decode(long encoded) {
		return KeyColumn.decode(encoded, this.floating);
	}

	/**
	 * Compute the keys of all elements of a batch, until the next one.
	 */
	void computeAll(Batch<?> batch, Object[] elements) {
		if (this.verdicts.length < elements.length) {
			this.verdicts = new Object[elements.length];
			this.column = KeyColumn.of(this.by, elements.length);
		}
		this.areAllValid = this.primitive && this.others.length == 0 && computeAtOnce(elements);
		for (int i = 0; i < elements.length && !this.areAllValid; i++) {
			this.verdicts[i] = judge(elements[i], batch, i);
		}
	}

	private boolean computeAtOnce(Object[] elements) {
		for (Object element : elements) {
			if (element instanceof InvalidElement || element instanceof InexactElement) {
				return false;
			}
		}
		try {
			this.column.computeAll(elements, elements.length);
			return true;
		}
		catch (RuntimeException ex) {
			// which one it is, and why, is found out one by one
			return false;
		}
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
				requireKind(this.column.get(index));
			}
		}
		catch (RuntimeException ex) {
			return new InvalidElement(Acceptance.notComputed(description(), computed, ex), null, ex);
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
		this.meter.require(key);
		KeyKind found = KeyKind.of(key);
		if (this.kind == null) {
			this.kind = found;
		}
		else if (!this.kind.comparesWith(found)) {
			throw new IllegalArgumentException("it is " + found + ", and those before are " + this.kind);
		}
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

	long primitive(int index) {
		return this.column.primitive(index);
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
