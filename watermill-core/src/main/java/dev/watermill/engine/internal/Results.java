package dev.watermill.engine.internal;

import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.BaseStream;

import dev.watermill.delivery.Result;
import org.jspecify.annotations.Nullable;

/**
 * Takes a function's answer apart into results, in order and one at a time, in two steps:
 * {@link #take} runs whatever of the function is lazy, and writes nothing;
 * {@link #write()} writes, and runs nothing of the function.
 */
final class Results {

	private final Result.Shape shape;

	private final Outputs outputs;

	private @Nullable HeldResults held;

	Results(Result.Shape shape, Outputs outputs) {
		this.shape = shape;
		this.outputs = outputs;
	}

	/**
	 * Take what the function returned.
	 * @return the result, if the answer is a single one: it is the commonest of all, and
	 * costs no more than this; {@code null} if there is none, or all are held
	 */
	@Nullable Object take(@Nullable Object answer) {
		return (this.shape == Result.Shape.SINGLE || answer == null) ? answer : takeAny(answer);
	}

	private @Nullable Object takeAny(Object answer) {
		return switch (this.shape) {
			case NONE -> null;
			case SINGLE -> answer;
			case OPTIONAL -> ((Optional<?>) answer).orElse(null);
			case ITERABLE -> all(((Iterable<?>) answer).iterator());
			case ITERATOR -> all((Iterator<?>) answer);
			case STREAM -> all((BaseStream<?, ?>) answer);
			case ANY -> any(answer);
		};
	}

	private @Nullable Object any(Object answer) {
		// A tree of JSON nodes is iterable too, but it is one result
		if (answer instanceof Optional<?> optional) {
			return optional.orElse(null);
		}
		if (answer instanceof Collection<?> collection) {
			return all(collection.iterator());
		}
		if (answer instanceof Iterator<?> iterator) {
			return all(iterator);
		}
		return (answer instanceof BaseStream<?, ?> stream) ? all(stream) : answer;
	}

	private @Nullable Object all(Iterator<?> results) {
		held().begin(results);
		return null;
	}

	private @Nullable Object all(BaseStream<?, ?> results) {
		held().begin(results);
		return null;
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
	 * Write what is held.
	 * @return whether the function ended the stream
	 */
	boolean write() {
		return this.held != null && this.held.write();
	}

	/**
	 * Give up what is held, since the function failed.
	 */
	void discard() {
		if (this.held != null) {
			this.held.discard();
		}
	}

}
