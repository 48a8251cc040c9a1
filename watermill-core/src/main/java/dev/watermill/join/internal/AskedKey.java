package dev.watermill.join.internal;

import java.util.function.Supplier;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.KeyDistance;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * The left key that is asked for, and where right keys lie to it: before or behind it,
 * and whether that is too far. Right keys are given as they are kept: the {@code long} of
 * a column of such, or else the object. Used by one thread.
 */
final class AskedKey {

	private final JoinNode definition;

	/** Where the child stands, for messages. */
	private final Supplier<String> origin;

	/** Whether keys of both sides compare as longs. */
	final boolean primitive;

	private final boolean floating;

	/** Whether the distance is one number, and not a bound for each side. */
	private final boolean symmetric;

	private final @Nullable KeyDistance before;

	private final @Nullable KeyDistance behind;

	/** The key, in one of both forms. */
	long number;

	@Nullable Object key;

	/** The bounds of keys that are longs. */
	long least = Long.MIN_VALUE;

	long greatest = Long.MAX_VALUE;

	AskedKey(JoinNode definition, boolean primitive, Supplier<String> origin) {
		this.definition = definition;
		this.origin = origin;
		this.primitive = primitive;
		this.floating = definition.rightKey() instanceof KeyFunction.OfDouble;
		this.symmetric = definition.kind() instanceof JoinKind.AsOf;
		if (definition.kind() instanceof JoinKind.Within within) {
			this.before = new KeyDistance(within.before());
			this.behind = new KeyDistance(within.after());
		}
		else {
			KeySpan tolerance = (definition.kind() instanceof JoinKind.AsOf asOf) ? asOf.tolerance() : null;
			this.before = (tolerance != null) ? new KeyDistance(tolerance) : null;
			this.behind = this.before;
		}
	}

	/**
	 * Ask for another key.
	 * @return whether it is another one than before
	 */
	boolean ask(KeyColumn keys, int index) {
		if (this.primitive) {
			return ask(keys.primitive(index));
		}
		Object newKey = keys.get(index);
		boolean other = this.key == null || compare(newKey, this.key) != 0;
		this.key = newKey;
		return other;
	}

	/**
	 * Ask for another key.
	 * @param newKey its normal form
	 */
	void ask(Object newKey) {
		if (this.primitive) {
			ask(KeyColumn.encode(newKey));
		}
		this.key = newKey;
	}

	private boolean ask(long newKey) {
		boolean other = this.key == null || newKey != this.number;
		if (other) {
			this.number = newKey;
			bound();
		}
		if (this.key == null) {
			// a read costs less than a write
			this.key = Boolean.TRUE;
		}
		return other;
	}

	private void bound() {
		KeyDistance back = this.before;
		KeyDistance ahead = this.behind;
		if (back == null || ahead == null || (this.floating && this.symmetric)) {
			return;
		}
		this.least = least(back, this.number);
		this.greatest = greatest(ahead, this.number);
	}

	private long least(KeyDistance back, long left) {
		return this.floating ? KeyColumn.encode(back.before(KeyColumn.floating(left))) : back.before(left);
	}

	private long greatest(KeyDistance ahead, long left) {
		return this.floating ? KeyColumn.encode(ahead.behind(KeyColumn.floating(left))) : ahead.behind(left);
	}

	/**
	 * The least right key within the distance of a left one, whatever is asked for, where
	 * keys compare as longs and each side has a bound.
	 */
	long least(long left) {
		return (this.before != null) ? least(this.before, left) : Long.MIN_VALUE;
	}

	/**
	 * The greatest one.
	 */
	long greatest(long left) {
		return (this.behind != null) ? greatest(this.behind, left) : Long.MAX_VALUE;
	}

	/**
	 * The {@code long} form of a right key.
	 */
	long number(KeyColumn keys, int index) {
		return this.primitive ? keys.primitive(index) : 0;
	}

	/**
	 * The object form of a right key.
	 */
	@Nullable Object object(KeyColumn keys, int index) {
		return this.primitive ? null : keys.get(index);
	}

	/**
	 * Compare a right key with the one that is asked for.
	 */
	int compare(long rightNumber, @Nullable Object right) {
		if (right == null) {
			return Long.compare(rightNumber, this.number);
		}
		return compare(right, asked());
	}

	/**
	 * Whether a right key that is not behind the one that is asked for is too far before
	 * it.
	 */
	boolean isTooFarBefore(long rightNumber, @Nullable Object right) {
		KeyDistance distance = this.before;
		if (distance == null) {
			return false;
		}
		if (right == null) {
			return (this.floating && this.symmetric) ? isTooFar(distance, rightNumber) : rightNumber < this.least;
		}
		try {
			return !(this.symmetric ? distance.covers(asked(), right) : distance.reachesBack(asked(), right));
		}
		catch (Keys.IncomparableException ex) {
			throw failure(ex);
		}
	}

	/**
	 * Whether a right key that is not before the one that is asked for is too far behind
	 * it.
	 */
	boolean isTooFarBehind(long rightNumber, @Nullable Object right) {
		KeyDistance distance = this.behind;
		if (distance == null) {
			return false;
		}
		if (right == null) {
			return (this.floating && this.symmetric) ? isTooFar(distance, rightNumber) : rightNumber > this.greatest;
		}
		try {
			return !(this.symmetric ? distance.covers(asked(), right) : distance.reachesAhead(asked(), right));
		}
		catch (Keys.IncomparableException ex) {
			throw failure(ex);
		}
	}

	/**
	 * Whether a right key is too far before a left one, whatever is asked for, where keys
	 * compare as longs.
	 */
	boolean isTooFar(long leftNumber, long rightNumber) {
		KeyDistance distance = this.before;
		if (distance == null) {
			return false;
		}
		return this.floating ? !distance.covers(KeyColumn.floating(leftNumber), KeyColumn.floating(rightNumber))
				: rightNumber < distance.before(leftNumber);
	}

	private boolean isTooFar(KeyDistance distance, long rightNumber) {
		return !distance.covers(KeyColumn.floating(this.number), KeyColumn.floating(rightNumber));
	}

	/**
	 * Compare how far two right keys are, one not behind what is asked for, the other not
	 * before it.
	 */
	int compareDistances(HeldElement back, long aheadNumber, @Nullable Object ahead) {
		Object backKey = back.key;
		if (backKey == null || ahead == null) {
			return this.floating
					? KeyDistance.compare(KeyColumn.floating(this.number), KeyColumn.floating(back.number),
							KeyColumn.floating(aheadNumber))
					: KeyDistance.compare(this.number, back.number, aheadNumber);
		}
		try {
			return KeyDistance.compare(asked(), backKey, ahead);
		}
		catch (Keys.IncomparableException ex) {
			throw failure(ex);
		}
	}

	private Object asked() {
		return (this.key != null) ? this.key : Boolean.FALSE;
	}

	private int compare(Object one, Object other) {
		try {
			return Keys.compare(one, other);
		}
		catch (Keys.IncomparableException ex) {
			throw failure(ex);
		}
	}

	private StreamException failure(Keys.IncomparableException problem) {
		return new StreamException(this.definition.stream(),
				"at " + this.origin.get() + ": it can't be joined by the left key '"
						+ describe(this.definition.leftKey()) + "' and the right key '"
						+ describe(this.definition.rightKey()) + "': " + problem.getMessage()
						+ ". Join by keys of one kind.",
				problem);
	}

	private static String describe(@Nullable KeyFunction<?> function) {
		return (function != null) ? function.description() : "";
	}

}
