package dev.watermill.join.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamReader;
import dev.watermill.codec.InvalidElement;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.key.internal.KeyWords;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Tells keys that are wrong, and far ahead of those before, from gaps: an element further
 * ahead than the largest step is set aside until the next valid one is read. If that one
 * is less, the one set aside is invalid, else there was a gap. At the end of the stream
 * it was a gap, too.
 * <p>
 * <b>Output</b>: all elements in the order in which they were read, none before what was
 * set aside is judged. <b>Memory</b>: what was read from the one that is set aside on,
 * bounded by {@link #MOST_HELD} elements. The first element of all, and of a segment, is
 * a step from nothing, and is not judged.
 */
final class StepReader extends HoldingReader {

	/**
	 * How many elements without a valid one among them can stand behind one set aside.
	 */
	static final int MOST_HELD = 10_000;

	private final ArrivalPolicy.MaxStep policy;

	private final ArrivalKey key;

	/** The greatest key that was accepted. */
	private final KeyMark greatest;

	/** The key of the element that is set aside, if there is one. */
	private final KeyMark aside;

	/** What was read from the batch on in which it stands. */
	private final Deque<Part> held = new ArrayDeque<>();

	/** Where it stands in the first of them. */
	private int place;

	/** The greatest key that was accepted before what is held. */
	private @Nullable Object before;

	StepReader(StreamReader<?> reader, ArrivalPolicy.MaxStep policy, ArrivalKey key, @Nullable Position from) {
		super(reader);
		this.policy = policy;
		this.key = key;
		this.greatest = new KeyMark(key);
		this.aside = new KeyMark(key);
		this.before = StepBatch.greatest(from, key);
		if (this.before != null) {
			this.greatest.set(this.before);
		}
	}

	@Override
	Position below(Position position) {
		return StepBatch.below(position);
	}

	@Override
	List<Batch<Object>> take(Batch<?> batch) {
		List<Batch<Object>> out = new ArrayList<>();
		if (batch.isSegmentStart()) {
			accept();
			emit(out, Batch.Status.OPEN);
			this.greatest.forget();
			this.before = null;
		}
		Object[] elements = batch.toArray();
		this.key.computeAll(batch, elements);
		Part part = new Part(batch, elements);
		this.held.add(part);
		for (int i = 0; i < elements.length; i++) {
			if (this.key.isValid(i)) {
				judge(part, i, out);
			}
			else {
				elements[i] = this.key.invalid(i);
			}
		}
		if (batch.status() == Batch.Status.ENDED) {
			accept();
		}
		emit(out, batch.status());
		requireRoom(batch);
		return out;
	}

	private void judge(Part part, int index, List<Batch<Object>> out) {
		if (this.aside.isKnown()) {
			if (this.aside.compareTo(index) < 0) {
				reject(index);
			}
			else {
				accept();
			}
		}
		if (this.greatest.compareTo(index) <= 0) {
			part.accepted[index] = true;
		}
		else if (!this.greatest.isKnown() || this.greatest.measure(index) <= 0) {
			this.greatest.setTo(index);
			part.accepted[index] = true;
		}
		else {
			emitBefore(part, index, out);
			this.aside.setTo(index);
			this.place = index;
		}
	}

	/**
	 * What is set aside is a gap.
	 */
	private void accept() {
		Part first = this.held.peek();
		if (this.aside.isKnown() && first != null) {
			this.greatest.setTo(this.aside);
			first.accepted[this.place] = true;
			this.aside.forget();
		}
	}

	/**
	 * What is set aside is wrong.
	 */
	private void reject(int next) {
		Part first = this.held.element();
		first.elements[this.place] = new InvalidElement(
				"the key '" + this.key.description() + "' leaps to " + KeyWords.describe(this.aside.get()) + " from "
						+ KeyWords.describe(this.greatest.get()) + ", farther than max-step (" + this.policy.step()
						+ "), and the next element is back at " + KeyWords.describe(this.key.get(next)),
				null, null);
		this.aside.forget();
	}

	/**
	 * Let go of all parts before an element of the last one, which is set aside.
	 */
	private void emitBefore(Part last, int index, List<Batch<Object>> out) {
		while (this.held.element() != last) {
			emitFirst(out, Batch.Status.OPEN);
		}
		emit(last, index, Batch.Status.OPEN, out);
	}

	/**
	 * Let go of all that is not held back.
	 * @param status what is known of the stream behind the last part
	 */
	private void emit(List<Batch<Object>> out, Batch.Status status) {
		if (this.aside.isKnown()) {
			emit(this.held.element(), this.place, status, out);
			return;
		}
		while (!this.held.isEmpty()) {
			emitFirst(out, (this.held.size() == 1) ? status : Batch.Status.OPEN);
		}
	}

	private void emitFirst(List<Batch<Object>> out, Batch.Status status) {
		Part first = this.held.remove();
		emit(first, first.elements.length, status, out);
	}

	private void emit(Part part, int to, Batch.Status status, List<Batch<Object>> out) {
		StepBatch made = new StepBatch(part.slice(to), this.key, this.before, status);
		boolean all = made.size() == part.elements.length && this.held.isEmpty();
		this.before = all ? this.greatest.getIfKnown() : made.greatest(made.size());
		part.begin = to;
		part.begun = true;
		out.add(made);
	}

	private void requireRoom(Batch<?> last) {
		if (held() > MOST_HELD) {
			Part first = this.held.element();
			throw new BrokerException("at " + first.read.origin(this.place) + ": the key '" + this.key.description()
					+ "' leaps to " + KeyWords.describe(this.aside.get()) + ", farther than max-step ("
					+ this.policy.step() + "), and nothing shows whether it is right: none of the " + MOST_HELD
					+ " elements behind it, up to " + last.origin(last.size()) + ", can be used. Correct them, or "
					+ "unset max-step.");
		}
	}

	@Override
	List<Batch<Object>> rest() {
		List<Batch<Object>> out = new ArrayList<>();
		accept();
		emit(out, Batch.Status.CAUGHT_UP);
		return out;
	}

	@Override
	int held() {
		int sum = 0;
		if (this.aside.isKnown()) {
			for (Part part : this.held) {
				sum += part.elements.length - part.begin;
			}
		}
		return sum;
	}

	/**
	 * A batch that was read, from where on it is held.
	 */
	private static final class Part {

		final Batch<?> read;

		final Object[] elements;

		final boolean[] accepted;

		int begin;

		/** Whether anything came of it. */
		boolean begun;

		Part(Batch<?> read, Object[] elements) {
			this.read = read;
			this.elements = elements;
			this.accepted = new boolean[elements.length];
		}

		StepBatch.Slice slice(int to) {
			return new StepBatch.Slice(this.read, this.elements, this.accepted, this.begin, to, !this.begun);
		}

	}

}
