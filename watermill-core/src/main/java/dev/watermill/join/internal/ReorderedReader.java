package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamReader;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.internal.ReorderCounters;
import dev.watermill.join.ArrivalPolicy;
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
 * are less than the distance behind the greatest key, as many as are allowed, and of what
 * was read with them no more than twice as many. <b>Cost</b>: that of a
 * {@link ReorderBuffer}.
 * <p>
 * <b>Taken up again</b> it reads from the first element that was needed, and passes over
 * what was let go before, as {@link ReorderedBatch} has it.
 */
final class ReorderedReader extends HoldingReader {

	private final ArrivalPolicy.Reorder policy;

	private final ArrivalKey key;

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

	/**
	 * What had no place in the order when it was read before, and is yet to be read
	 * again, {@code null} if that is not known.
	 */
	private final @Nullable NumberRanges passedThen;

	/** What had none, and is read again if what waits is. */
	private final PassedLetters passedOver = new PassedLetters();

	/** The number of the first element that waited when reading went on last. */
	private long oldestThen;

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
		this.counters = counters;
		this.buffer = new ReorderBuffer(key, policy.maxSize());
		this.greatest = new KeyMark(key);
		this.passed = new KeyMark(key);
		this.passedBefore = new KeyMark(key);
		this.behindPassed = (from != null) ? from.behindLast() : null;
		Object lastKey = (from != null) ? key.resume(from.last()) : null;
		if (from != null && lastKey != null) {
			this.last = ReorderedBatch.Last.known(lastKey, from.behindLast());
			this.passed.set(lastKey);
			this.passedBefore.set(lastKey);
			this.greatest.set(lastKey);
		}
		this.replayTo = (from != null) ? from.read() : null;
		String known = (from != null) ? from.passed() : null;
		this.passedThen = ReorderPosition.UNKNOWN.equals(known) ? null
				: NumberRanges.parse((known != null) ? known : "");
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
		int size = elements.length;
		this.key.computeAll(batch, elements);
		ReorderedBatch.Builder made = new ReorderedBatch.Builder(batch, this.last, true, size);
		ReorderedBatch.Place oldest = this.buffer.oldest();
		ReorderSource source = this.buffer.begin(batch, elements);
		this.oldestThen = (oldest != null) ? oldest.number() : source.number(0);
		this.passedOver.takenUpAt(this.oldestThen);
		Position to = this.replayTo;
		int begin = (to != null) ? replay(batch, source, to, made) : 0;
		this.replayTo = (begin == size) ? to : null;
		made.replayed(to, (this.replayTo != null) ? Integer.MAX_VALUE : begin);
		for (int i = begin; i < size; i++) {
			if (this.key.isValid(i)) {
				takeIn(batch, source, i, made);
			}
			else {
				pass(this.key.invalid(i), source, i, made);
			}
		}
		letGoDue(made, size);
		if (batch.status() == Batch.Status.ENDED) {
			letGoAll(made, size);
		}
		return end(made, batch.status());
	}

	private ReorderedBatch end(ReorderedBatch.Builder made, Batch.Status status) {
		this.buffer.end();
		made.passed(passed());
		ReorderedBatch ended = made.build(this.key, this.buffer.oldest(), status);
		this.last = ended.last();
		return ended;
	}

	/**
	 * What is passed over where reading goes on, {@code null} if it is not known.
	 */
	private @Nullable NumberRanges passed() {
		NumberRanges rest = (this.replayTo != null) ? this.passedThen : NumberRanges.NONE;
		NumberRanges since = this.passedOver.isEmpty() ? NumberRanges.NONE : this.passedOver.numbers(this.oldestThen);
		if (rest == null || since == null) {
			return null;
		}
		return rest.isEmpty() ? since : rest.union(since);
	}

	/**
	 * Take in again what was taken in before and not let go. As long as it is ordered as
	 * it was, what is let go meanwhile was about to go then.
	 * @return up to which index elements were
	 */
	private int replay(Batch<?> batch, ReorderSource source, Position to, ReorderedBatch.Builder made) {
		int index = 0;
		while (index < batch.size() && batch.isBefore(index, to)) {
			if (wasPassed(batch, index)) {
				passOver(batch, source, index);
			}
			else if (!this.key.isValid(index)) {
				throw refused(batch.origin(index), this.key.invalid(index));
			}
			else if (!wasLetGo(batch, index)) {
				takeIn(batch, source, index, made);
			}
			else {
				source.pass(index);
			}
			index++;
		}
		return index;
	}

	private boolean wasPassed(Batch<?> batch, int index) {
		return (this.passedThen != null) ? this.passedThen.remove(batch.number(index)) : !this.key.isValid(index);
	}

	private boolean wasLetGo(Batch<?> batch, int index) {
		int comparison = this.passedBefore.compareTo(index);
		Position behind = this.behindPassed;
		return comparison < 0 || (comparison == 0 && behind != null && batch.isBefore(index, behind));
	}

	/**
	 * Take an element in. What is due then is let go later, all at once: before the next
	 * element that has no place in the order, or may have none.
	 */
	private void takeIn(Batch<?> batch, ReorderSource source, int index, ReorderedBatch.Builder made) {
		int comparison = this.greatest.compareTo(index);
		if (comparison > 0) {
			this.greatest.setTo(index);
		}
		else if (comparison < 0) {
			this.counters.lagged(this.greatest.lead(index));
			if (this.greatest.measureBehind(index) >= 0) {
				letGoDue(made, index);
			}
			// also of what is near, if the stream was silent, and nothing waited any more
			if (this.passed.compareTo(index) < 0) {
				pass(late(index), source, index, made);
				return;
			}
		}
		this.buffer.add(source, index, this.key.rankOf(index), this.key.isPrimitive() ? null : this.key.get(index));
		if (this.buffer.size() > this.policy.maxSize()) {
			letGoDue(made, index + 1);
			if (this.buffer.size() > this.policy.maxSize()) {
				throw full(batch.origin(index));
			}
		}
	}

	private void pass(Object element, ReorderSource source, int index, ReorderedBatch.Builder made) {
		letGoDue(made, index);
		passOver(made.read(), source, index);
		made.pass(element, index);
	}

	private void passOver(Batch<?> batch, ReorderSource source, int index) {
		source.pass(index);
		this.passedOver.add(batch.number(index), source.number(index));
	}

	private void letGoDue(ReorderedBatch.Builder made, int taken) {
		if (!this.buffer.isEmpty()) {
			this.buffer.moveDue(this.greatest, made, taken, this.passed);
		}
	}

	private void letGoAll(ReorderedBatch.Builder made, int taken) {
		if (!this.buffer.isEmpty()) {
			this.buffer.moveDue(null, made, taken, this.passed);
		}
	}

	private InvalidElement late(int index) {
		this.counters.late();
		return InvalidElement.late("the key '" + this.key.description() + "' went back: "
				+ KeyWords.describe(this.key.get(index)) + " after " + KeyWords.describe(this.greatest.get())
				+ ", farther than 'reorder' waits for (within " + this.policy.within() + "), so "
				+ KeyWords.describe(this.passed.get()) + " has gone on before it");
	}

	/**
	 * Without its key nobody knows whether it went on or waits.
	 */
	private BrokerException refused(String origin, Object found) {
		String problem = (found instanceof InvalidElement invalid) ? invalid.problem() : "it is none";
		return new BrokerException("at " + origin + ": " + problem + ". Nothing was wrong with it when it was read "
				+ "before, and it may wait since then to be brought into the order of '" + this.key.description()
				+ "'. Correct it, or start what could read it until the mill has gone on beyond it, or reset the mill.");
	}

	private BrokerException full(String origin) {
		return new BrokerException("at " + origin + ": more than " + this.policy.maxSize()
				+ " elements wait to be brought into the order of '" + this.key.description()
				+ "', since none came that is at least " + this.policy.within() + " ahead of "
				+ KeyWords.describe(this.buffer.least())
				+ ", the key of the first of them. Raise max-reorder-size, or let " + "'reorder' wait for less.");
	}

	@Override
	public void close() {
		this.counters.deeper(-this.counted);
		this.counted = 0;
		super.close();
	}

}
