package dev.watermill.engine.internal;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.BaseStream;

import dev.watermill.broker.BrokerException;
import dev.watermill.delivery.EndOfStream;
import org.jspecify.annotations.Nullable;

/**
 * The results of one delivery after another, as far as they are held back until its
 * function has done all its work: so a delivery that fails has written nothing, and can
 * be repeated alone. Of more results than are held back, those are written before the
 * rest is made, so memory is bounded.
 */
final class HeldResults {

	static final int MOST = 256;

	private final Outputs outputs;

	private Object[] held = new Object[16];

	private int size;

	private @Nullable Iterator<?> rest;

	private @Nullable BaseStream<?, ?> stream;

	HeldResults(Outputs outputs) {
		this.outputs = outputs;
	}

	void begin(Iterator<?> results) {
		this.rest = results;
		fill();
	}

	void begin(BaseStream<?, ?> results) {
		this.stream = results;
		begin(results.iterator());
	}

	/**
	 * Let the function go on making results until there are as many as can be held.
	 */
	void fill() {
		Iterator<?> results = this.rest;
		while (results != null && this.size < MOST) {
			if (!results.hasNext()) {
				close();
				return;
			}
			Object result = results.next();
			if (result instanceof EndOfStream) {
				hold(result);
				close();
				return;
			}
			if (result != null) {
				hold(result);
			}
		}
	}

	private void hold(Object result) {
		this.outputs.check(result);
		if (this.size == this.held.length) {
			this.held = Arrays.copyOf(this.held, Math.min(this.size * 2, MOST));
		}
		this.held[this.size++] = result;
	}

	/**
	 * Whether the function has not made all its results yet.
	 */
	boolean isMore() {
		return this.rest != null;
	}

	/**
	 * Write what is held.
	 * @return whether there was the mark among it that ends the stream
	 * @throws PartlyWrittenException if some of it may have been written when it failed
	 */
	boolean write() {
		int count = this.size;
		boolean ended = false;
		int written = 0;
		try {
			while (written < count && !ended) {
				ended = this.outputs.write(this.held[written]);
				written++;
			}
		}
		catch (BrokerException | PartlyWrittenException ex) {
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			if (written > 0) {
				throw new PartlyWrittenException(ex);
			}
			throw ex;
		}
		clear();
		return ended;
	}

	private void clear() {
		Arrays.fill(this.held, 0, this.size, null);
		this.size = 0;
	}

	/**
	 * Give up what is held, and what the function would make besides.
	 */
	void close() {
		this.rest = null;
		BaseStream<?, ?> open = this.stream;
		this.stream = null;
		if (open != null) {
			open.close();
		}
	}

	void discard() {
		clear();
		close();
	}

}
