package dev.watermill.join.internal;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Matches that the merge holds, and the rule by which it lets go of them.
 * <p>
 * <b>Who owns them</b>: everybody who may still need them is a holder. These are the edge
 * that found them, until it goes on to others, and each element above that has them among
 * its matches, in a group or a window, until that is let go. Each holder
 * {@linkplain #hold() takes hold} once and {@linkplain #release releases} once, in any
 * order; nobody reads them afterwards.
 * <p>
 * <b>When they are let go</b>: with the last release, at once. Elements are counted then,
 * each once, whoever held them: as delivered if any delivery of them succeeded, else as
 * skipped, because the function failed for them or because there was none; and they
 * release what is held below them. So when a merge has {@linkplain MergeJoin#finish()
 * finished}, every element that was read is counted as one or the other: that is how it
 * is seen whether the rule was kept.
 *
 * @since 0.1.0
 */
public abstract class HeldMatches implements Matches {

	private int holders;

	final void hold() {
		this.holders++;
	}

	/**
	 * Let go of these matches.
	 * @param branch the stream they are elements of
	 */
	final void release(Branch branch) {
		this.holders--;
		if (this.holders <= 0) {
			if (this.holders < 0) {
				throw new IllegalStateException("Matches of '" + branch.stream + "' were released twice");
			}
			dispose(branch);
		}
	}

	/**
	 * Count the elements, and release what is held below them.
	 */
	abstract void dispose(Branch branch);

	/**
	 * Note that the elements, and all that is below them, were in a delivery that
	 * succeeded.
	 * @param commits the number of the last commit before it
	 */
	abstract void markDelivered(int commits);

	/**
	 * Note that the elements, and all that is below them, were in a delivery that failed
	 * and is passed over.
	 */
	abstract void fail(Branch branch);

	/**
	 * What is to be written down of the first element, of which there has to be one, to
	 * take its stream up again there.
	 */
	abstract NotedStanding start();

	/**
	 * The number of the first element in this run, of which there has to be one.
	 */
	abstract long number();

	/**
	 * Where the first element stands, of which there has to be one.
	 */
	abstract Standing standing();

	/**
	 * Note what is known of the first element before its page is gone.
	 * @param page the page that goes
	 */
	abstract void keepStart(Page page);

	@Override
	public abstract HeldMatches below(int index, int edge);

	@Override
	public final Matches frozen() {
		return frozen(new IdentityHashMap<>());
	}

	/**
	 * Return what these show now: the same for those that several have.
	 * @param shared what was frozen already
	 */
	final Matches frozen(Map<HeldMatches, Matches> shared) {
		Matches known = shared.get(this);
		if (known != null) {
			return known;
		}
		int edges = edges();
		Matches[] below = new Matches[size() * edges];
		for (int i = 0; i < below.length; i++) {
			below[i] = below(i / edges, i % edges).frozen(shared);
		}
		Matches frozen = new FrozenMatches(asList(), numbers(edges), below, edges);
		shared.put(this, frozen);
		return frozen;
	}

	private long[] numbers(int edges) {
		long[] numbers = new long[(edges > 0) ? size() : 0];
		for (int i = 0; i < numbers.length; i++) {
			numbers[i] = number(i);
		}
		return numbers;
	}

	/**
	 * How many edges there are below each element.
	 */
	abstract int edges();

}
