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

	private static final int SMALL = 128;

	private long[] numbers = new long[SMALL];

	private Object[] elements = new Object[SMALL];

	private int first;

	private int end;

	/** The page of the last elements, and the place here and there of the first of it. */
	private @Nullable Page page;

	private int pageFrom;

	private int pageIndex;

	/**
	 * What is left of a page that is gone, how far its indexes are ahead of those here,
	 * and behind which element here none is of that page.
	 */
	private @Nullable PageRest gone;

	private int goneAhead;

	private int goneTo;

	/**
	 * Where those elements stand whose pages went while that one was needed, {@code null}
	 * as long as there were none: what was read is kept of one page only.
	 */
	private @Nullable NotedStanding @Nullable [] noted;

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
		leavePage();
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
		this.elements = moved;
		this.numbers = movedNumbers;
		moveNoted(capacity);
		this.shown = false;
		this.pageFrom -= this.first;
		this.goneAhead += this.first;
		this.goneTo -= this.first;
		this.base += this.first;
		this.first = 0;
		this.end = size;
	}

	private void moveNoted(int capacity) {
		@Nullable NotedStanding[] known = this.noted;
		if (known != null) {
			@Nullable NotedStanding[] moved = new NotedStanding[capacity];
			System.arraycopy(known, this.first, moved, 0, size());
			this.noted = moved;
		}
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
		if (this.gone != null && to >= this.goneTo) {
			this.gone = null;
		}
	}

	@Override
	public Object get(int index) {
		return this.elements[this.first + index];
	}

	@Override
	public long number(int index) {
		return this.base + this.first + index;
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
		NotedStanding known = noted();
		if (known != null) {
			return known;
		}
		PageRest rest = this.gone;
		return (rest != null) ? rest.note(this.first + this.goneAhead) : page().note(onPage(this.first));
	}

	@Override
	long number() {
		return this.base + this.first;
	}

	@Override
	Standing standing() {
		NotedStanding known = noted();
		if (known != null) {
			return known;
		}
		PageRest rest = this.gone;
		return (rest != null) ? rest.standing(this.first + this.goneAhead) : page().standing(onPage(this.first));
	}

	/**
	 * What was noted of the first element.
	 */
	private @Nullable NotedStanding noted() {
		@Nullable NotedStanding[] known = this.noted;
		return (known != null) ? known[this.first] : null;
	}

	private int onPage(int index) {
		return this.pageIndex + index - this.pageFrom;
	}

	private Page page() {
		if (this.page == null) {
			throw new IllegalStateException("Nothing is known of the first element");
		}
		return this.page;
	}

	@Override
	void keepStart(Page leaving) {
		if (this.page == leaving) {
			leavePage();
		}
	}

	/**
	 * Keep what is to be known of those elements of which the page is known.
	 */
	private void leavePage() {
		Page leaving = this.page;
		int from = Math.max(this.first, this.pageFrom);
		if (leaving != null && from < this.end) {
			PageRest rest = leaving.rest(onPage(from), onPage(this.end));
			if (this.gone == null) {
				this.gone = rest;
				this.goneAhead = onPage(0);
				this.goneTo = this.end;
			}
			else {
				note(rest, from);
			}
		}
		this.page = null;
	}

	private void note(PageRest rest, int from) {
		@Nullable NotedStanding[] known = this.noted;
		if (known == null) {
			known = new NotedStanding[this.numbers.length];
			this.noted = known;
		}
		for (int i = from; i < this.end; i++) {
			known[i] = rest.note(onPage(i));
		}
	}

}
