package dev.watermill.count.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import dev.watermill.count.Counter;

/**
 * A count that one thread writes and others may read at any time. Cheaper than an atomic,
 * since it has one writer.
 *
 * @since 0.1.0
 */
public final class OneWriterCounter implements Counter {

	private static final VarHandle VALUE;

	static {
		try {
			VALUE = MethodHandles.lookup().findVarHandle(OneWriterCounter.class, "value", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private long value;

	/**
	 * Count one more.
	 */
	public void increment() {
		VALUE.setOpaque(this, this.value + 1);
	}

	/**
	 * Count several more.
	 * @param count how many
	 */
	public void add(long count) {
		VALUE.setOpaque(this, this.value + count);
	}

	/**
	 * Set the count, which was counted elsewhere.
	 * @param count the count
	 */
	public void set(long count) {
		VALUE.setOpaque(this, count);
	}

	@Override
	public long get() {
		return (long) VALUE.getOpaque(this);
	}

	@Override
	public String toString() {
		return Long.toString(get());
	}

}
