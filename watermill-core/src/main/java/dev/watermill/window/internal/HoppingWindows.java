package dev.watermill.window.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Predicate;

import dev.watermill.join.JoinTree;
import dev.watermill.join.internal.Lateness;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.key.KeySpan;
import dev.watermill.key.internal.KeyGrid;
import dev.watermill.key.internal.KeyText;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.Position;
import dev.watermill.window.WindowPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Windows of one size that begin at regular distances, and may overlap. Each opens with
 * its first element, so that none is empty, and all that are open hold each element that
 * comes: what is behind the end of one makes it due before. So an element is held once,
 * and costs next to nothing as long as no window begins or ends.
 */
final class HoppingWindows extends OpenWindows implements Lateness {

	/** Between what windows they are of and the end of the last one. */
	private static final char SEPARATOR = '=';

	private final JoinTree tree;

	private final MergeJoin merge;

	private final int maxSize;

	private final KeySpan size;

	private final KeyGrid starts;

	/** What windows these are: those of other ones are none that were delivered. */
	private final String description;

	/** In the order of their ends. */
	private final Deque<OpenWindows.Window> open = new ArrayDeque<>();

	/** The key of the current master element. */
	private @Nullable Object key;

	/** Where the next window begins that is not open yet. */
	private @Nullable Object nextStart;

	/** The end of the last window that was delivered, and in which segment that was. */
	private @Nullable Object delivered;

	private int deliveredSegment;

	private boolean ended;

	/** Whether those that are open are delivered though elements may come for them. */
	private boolean silent;

	/** The end of the last window that is closed for elements that come. */
	private @Nullable Object closedTo;

	private int closings;

	/** How often keys have begun anew, behind a mark. */
	private int segment;

	/** Whether they have since an element was put into windows. */
	private boolean beginsAnew;

	/** How many windows hold elements, and how many of them from before a mark. */
	private int holding;

	private int holdingFormer;

	HoppingWindows(WindowPolicy.Hopping policy, JoinTree tree, MergeJoin merge, int maxSize,
			@Nullable String delivered) {
		super(merge);
		this.tree = tree;
		this.merge = merge;
		this.maxSize = maxSize;
		this.size = policy.size();
		this.starts = new KeyGrid(policy.step(), policy.offset());
		// short, since a position has little room
		this.description = Integer
			.toHexString(Objects.hash(policy.key().description(), policy.size(), policy.step(), policy.offset()));
		this.delivered = parse(delivered);
		if (this.delivered != null) {
			close(this.delivered);
		}
		merge.windowsAreClosed(this);
	}

	private @Nullable Object parse(@Nullable String text) {
		if (text == null || !text.startsWith(this.description + SEPARATOR)) {
			return null;
		}
		return KeyText.parse(text.substring(this.description.length() + 1));
	}

	@Override
	public @Nullable String delivered() {
		boolean isOver = this.deliveredSegment < this.segment && this.holdingFormer == 0;
		return (this.delivered != null && !isOver) ? this.description + SEPARATOR + KeyText.format(this.delivered)
				: null;
	}

	@Override
	public void arrived() {
		Object before = this.key;
		Object current = this.merge.windowKey();
		// keys never go back but behind a mark, where all begins anew
		if (before != null && Keys.compare(current, before) < 0 && !this.beginsAnew) {
			this.beginsAnew = true;
			this.segment++;
			this.holdingFormer = this.holding;
		}
		this.key = current;
	}

	@Override
	public void add() {
		Object current = Objects.requireNonNull(this.key);
		if (this.beginsAnew) {
			this.beginsAnew = false;
			this.nextStart = null;
		}
		Object next = this.nextStart;
		if (next == null || Keys.compare(next, current) <= 0) {
			open(current);
		}
		OpenWindows.Window largest = this.open.peek();
		if (largest == null) {
			this.merge.windows().unwindowed();
			return;
		}
		if (largest.elements().size() == this.maxSize) {
			throw tooLarge(this.tree, this.merge, this.maxSize);
		}
		this.merge.windows().hold();
	}

	/**
	 * Open all windows that hold a key and are not open.
	 */
	private void open(Object current) {
		Object start = this.starts.next(this.starts.at(current, this.size));
		if (this.nextStart != null && Keys.compare(start, this.nextStart) < 0) {
			start = this.nextStart;
		}
		while (Keys.compare(start, current) <= 0) {
			Object end = this.starts.behind(start, this.size);
			if (!wasDelivered(end)) {
				OpenWindows.Window window = newWindow();
				window.begin(start);
				window.end(end);
				window.segment(this.segment);
				this.merge.windows().open(window.elements());
				this.open.add(window);
				this.holding++;
			}
			Object behind = this.starts.next(start);
			if (Keys.compare(behind, start) == 0) {
				// the last moment that there is
				break;
			}
			start = behind;
		}
		this.nextStart = start;
	}

	private boolean wasDelivered(Object end) {
		return this.delivered != null && this.deliveredSegment == this.segment
				&& Keys.compare(end, this.delivered) <= 0;
	}

	@Override
	public void waited(boolean pollTimedOut) {
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * An element that waits for its matches is in each that is open.
	 */
	@Override
	public boolean silent(boolean master) {
		OpenWindows.Window last = this.open.peekLast();
		if (master && last != null && !this.silent) {
			this.silent = true;
			close(Objects.requireNonNull(last.end()));
		}
		return this.silent;
	}

	private void close(Object end) {
		this.closedTo = end;
		this.closings++;
	}

	@Override
	public int closings() {
		return this.closings;
	}

	@Override
	public boolean isPast(Object windowKey) {
		return this.closedTo == null || Keys.compare(windowKey, this.closedTo) >= 0;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * It is if the last window is closed that holds its key. One that a window holds that
	 * is yet to be delivered is in that one.
	 */
	@Override
	public boolean isLate(Object windowKey, Predicate<Position> before) {
		Object end = this.starts.behind(this.starts.at(windowKey), this.size);
		return this.closedTo != null && Keys.compare(windowKey, end) < 0 && Keys.compare(end, this.closedTo) <= 0;
	}

	@Override
	public void end() {
		this.ended = true;
	}

	@Override
	public OpenWindows.@Nullable Window due() {
		OpenWindows.Window first = this.open.peek();
		return (first != null && (this.ended || this.silent || this.beginsAnew || isBehind(first))) ? first : null;
	}

	private boolean isBehind(OpenWindows.Window window) {
		return Keys.compare(Objects.requireNonNull(window.end()), Objects.requireNonNull(this.key)) <= 0;
	}

	@Override
	public void take() {
		this.open.remove().elements().seal();
		this.silent &= !this.open.isEmpty();
	}

	@Override
	public void release(OpenWindows.Window window) {
		this.delivered = window.end();
		this.deliveredSegment = window.segment();
		this.holding--;
		if (window.segment() < this.segment) {
			this.holdingFormer--;
		}
		super.release(window);
	}

	@Override
	public Duration untilDue(Duration atMost) {
		return atMost;
	}

	@Override
	public int size() {
		OpenWindows.Window largest = this.open.peek();
		return (largest != null) ? largest.elements().size() : 0;
	}

}
