package dev.watermill.join.internal;

import java.util.Objects;
import java.util.function.Supplier;

import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * One key with which those of elements are compared as they arrive: by their ranks, as
 * far as these tell. Used by one thread.
 */
final class KeyMark {

	private final ArrivalKey key;

	private final boolean primitive;

	private boolean known;

	private long rank;

	private @Nullable Object object;

	KeyMark(ArrivalKey key) {
		this.key = key;
		this.primitive = key.isPrimitive();
	}

	boolean isKnown() {
		return this.known;
	}

	void forget() {
		this.known = false;
		this.object = null;
	}

	void set(Object normal) {
		this.rank = this.key.rank(normal);
		this.object = this.primitive ? null : normal;
		this.known = true;
	}

	/**
	 * Set this to a key.
	 * @param rank its rank
	 * @param normal its normal form, {@code null} if the rank is the key
	 */
	void set(long rank, @Nullable Object normal) {
		this.rank = rank;
		this.object = normal;
		this.known = true;
	}

	/**
	 * Set this to the key of an element.
	 */
	void setTo(int index) {
		set(this.key.rankOf(index), this.primitive ? null : this.key.get(index));
	}

	void setTo(KeyMark other) {
		this.known = other.known;
		this.rank = other.rank;
		this.object = other.object;
	}

	/**
	 * The rank of the key.
	 */
	long rank() {
		return this.rank;
	}

	/**
	 * The normal form of the key, which is known.
	 */
	Object get() {
		return this.primitive ? this.key.decode(this.rank) : Objects.requireNonNull(this.object);
	}

	@Nullable Object getIfKnown() {
		return this.known ? get() : null;
	}

	/**
	 * Compare the key of an element with this one.
	 * @param index the index of the element among those whose keys were computed
	 * @return a negative number if it is less, zero if it is equal, a positive number if
	 * it is greater, or if this is not known
	 */
	int compareTo(int index) {
		if (!this.known) {
			return 1;
		}
		int comparison = Long.compare(this.key.rankOf(index), this.rank);
		return (comparison != 0 || this.primitive) ? comparison : compareTied(index);
	}

	private int compareTied(int index) {
		return Keys.compare(this.key.get(index), Objects.requireNonNull(this.object));
	}

	/**
	 * How far the key of an element is ahead of this one, which is known and less.
	 * @return as {@link dev.watermill.key.internal.KeyMeter#compare(Object, Object)}
	 */
	int measure(int index) {
		return this.key.isMeasuredByRank(this.rank, this.key.rankOf(index))
				? this.key.meter().compare(this.key.rankOf(index), this.rank)
				: this.key.meter().compare(this.key.get(index), get());
	}

	/**
	 * How far a key is behind this one, which is known and not less.
	 * @param other the rank of the key
	 * @param normal finds its normal form, if that is needed
	 * @return as {@link dev.watermill.key.internal.KeyMeter#compare(Object, Object)}
	 */
	int measureBehind(long other, Supplier<Object> normal) {
		return this.key.isMeasuredByRank(this.rank, other) ? this.key.meter().compare(this.rank, other)
				: this.key.meter().compare(get(), normal.get());
	}

	/**
	 * How far the key of an element is behind this one, which is known and not less.
	 * @return as {@link dev.watermill.key.internal.KeyMeter#compare(Object, Object)}
	 */
	int measureBehind(int index) {
		return this.key.isMeasuredByRank(this.rank, this.key.rankOf(index))
				? this.key.meter().compare(this.rank, this.key.rankOf(index))
				: this.key.meter().compare(get(), this.key.get(index));
	}

	/**
	 * How far the key of an element is behind this one, for people.
	 */
	double lead(int index) {
		return this.key.isMeasuredByRank(this.rank, this.key.rankOf(index))
				? this.key.meter().between(this.rank, this.key.rankOf(index))
				: this.key.meter().between(get(), this.key.get(index));
	}

}
