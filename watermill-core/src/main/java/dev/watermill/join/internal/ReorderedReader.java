package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamReader;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.internal.ReorderCounters;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.key.internal.KeyMeter;
import dev.watermill.key.internal.KeyWords;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Brings elements into the order of a key.
 * <p>
 * <b>Precondition</b>: no key is less than one before it by more than the distance that
 * is allowed; an element for which that is so, and whose place was passed, comes at once,
 * as late. <b>Output</b>: each element once one was read whose key is at least the
 * distance greater, or the stream has ended; elements of equal keys in the order in which
 * they came; what is not valid where it stood. No clock has a part in it, nor how much is
 * read at once, so the same input gives the same order. <b>Memory</b>: the elements that
 * are less than the distance behind the greatest key, as many as are allowed, with what
 * was read with them. <b>Cost</b>: that of a {@link ReorderBuffer}.
 * <p>
 * <b>Taken up again</b> it reads from the first element that was needed, and passes over
 * what was let go before, as {@link ReorderedBatch} has it.
 */
final class ReorderedReader extends HoldingReader {

	private final ArrivalPolicy.Reorder policy;

	private final ArrivalKey key;

	private final KeyMeter meter;

	private final ReorderCounters counters;

	private final ReorderBuffer buffer;

	/** Up to where elements were read before, while these are read again. */
	private @Nullable Position replayTo;

	/** The greatest key that was read. */
	private final KeyMark greatest;

	/** The last key that was let go. */
	private final KeyMark passed;

	/** The last one that was let go before reading began, and where that goes on. */
	private final KeyMark passedBefore;

	private final @Nullable Position behindPassed;

	/** The last element that was let go. */
	private ReorderedBatch.Last last = ReorderedBatch.Last.NOTHING;

	/** What was read last. */
	private @Nullable Batch<?> current;

	private int counted;

	/**
	 * Create a reader.
	 * @param reader reads elements as they come
	 * @param from where it goes on, {@code null} at the start
	 */
	ReorderedReader(StreamReader<?> reader, ArrivalPolicy.Reorder policy, ArrivalKey key, ReorderCounters counters,
			@Nullable ReorderPosition from) {
		super(reader);
		this.policy = policy;
		this.key = key;
		this.meter = key.meter();
		this.counters = counters;
		this.buffer = new ReorderBuffer(key.isPrimitive());
		this.greatest = new KeyMark(key);
		this.passed = new KeyMark(key);
		this.passedBefore = new KeyMark(key);
		this.behindPassed = (from != null) ? from.behindLast() : null;
		Object known = (from != null) ? key.resume(from.last()) : null;
		if (from != null && known != null) {
			this.last = ReorderedBatch.Last.known(known, from.behindLast());
			this.passed.set(known);
			this.passedBefore.set(known);
			this.greatest.set(known);
		}
		this.replayTo = (from != null) ? from.read() : null;
	}

	@Override
	List<Batch<Object>> take(Batch<?> batch) {
		if (!batch.isSegmentStart()) {
			return List.of(order(batch));
		}
		// the mark that was passed is the end of what was before
		List<Batch<Object>> out = new ArrayList<>(flush(Batch.Status.OPEN));
		this.last = ReorderedBatch.Last.NOTHING;
		this.replayTo = null;
		this.passedBefore.forget();
		this.passed.forget();
		this.greatest.forget();
		out.add(order(batch));
		return out;
	}

	@Override
	List<Batch<Object>> rest() {
		return flush(Batch.Status.CAUGHT_UP);
	}

	private List<Batch<Object>> flush(Batch.Status status) {
		Batch<?> read = this.current;
		if (read == null || this.buffer.isEmpty()) {
			return List.of();
		}
		ReorderedBatch.Builder made = new ReorderedBatch.Builder(read, this.last, false, this.buffer.size());
		letGoAll(made, read.size());
		return List.of(end(made, status));
	}

	@Override
	int held() {
		count();
		return this.buffer.size();
	}

	private void count() {
		this.counters.deeper(this.buffer.size() - this.counted);
		this.counted = this.buffer.size();
	}

	@Override
	Position below(Position position) {
		return ReorderPosition.of(position).first();
	}

	private Batch<Object> order(Batch<?> batch) {
		this.current = batch;
		Object[] elements = batch.toArray();
		this.key.computeAll(batch, elements);
		ReorderedBatch.Builder made = new ReorderedBatch.Builder(batch, this.last, true, elements.length);
		Position to = this.replayTo;
		int begin = (to != null) ? replay(batch, elements, to, made) : 0;
		this.replayTo = (begin == elements.length) ? to : null;
		made.replayed(to, (this.replayTo != null) ? Integer.MAX_VALUE : begin);
		takeIn(batch, elements, begin, made);
		if (batch.status() == Batch.Status.ENDED) {
			letGoAll(made, elements.length);
		}
		return end(made, batch.status());
	}

	private ReorderedBatch end(ReorderedBatch.Builder made, Batch.Status status) {
		ReorderedBatch ended = made.build(this.key, this.buffer.oldest(), status);
		this.last = ended.last();
		return ended;
	}

	/**
	 * Take in again what was taken in before and not let go. As long as it is ordered as
	 * it was, what is let go meanwhile was about to go then.
	 * @return up to which index elements were
	 */
	private int replay(Batch<?> batch, Object[] elements, Position to, ReorderedBatch.Builder made) {
		int index = 0;
		while (index < elements.length && batch.isBefore(index, to)) {
			if (this.key.isValid(index) && !wasLetGo(batch, index)) {
				takeIn(batch, elements[index], index, made);
			}
			index++;
		}
		return index;
	}

	private boolean wasLetGo(Batch<?> batch, int index) {
		int comparison = this.passedBefore.compareTo(index);
		Position behind = this.behindPassed;
		return comparison < 0 || (comparison == 0 && behind != null && batch.isBefore(index, behind));
	}

	private void takeIn(Batch<?> batch, Object[] elements, int begin, ReorderedBatch.Builder made) {
		for (int i = begin; i < elements.length; i++) {
			if (this.key.isValid(i)) {
				takeIn(batch, elements[i], i, made);
			}
			else {
				made.pass(this.key.invalid(i), i);
			}
		}
	}

	private void takeIn(Batch<?> batch, Object element, int index, ReorderedBatch.Builder made) {
		if (this.greatest.compareTo(index) > 0) {
			this.greatest.setTo(index);
		}
		else {
			this.counters.lagged(this.greatest.lead(index));
			if (this.passed.compareTo(index) < 0) {
				made.pass(late(index), index);
				return;
			}
		}
		if (this.key.isPrimitive()) {
			this.buffer.add(this.key.primitive(index), element, batch, index);
		}
		else {
			this.buffer.add(this.key.get(index), element, batch, index);
		}
		letGoDue(made, index + 1);
		if (this.buffer.size() > this.policy.maxSize()) {
			throw full(batch.origin(index));
		}
	}

	/**
	 * Let go of all whose turn it is.
	 */
	private void letGoDue(ReorderedBatch.Builder made, int taken) {
		if (this.key.isPrimitive()) {
			while (!this.buffer.isEmpty() && this.meter.compare(this.greatest.encoded(), this.buffer.firstKey()) >= 0) {
				this.passed.set(this.buffer.firstKey());
				this.buffer.moveFirst(made, taken);
			}
			return;
		}
		while (!this.buffer.isEmpty() && this.meter.compare(this.greatest.get(), this.buffer.firstObject()) >= 0) {
			this.passed.set(this.buffer.firstObject());
			this.buffer.moveFirst(made, taken);
		}
	}

	private void letGoAll(ReorderedBatch.Builder made, int taken) {
		while (!this.buffer.isEmpty()) {
			this.passed.set(firstKey());
			this.buffer.moveFirst(made, taken);
		}
	}

	private Object firstKey() {
		return this.key.isPrimitive() ? this.key.decode(this.buffer.firstKey()) : this.buffer.firstObject();
	}

	private InvalidElement late(int index) {
		this.counters.late();
		return InvalidElement.late("the key '" + this.key.description() + "' went back: "
				+ KeyWords.describe(this.key.get(index)) + " after " + KeyWords.describe(this.greatest.get())
				+ ", farther than 'reorder' waits for (within " + this.policy.within() + "), so "
				+ KeyWords.describe(this.passed.get()) + " has gone on before it");
	}

	private BrokerException full(String origin) {
		return new BrokerException("at " + origin + ": more than " + this.policy.maxSize()
				+ " elements wait to be brought into the order of '" + this.key.description()
				+ "', since none came that is at least " + this.policy.within() + " ahead of "
				+ KeyWords.describe(firstKey()) + ", the key of the first of them. Raise max-reorder-size, or let "
				+ "'reorder' wait for less.");
	}

	@Override
	public void close() {
		this.counters.deeper(-this.counted);
		this.counted = 0;
		super.close();
	}

}
