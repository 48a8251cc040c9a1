package dev.watermill.codec.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;

/**
 * Collects the numbers of one element that floating point could not hold. Used by one
 * thread.
 */
final class InexactNumbers {

	private final Map<Double, String> numbers = new LinkedHashMap<>();

	private boolean any;

	/**
	 * Return a reader that tells here what it could not hold.
	 * @param reader a reader of a strict mapper
	 * @return a copy of it
	 */
	ObjectReader collectFrom(ObjectReader reader) {
		return reader.withAttribute(InexactNumbers.class, this).with(new Nodes());
	}

	void add(double read, String written) {
		this.any = true;
		this.numbers.put(read, written);
	}

	/**
	 * Forget what belongs to an element that was not read to its end.
	 */
	void clear() {
		if (this.any) {
			this.any = false;
			this.numbers.clear();
		}
	}

	/**
	 * Return an element with what is known of its numbers.
	 * @param element the element that was read since the last one
	 * @return the element itself, or an {@link InexactElement}
	 */
	Object note(Object element) {
		if (!this.any) {
			return element;
		}
		Object noted = new InexactElement(element, Map.copyOf(this.numbers));
		clear();
		return noted;
	}

	/**
	 * Nothing in JSON is infinite: that is what becomes of {@code 1e400}.
	 */
	private final class Nodes extends JsonNodeFactory {

		private static final long serialVersionUID = 1L;

		@Override
		public NumericNode numberNode(double value) {
			if (Double.isInfinite(value)) {
				add(value, "a number");
			}
			return super.numberNode(value);
		}

	}

}
