package dev.watermill.join.internal;

/**
 * Which elements of a batch others are taken up again by. Immutable.
 */
final class ReorderPlaces {

	private final int[] firstFrom;

	private final int[] lastBefore;

	/**
	 * Create places.
	 * @param numbers how many elements had come before each
	 * @param size how many there are
	 * @param none the number of what has no place in the order
	 */
	ReorderPlaces(long[] numbers, int size, long none) {
		this.firstFrom = new int[size];
		this.lastBefore = new int[size];
		int last = -1;
		for (int i = 0; i < size; i++) {
			this.lastBefore[i] = last;
			last = (numbers[i] != none) ? i : last;
		}
		int first = -1;
		for (int i = size - 1; i >= 0; i--) {
			boolean earlier = numbers[i] != none && (first < 0 || numbers[i] < numbers[first]);
			first = earlier ? i : first;
			this.firstFrom[i] = first;
		}
	}

	/**
	 * Which of an element and those behind it came first, -1 if none has a place.
	 */
	int firstFrom(int index) {
		return this.firstFrom[index];
	}

	/**
	 * The last one before an element that has a place, -1 if there is none.
	 */
	int lastBefore(int index) {
		return this.lastBefore[index];
	}

}
