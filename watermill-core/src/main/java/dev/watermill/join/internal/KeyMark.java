package dev.watermill.join.internal;

import java.util.Objects;

import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * One key with which those of elements are compared as they arrive, in the form in which
 * they are. Used by one thread.
 */
final class KeyMark {

	private final ArrivalKey key;

	private final boolean primitive;

	private boolean known;

	private long value;

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
		if (this.primitive) {
			this.value = KeyColumn.encode(normal);
		}
		else {
			this.object = normal;
		}
		this.known = true;
	}

	void set(long encoded) {
		this.value = encoded;
		this.known = true;
	}

	/**
	 * Set this to the key of an element.
	 */
	void setTo(int index) {
		if (this.primitive) {
			set(this.key.primitive(index));
		}
		else {
			set(this.key.get(index));
		}
	}

	void setTo(KeyMark other) {
		this.known = other.known;
		this.value = other.value;
		this.object = other.object;
	}

	/**
	 * The encoded key.
	 */
	long encoded() {
		return this.value;
	}

	/**
	 * The normal form of the key, which is known.
	 */
	Object get() {
		return this.primitive ? this.key.decode(this.value) : Objects.requireNonNull(this.object);
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
		return this.primitive ? Long.compare(this.key.primitive(index), this.value)
				: Keys.compare(this.key.get(index), Objects.requireNonNull(this.object));
	}

	/**
	 * How far the key of an element is ahead of this one, which is known and less.
	 * @return as {@link dev.watermill.key.internal.KeyMeter#compare(Object, Object)}
	 */
	int measure(int index) {
		return this.primitive ? this.key.meter().compare(this.key.primitive(index), this.value)
				: this.key.meter().compare(this.key.get(index), get());
	}

	/**
	 * How far the key of an element is behind this one, for people.
	 */
	double lead(int index) {
		return this.primitive ? this.key.meter().between(this.value, this.key.primitive(index))
				: this.key.meter().between(get(), this.key.get(index));
	}

}
