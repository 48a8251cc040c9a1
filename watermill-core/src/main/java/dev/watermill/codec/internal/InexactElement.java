package dev.watermill.codec.internal;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Stands in a {@link dev.watermill.broker.Batch} for an element some of whose numbers are
 * not what was written: whole numbers beyond 2<sup>53</sup> that were read into floating
 * point, and those that became infinite. It is an element like any other unless such a
 * number is its key: two keys that are different would be one.
 *
 * @param element the element
 * @param numbers what was read, each with what was written
 * @since 0.1.0
 */
public record InexactElement(Object element, Map<Double, String> numbers) {

	private static final double MOST_EXACT = 1L << 53;

	/**
	 * Say what is wrong with a key of the element, if it is one of the numbers or is
	 * computed from one.
	 * @param key the normal form of the key
	 * @return for people what was written and what was read, {@code null} if the key is
	 * as good as any
	 */
	public @Nullable String problem(Object key) {
		if (key instanceof List<?> list) {
			for (Object item : list) {
				String problem = problem(item);
				if (problem != null) {
					return problem;
				}
			}
			return null;
		}
		if (!(key instanceof Double floating)) {
			return null;
		}
		String written = this.numbers.get(floating);
		if (written == null && Math.abs(floating) >= MOST_EXACT) {
			written = this.numbers.values().iterator().next();
		}
		if (written == null) {
			return null;
		}
		return written + (floating.isInfinite() ? " is more than floating point can hold"
				: " is beyond the whole numbers that floating point holds exactly: declare the field long, BigInteger"
						+ " or BigDecimal");
	}

}
