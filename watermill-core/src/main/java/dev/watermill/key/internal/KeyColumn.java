package dev.watermill.key.internal;

import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one expression for the elements of one page of a stream, side by side.
 * Whole numbers and floating point are kept as {@code long}, the latter in an encoding
 * with the same order, so that a merge over them compares primitives and boxes nothing.
 * Used by one thread.
 *
 * @since 0.1.0
 */
public abstract sealed class KeyColumn {

	private static final long[] NONE = {};

	/** The keys, or nothing if they are objects. */
	private final long[] primitives;

	private KeyColumn(long[] primitives) {
		this.primitives = primitives;
	}

	/**
	 * Return an empty column for the keys that a function computes.
	 * @param function computes the keys
	 * @param capacity how many keys there can be
	 * @return a column
	 */
	@SuppressWarnings("unchecked")
	public static KeyColumn of(KeyFunction<?> function, int capacity) {
		if (function instanceof KeyFunction.OfLong<?> whole) {
			return new Longs((ToLongFunction<Object>) whole.function(), new long[capacity]);
		}
		if (function instanceof KeyFunction.OfDouble<?> floating) {
			return new Doubles((ToDoubleFunction<Object>) floating.function(), new long[capacity]);
		}
		if (function instanceof KeyFunction.OfRecord<?> ofRecord) {
			return new Objects(ofRecord((KeyFunction.OfRecord<Object>) ofRecord), capacity);
		}
		return new Objects((Function<Object, @Nullable Object>) ((KeyFunction.OfObject<?>) function).function(),
				capacity);
	}

	private static Function<Object, @Nullable Object> ofRecord(KeyFunction.OfRecord<Object> key) {
		BiFunction<? super Object, RecordFacts, ?> function = key.function();
		return (keyed) -> {
			KeyedRecord found = (KeyedRecord) keyed;
			RecordFacts facts = found.facts();
			if (facts == null) {
				throw new InvalidKeyException("nothing is known of its record");
			}
			return function.apply(found.element(), facts);
		};
	}

	/**
	 * Whether a column of the keys of a function takes {@link KeyedRecord}s in the place
	 * of elements.
	 * @param function the function
	 * @return {@code true} if keys are computed of more than elements
	 */
	public static boolean isOfRecord(KeyFunction<?> function) {
		return function instanceof KeyFunction.OfRecord;
	}

	/**
	 * Whether the keys of two functions compare as the {@code long}s that
	 * {@link #primitive(int)} gives.
	 * @param left the one function
	 * @param right the other function
	 * @return {@code true} if both are whole numbers or both are floating point
	 */
	public static boolean isPrimitive(KeyFunction<?> left, KeyFunction<?> right) {
		return left instanceof KeyFunction.OfLong && right instanceof KeyFunction.OfLong
				|| left instanceof KeyFunction.OfDouble && right instanceof KeyFunction.OfDouble;
	}

	/**
	 * Encode a key that such functions compute.
	 * @param key the normal form of the key
	 * @return what {@link #primitive(int)} gives for it
	 */
	public static long encode(Object key) {
		return (key instanceof Double floating) ? Doubles.sortable(floating) : (Long) key;
	}

	/**
	 * Decode what {@link #primitive(int)} gave.
	 * @param encoded the encoded key
	 * @param floating whether such keys are floating point
	 * @return the normal form of the key
	 */
	public static Object decode(long encoded, boolean floating) {
		return floating ? (Object) Doubles.value(encoded) : (Object) encoded;
	}

	/**
	 * Decode what {@link #primitive(int)} gave for floating point.
	 * @param encoded the encoded key
	 * @return the key
	 */
	public static double decodeFloating(long encoded) {
		return Doubles.value(encoded);
	}

	/**
	 * Whether the keys of a function are kept as {@code long}s.
	 * @param function the function
	 * @return {@code true} if they are whole numbers or floating point
	 */
	public static boolean isPrimitive(KeyFunction<?> function) {
		return isPrimitive(function, function);
	}

	/**
	 * Decode a floating point number that {@link #primitive(int)} gave.
	 * @param encoded the encoded key
	 * @return the number
	 */
	public static double floating(long encoded) {
		return Doubles.value(encoded);
	}

	/**
	 * Encode a floating point number.
	 * @param key the number
	 * @return what {@link #primitive(int)} gives for it
	 */
	public static long encode(double key) {
		return Doubles.sortable(key);
	}

	/**
	 * Whether this column can be used again for other keys.
	 * @param capacity how many keys there can be
	 * @return {@code false} if it is too small, or if it would keep objects alive
	 */
	public final boolean isReusable(int capacity) {
		return this.primitives.length > 0 && capacity <= this.primitives.length;
	}

	/**
	 * Compute the key of an element and keep it.
	 * @param index where to keep it
	 * @param element the element
	 * @throws RuntimeException if the element has no valid key
	 */
	public abstract void compute(int index, Object element);

	/**
	 * Compute the keys of the first elements and keep them.
	 * @param elements the elements
	 * @param count how many of them
	 * @throws RuntimeException if one of the elements has no valid key
	 */
	public final void computeAll(Object[] elements, int count) {
		for (int i = 0; i < count; i++) {
			compute(i, elements[i]);
		}
	}

	/**
	 * Compute the keys of the first elements and keep them, as far as they do not
	 * decrease; one tight loop.
	 * @param elements the elements
	 * @param count how many of them
	 * @return the index of the first key that is less than the one before it, or
	 * {@code count}
	 * @throws RuntimeException if one of the elements has no valid key
	 */
	public int computeAscending(Object[] elements, int count) {
		for (int i = 0; i < count; i++) {
			compute(i, elements[i]);
			if (i > 0 && compareWithPrevious(i) < 0) {
				return i;
			}
		}
		return count;
	}

	/**
	 * Copy keys of other columns of the same expression, run by run.
	 * @param from the other columns
	 * @param of from which of them each run is
	 * @param begins where each run begins there
	 * @param ends where each run ends there
	 * @param runs how many runs there are
	 */
	public void copy(KeyColumn[] from, int[] of, int[] begins, int[] ends, int runs) {
		long[][] others = new long[from.length][];
		for (int i = 0; i < others.length; i++) {
			others[i] = from[i].primitives;
		}
		long[] keys = this.primitives;
		int at = 0;
		for (int run = 0; run < runs; run++) {
			int begin = begins[run];
			int count = ends[run] - begin;
			if (count == 1) {
				keys[at] = others[of[run]][begin];
			}
			else {
				System.arraycopy(others[of[run]], begin, keys, at, count);
			}
			at += count;
		}
	}

	/**
	 * Return a key as a {@code long} of the same order.
	 * @param index where it was kept
	 * @return the encoded key
	 * @throws ArrayIndexOutOfBoundsException if the keys are objects
	 */
	public final long primitive(int index) {
		return this.primitives[index];
	}

	/**
	 * Return the keys as {@code long}s of the same order.
	 * @return the encoded keys, not to be changed; none if the keys are objects
	 */
	public final long[] primitives() {
		return this.primitives;
	}

	/**
	 * Return a key.
	 * @param index where it was kept
	 * @return the normal form of the key
	 */
	public abstract Object get(int index);

	/**
	 * Compare a key with the one before it.
	 * @param index where it was kept, at least 1
	 * @return a negative number if the key is less than the one before it, zero if they
	 * are equal, a positive number if it is greater
	 */
	public abstract int compareWithPrevious(int index);

	private static final class Longs extends KeyColumn {

		private final ToLongFunction<Object> function;

		private final long[] keys;

		Longs(ToLongFunction<Object> function, long[] keys) {
			super(keys);
			this.function = function;
			this.keys = keys;
		}

		@Override
		public void compute(int index, Object element) {
			this.keys[index] = this.function.applyAsLong(element);
		}

		@Override
		public int computeAscending(Object[] elements, int count) {
			ToLongFunction<Object> computation = this.function;
			long[] computed = this.keys;
			long previous = Long.MIN_VALUE;
			for (int i = 0; i < count; i++) {
				long key = computation.applyAsLong(elements[i]);
				if (key < previous) {
					return i;
				}
				computed[i] = key;
				previous = key;
			}
			return count;
		}

		@Override
		public Object get(int index) {
			return this.keys[index];
		}

		@Override
		public int compareWithPrevious(int index) {
			return Long.compare(this.keys[index], this.keys[index - 1]);
		}

	}

	private static final class Doubles extends KeyColumn {

		private final ToDoubleFunction<Object> function;

		private final long[] keys;

		Doubles(ToDoubleFunction<Object> function, long[] keys) {
			super(keys);
			this.function = function;
			this.keys = keys;
		}

		@Override
		public void compute(int index, Object element) {
			this.keys[index] = sortable(Keys.checkNumber(this.function.applyAsDouble(element)));
		}

		static long sortable(double key) {
			// adding zero makes the two zeros one
			return flip(Double.doubleToRawLongBits(key + 0.0));
		}

		static double value(long encoded) {
			return Double.longBitsToDouble(flip(encoded));
		}

		// The bits of a double have the order of its value once those below the sign are
		// turned over for negative numbers. The operation is its own inverse.
		private static long flip(long bits) {
			return bits ^ ((bits >> (Long.SIZE - 1)) & Long.MAX_VALUE);
		}

		@Override
		public Object get(int index) {
			return value(this.keys[index]);
		}

		@Override
		public int compareWithPrevious(int index) {
			return Long.compare(this.keys[index], this.keys[index - 1]);
		}

	}

	private static final class Objects extends KeyColumn {

		private final Function<Object, @Nullable Object> function;

		private final Object[] keys;

		Objects(Function<Object, @Nullable Object> function, int capacity) {
			super(NONE);
			this.function = function;
			this.keys = new Object[capacity];
		}

		@Override
		public void compute(int index, Object element) {
			this.keys[index] = Keys.normalize(this.function.apply(element));
		}

		@Override
		public void copy(KeyColumn[] from, int[] of, int[] begins, int[] ends, int runs) {
			int at = 0;
			for (int run = 0; run < runs; run++) {
				int count = ends[run] - begins[run];
				System.arraycopy(((Objects) from[of[run]]).keys, begins[run], this.keys, at, count);
				at += count;
			}
		}

		@Override
		public Object get(int index) {
			return this.keys[index];
		}

		@Override
		public int compareWithPrevious(int index) {
			return Keys.compare(this.keys[index], this.keys[index - 1]);
		}

	}

}
