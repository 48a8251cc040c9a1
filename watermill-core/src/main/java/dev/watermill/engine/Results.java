package dev.watermill.engine;

import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.BaseStream;

import org.jspecify.annotations.Nullable;

/**
 * Takes a function's answer apart into results, in order and one at a time.
 */
final class Results {

	private final ResultShape shape;

	private final Outputs outputs;

	Results(ResultShape shape, Outputs outputs) {
		this.shape = shape;
		this.outputs = outputs;
	}

	/**
	 * Write the results of one delivery.
	 * @param answer what the function returned
	 * @return whether the function ended the stream
	 */
	boolean write(@Nullable Object answer) {
		if (answer == null) {
			return false;
		}
		if (this.shape == ResultShape.SINGLE) {
			// the commonest by far, and the only one where this is all there is to do
			return one(answer);
		}
		return switch (this.shape) {
			case NONE -> false;
			case SINGLE -> one(answer);
			case OPTIONAL -> ((Optional<?>) answer).map(this::one).orElse(false);
			case ITERABLE -> all(((Iterable<?>) answer).iterator());
			case ITERATOR -> all((Iterator<?>) answer);
			case STREAM -> stream((BaseStream<?, ?>) answer);
			case ANY -> any(answer);
		};
	}

	private boolean any(Object answer) {
		if (answer instanceof Optional<?> optional) {
			return optional.map(this::one).orElse(false);
		}
		// A tree of JSON nodes is iterable too, but it is one result
		if (answer instanceof Collection<?> collection) {
			return all(collection.iterator());
		}
		if (answer instanceof Iterator<?> iterator) {
			return all(iterator);
		}
		if (answer instanceof BaseStream<?, ?> stream) {
			return stream(stream);
		}
		return one(answer);
	}

	private boolean stream(BaseStream<?, ?> stream) {
		try (stream) {
			return all(stream.iterator());
		}
	}

	private boolean all(Iterator<?> results) {
		while (results.hasNext()) {
			Object result = results.next();
			if (result != null && one(result)) {
				return true;
			}
		}
		return false;
	}

	private boolean one(Object result) {
		return this.outputs.write(result);
	}

}
