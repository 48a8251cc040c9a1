package dev.watermill.join.internal;

import java.util.BitSet;
import java.util.Locale;

import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;

/**
 * Sees whether a stream turned bad altogether: which share of the last elements that were
 * read was rejected. It costs what the rejected elements cost, and nothing where none
 * are. Used by one thread.
 */
final class BadRate {

	/** Of how many elements the share is taken. */
	static final int ELEMENTS = 1000;

	private final String stream;

	private final double most;

	/** Which of the last elements were bad, in a ring. */
	private final BitSet bad = new BitSet(ELEMENTS);

	private int next;

	private int count;

	private long read;

	/**
	 * Create what judges a stream.
	 * @param stream its name
	 * @param most which share of its elements may be bad
	 */
	BadRate(String stream, double most) {
		this.stream = stream;
		this.most = most;
	}

	/**
	 * Judge what was read.
	 * @param page the next page
	 * @return the page, which ends before the element that is one too many
	 */
	Page judge(Page page) {
		if (this.most >= 1) {
			return page;
		}
		int from = 0;
		for (int number = 0; number < page.rejectedCount(); number++) {
			Rejected rejected = page.rejected(number);
			good(rejected.before() - from);
			from = rejected.before();
			if (rejected.reason() == SkipReason.LATE) {
				good(1);
				continue;
			}
			bad();
			if (this.read >= ELEMENTS && this.count > this.most * ELEMENTS) {
				return page.endBefore(number, failure(rejected));
			}
		}
		good(page.size - from);
		return page;
	}

	private void good(int elements) {
		this.read += elements;
		if (this.count == 0) {
			return;
		}
		for (int i = 0; i < Math.min(elements, ELEMENTS); i++) {
			note(false);
		}
	}

	private void bad() {
		this.read++;
		note(true);
	}

	private void note(boolean isBad) {
		this.count += (isBad ? 1 : 0) - (this.bad.get(this.next) ? 1 : 0);
		this.bad.set(this.next, isBad);
		this.next = (this.next + 1) % ELEMENTS;
	}

	private StreamException failure(Rejected last) {
		return new StreamException(this.stream,
				"at " + last.origin() + ": " + last.problem() + String.format(Locale.ROOT,
						". It is one too many: %d of the last %d elements are bad, and max-bad-rate is %s. If the "
								+ "stream is what it should be, correct what is wrong with it; or raise max-bad-rate. "
								+ "The mill goes on there when it is started again, and judges the stream anew.",
						this.count, ELEMENTS, this.most),
				last.cause());
	}

}
