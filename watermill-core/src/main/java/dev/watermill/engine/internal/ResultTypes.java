package dev.watermill.engine.internal;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

import dev.watermill.engine.Output;
import dev.watermill.key.internal.KeyWords;

/**
 * Finds the output stream for a result: that of the most specific type it is an instance
 * of.
 */
final class ResultTypes {

	private ResultTypes() {
	}

	/**
	 * Find the type of a result.
	 * @param outputs the streams
	 * @param result the result
	 * @return the index of its stream
	 * @throws IllegalStateException if there is none, or no single one
	 */
	static int find(List<Output> outputs, Object result) {
		List<Class<?>> types = outputs.stream().<Class<?>>map(Output::type).toList();
		int exact = types.indexOf(result.getClass());
		if (exact >= 0) {
			return exact;
		}
		requireSingle(result);
		int found = -1;
		for (int i = 0; i < types.size(); i++) {
			Class<?> type = types.get(i);
			if (type.isInstance(result)
					&& (found < 0 || (types.get(found) != type && types.get(found).isAssignableFrom(type)))) {
				found = i;
			}
		}
		if (found < 0) {
			throw new IllegalStateException("the function returned " + name(result.getClass())
					+ ", but the mill has no output stream of this type; it has "
					+ outputs.stream().map(Output::stream).toList());
		}
		Class<?> mostSpecific = types.get(found);
		for (Class<?> type : types) {
			if (type.isInstance(result) && !type.isAssignableFrom(mostSpecific)) {
				throw new IllegalStateException("the function returned " + name(result.getClass()) + ", which is "
						+ name(mostSpecific) + " as well as " + name(type)
						+ ", and both have an output stream. Give its own type one.");
			}
		}
		return found;
	}

	/**
	 * Refuse what is a form of results, or will be one only later, where a result is
	 * expected: written as an element it would be nonsense that nobody sees.
	 */
	private static void requireSingle(Object result) {
		if (result instanceof CompletionStage || result instanceof Future) {
			throw new IllegalStateException("the function returned " + name(result.getClass())
					+ " as a result: wait for it, and return what it holds");
		}
		if (result.getClass().isArray()) {
			throw new IllegalStateException("the function returned an array, " + result.getClass().getTypeName()
					+ ", as a result: return a list, whose items are the results, or a type of your own");
		}
		if (result instanceof Optional || result instanceof BaseStream || result instanceof Iterator) {
			throw new IllegalStateException("the function returned " + name(result.getClass())
					+ " among its results: return what it holds, several results in one list or stream");
		}
	}

	private static String name(Class<?> type) {
		return KeyWords.withArticle(type.getName());
	}

}
