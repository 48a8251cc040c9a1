package dev.watermill.count.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import dev.watermill.count.Counter;

/**
 * A count of what is done for good. What one thread counts others see once it is
 * {@linkplain #publish() published}, with the commit that covers it; what is not
 * committed after all is {@linkplain #rollBack() taken back} before anybody saw it. So
 * others see a count that never decreases.
 *
 * @since 0.1.0
 */
public final class CommittedCounter implements Counter {

	private static final VarHandle PUBLISHED;

	static {
		try {
			PUBLISHED = MethodHandles.lookup().findVarHandle(CommittedCounter.class, "published", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private long counted;

	private long published;

	/**
	 * Count one more.
	 */
	public void increment() {
		this.counted++;
	}

	/**
	 * Count several more.
	 * @param count how many
	 */
	public void add(long count) {
		this.counted += count;
	}

	/**
	 * Let others see what was counted.
	 */
	public void publish() {
		PUBLISHED.setOpaque(this, this.counted);
	}

	/**
	 * Count on from what others see.
	 */
	public void rollBack() {
		this.counted = (long) PUBLISHED.getOpaque(this);
	}

	@Override
	public long get() {
		return (long) PUBLISHED.getOpaque(this);
	}

	@Override
	public String toString() {
		return Long.toString(get());
	}

}
