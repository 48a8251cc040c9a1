package dev.watermill.engine.internal;

import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.BaseStream;

import dev.watermill.delivery.ResultShape;
import org.jspecify.annotations.Nullable;

/**
 * Takes a function's answer apart into results, in order and one at a time, in two steps:
 * {@link #take} runs whatever of the function is lazy, and writes nothing;
 * {@link #write()} writes, and runs nothing of the function.
 */
final class Results {

	private final ResultShape shape;

	private final Outputs outputs;

	/** The only result of the commonest of shapes, which costs no more than this. */
	private @Nullable Object single;

	private @Nullable HeldResults held;

	Results(ResultShape shape, Outputs outputs) {
		this.shape = shape;
		this.outputs = outputs;
	}

	/**
	 * Take what the function returned.
	 */
	void take(@Nullable Object answer) {
		if (this.shape == ResultShape.SINGLE) {
			this.single = answer;
		}
		else if (answer != null) {
			takeAny(answer);
		}
	}

	private void takeAny(Object answer) {
		switch (this.shape) {
			case NONE -> {
			}
			case SINGLE -> one(answer);
			case OPTIONAL -> one(((Optional<?>) answer).orElse(null));
			case ITERABLE -> all(((Iterable<?>) answer).iterator());
			case ITERATOR -> all((Iterator<?>) answer);
			case STREAM -> held().begin((BaseStream<?, ?>) answer);
			case ANY -> any(answer);
		}
	}

	private void any(Object answer) {
		// A tree of JSON nodes is iterable too, but it is one result
		if (answer instanceof Optional<?> optional) {
			one(optional.orElse(null));
		}
		else if (answer instanceof Collection<?> collection) {
			all(collection.iterator());
		}
		else if (answer instanceof Iterator<?> iterator) {
			all(iterator);
		}
		else if (answer instanceof BaseStream<?, ?> stream) {
			held().begin(stream);
		}
		else {
			one(answer);
		}
	}

	private void one(@Nullable Object result) {
		this.single = result;
	}

	private void all(Iterator<?> results) {
		held().begin(results);
	}

	private HeldResults held() {
		HeldResults current = this.held;
		if (current == null) {
			current = new HeldResults(this.outputs);
			this.held = current;
		}
		return current;
	}

	/**
	 * Whether the function has more results than were taken.
	 */
	boolean isMore() {
		return this.held != null && this.held.isMore();
	}

	/**
	 * Take more of them, after the others were written.
	 */
	void takeMore() {
		held().fill();
	}

	/**
	 * Write what was taken.
	 * @return whether the function ended the stream
	 */
	boolean write() {
		Object result = this.single;
		if (result != null) {
			this.single = null;
			return this.outputs.write(result);
		}
		return this.held != null && this.held.write();
	}

	/**
	 * Give up what was taken, since the function failed.
	 */
	void discard() {
		this.single = null;
		if (this.held != null) {
			this.held.discard();
		}
	}

}
