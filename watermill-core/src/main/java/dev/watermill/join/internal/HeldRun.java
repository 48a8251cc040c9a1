package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Consecutive elements of a child with nothing below it, whose keys are longs: those that
 * an edge holds, and nobody else. They are added at the end and closed at the front, side
 * by side in arrays, so that each costs next to nothing.
 * <p>
 * They stand side by side in their stream, too. A delivery is of all of them. What stands
 * in the array of elements stays there until they are moved to another one, since lists
 * that were given out show it.
 */
final class HeldRun extends HeldMatches {

	private static final int SMALL = 32;

	private long[] numbers = new long[SMALL];

	private Object[] elements = new Object[SMALL];

	/** Where elements stand whose page is gone. */
	private @Nullable NotedStanding[] noted = new NotedStanding[SMALL];

	private int first;

	private int end;

	/** The page of the last elements, and the place here and there of the first of it. */
	private @Nullable Page page;

	private int pageFrom;

	private int pageIndex;

	/**
	 * The number in the stream of what stands at the beginning of the arrays, or would.
	 */
	private long base;

	/** Up to where they were in deliveries, by their numbers in the stream. */
	private final DeliveredMarks marks = new DeliveredMarks();

	/** Whether others have lists that show the array of elements. */
	private boolean shown;

	@Override
	public int size() {
		return this.end - this.first;
	}

	@Override
	public boolean isEmpty() {
		return this.first == this.end;
	}

	/**
	 * The key of the last element, of which there has to be one.
	 */
	long lastNumber() {
		return this.numbers[this.end - 1];
	}

	/**
	 * Add elements that stand one behind the other on a page.
	 * @param keys their keys, at the same places
	 * @param index the place of the first of them
	 * @param count how many there are
	 */
	void add(Page from, long[] keys, int index, int count) {
		if (this.end + count > this.numbers.length) {
			move(count);
		}
		if (this.page != from || this.pageIndex + this.end - this.pageFrom != index) {
			turnTo(from, index);
		}
		if (count == 1) {
			this.numbers[this.end] = keys[index];
			this.elements[this.end] = from.elements[index];
		}
		else {
			System.arraycopy(keys, index, this.numbers, this.end, count);
			System.arraycopy(from.elements, index, this.elements, this.end, count);
		}
		this.end += count;
	}

	private void turnTo(Page next, int index) {
		noteAll();
		this.page = next;
		this.pageFrom = this.end;
		this.pageIndex = index;
		this.base = next.number + index - this.end;
	}

	/**
	 * Move to the front of arrays of which two thirds are free.
	 */
	private void move(int more) {
		int size = size();
		int needed = size + more;
		int capacity = (this.numbers.length >= 3 * needed) ? this.numbers.length : Math.max(SMALL, 3 * needed);
		Object[] moved = this.shown ? new Object[capacity] : Arrays.copyOf(this.elements, capacity);
		System.arraycopy(this.elements, this.first, moved, 0, size);
		Arrays.fill(moved, size, Math.min(this.end, capacity), null);
		long[] movedNumbers = (capacity == this.numbers.length) ? this.numbers : new long[capacity];
		System.arraycopy(this.numbers, this.first, movedNumbers, 0, size);
		@Nullable NotedStanding[] movedNoted = (capacity == this.noted.length) ? this.noted : new NotedStanding[capacity];
		System.arraycopy(this.noted, this.first, movedNoted, 0, size);
		Arrays.fill(movedNoted, size, capacity, null);
		this.elements = moved;
		this.numbers = movedNumbers;
		this.noted = movedNoted;
		this.shown = false;
		this.pageFrom -= this.first;
		this.base += this.first;
		this.first = 0;
		this.end = size;
	}

	/**
	 * Close the first elements, and count them.
	 * @param least the key of the first one that is needed
	 */
	void closeBefore(long least, StreamAccount account) {
		int from = this.first;
		int to = from;
		while (to < this.end && this.numbers[to] < least) {
			to++;
		}
		if (to > from) {
			close(from, to, account);
		}
	}

	/**
	 * Close all elements, and count them.
	 */
	void closeAll(StreamAccount account) {
		close(this.first, this.end, account);
	}

	private void close(int from, int to, StreamAccount account) {
		this.marks.letGo(this.base + from, this.base + to, account);
		if (!this.shown) {
			Arrays.fill(this.elements, from, to, null);
		}
		this.first = to;
	}

	@Override
	public Object get(int index) {
		return this.elements[this.first + index];
	}

	@Override
	public HeldMatches below(int index, int edge) {
		throw new IndexOutOfBoundsException("There is nothing below");
	}

	@Override
	public List<Object> asList() {
		this.shown = true;
		return isEmpty() ? List.of() : new StayingElements(this.elements, this.first, size());
	}

	@Override
	public boolean isReused() {
		return false;
	}

	@Override
	int edges() {
		return 0;
	}

	@Override
	void dispose(Branch branch) {
		throw new IllegalStateException("They have no holders");
	}

	@Override
	void markDelivered(int commits) {
		this.marks.delivered(this.base + this.end, commits);
	}

	@Override
	void fail(Branch branch) {
		this.marks.failed(this.base + this.end);
	}

	@Override
	NotedStanding start() {
		NotedStanding known = this.noted[this.first];
		return (known != null) ? known : page().note(this.pageIndex + this.first - this.pageFrom);
	}

	@Override
	long number() {
		return this.base + this.first;
	}

	@Override
	Standing standing() {
		NotedStanding known = this.noted[this.first];
		return (known != null) ? known : page().standing(this.pageIndex + this.first - this.pageFrom);
	}

	private Page page() {
		if (this.page == null) {
			throw new IllegalStateException("Nothing is known of the first element");
		}
		return this.page;
	}

	@Override
	void keepStart(Page gone) {
		if (this.page == gone) {
			noteAll();
		}
	}

	/**
	 * Note where those elements stand of which the page is known.
	 */
	private void noteAll() {
		Page known = this.page;
		if (known != null) {
			for (int i = Math.max(this.first, this.pageFrom); i < this.end; i++) {
				this.noted[i] = known.note(this.pageIndex + i - this.pageFrom);
			}
			this.page = null;
		}
	}

}
