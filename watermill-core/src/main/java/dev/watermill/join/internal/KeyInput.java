package dev.watermill.join.internal;

import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.codec.internal.InexactElement;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.KeyedRecord;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;

/**
 * What keys are computed of: nearly always of elements alone, but some of what the broker
 * knows of their records as well. Immutable.
 */
final class KeyInput {

	private final boolean[] ofRecords;

	private final boolean any;

	/**
	 * Create what a stream's keys are computed of.
	 * @param functions the expressions, in the order of their columns
	 */
	KeyInput(List<KeyFunction<?>> functions) {
		this.ofRecords = new boolean[functions.size()];
		boolean found = false;
		for (int i = 0; i < this.ofRecords.length; i++) {
			this.ofRecords[i] = KeyColumn.isOfRecord(functions.get(i));
			found |= this.ofRecords[i];
		}
		this.any = found;
	}

	/**
	 * Return what keys of records are computed of.
	 * @param batch what was read
	 * @param elements its elements
	 * @return the records of the elements, or the elements if no such key is on the
	 * stream
	 */
	Object[] records(Batch<?> batch, Object[] elements) {
		if (!this.any) {
			return elements;
		}
		Object[] records = new Object[elements.length];
		for (int i = 0; i < records.length; i++) {
			records[i] = record(elements[i], batch, i);
		}
		return records;
	}

	/**
	 * Choose what the keys of a column are computed of.
	 */
	Object[] of(int column, Object[] elements, Object[] records) {
		return (this.ofRecords[column]) ? records : elements;
	}

	/**
	 * Return what a key of one element is computed of.
	 * @param element the element, as it stands in the batch
	 * @param index where it stands there
	 */
	Object of(int column, Object element, Batch<?> batch, int index) {
		return (this.ofRecords[column]) ? record(element, batch, index) : exact(element);
	}

	private static KeyedRecord record(Object element, Batch<?> batch, int index) {
		@Nullable RecordFacts facts = batch.facts(index);
		return new KeyedRecord(exact(element), facts);
	}

	private static Object exact(Object element) {
		return (element instanceof InexactElement inexact) ? inexact.element() : element;
	}

}
