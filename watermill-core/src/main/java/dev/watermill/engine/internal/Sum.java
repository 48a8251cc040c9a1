package dev.watermill.engine.internal;

import java.util.Arrays;

import dev.watermill.count.Counter;

/**
 * The sum of what several lanes count. Thread-safe, but for {@link #add}, which one
 * thread calls at a time.
 */
final class Sum implements Counter {

	private volatile Counter[] parts = {};

	void add(Counter part) {
		Counter[] more = Arrays.copyOf(this.parts, this.parts.length + 1);
		more[more.length - 1] = part;
		this.parts = more;
	}

	@Override
	public long get() {
		long sum = 0;
		for (Counter part : this.parts) {
			sum += part.get();
		}
		return sum;
	}

	@Override
	public String toString() {
		return Long.toString(get());
	}

}
