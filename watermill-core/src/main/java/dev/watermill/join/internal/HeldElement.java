package dev.watermill.join.internal;

import java.util.List;
import java.util.Objects;

import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * One element of a child, with its own matches below it, that may be a match of several
 * elements of the parent, among different neighbours: it is held once, in the list of its
 * edge, as long as any of them or the edge itself needs it.
 */
final class HeldElement extends HeldMatches {

	private static final HeldMatches[] NOTHING_BELOW = {};

	/** Its right key, in one of both forms. */
	final long number;

	final @Nullable Object key;

	/** What has to be equal besides, {@code null} for nothing. */
	final @Nullable Object by;

	private final HeldElements list;

	private final Object element;

	private final HeldMatches[] below;

	/** Its neighbours in the list. */
	@Nullable HeldElement previous;

	@Nullable HeldElement next;

	/** Whether the edge itself may still need it. */
	boolean open = true;

	private boolean delivered;

	private boolean failed;

	private @Nullable Page startPage;

	private final int startIndex;

	private @Nullable NotedStanding noted;

	HeldElement(HeldElements list, Page page, int index, Edge[] matched, long number, @Nullable Object key,
			@Nullable Object by) {
		this.list = list;
		this.element = page.elements[index];
		this.startPage = page;
		this.startIndex = index;
		this.number = number;
		this.key = key;
		this.by = by;
		this.below = (matched.length > 0) ? new HeldMatches[matched.length] : NOTHING_BELOW;
		for (int i = 0; i < matched.length; i++) {
			this.below[i] = matched[i].matches();
			this.below[i].hold();
		}
	}

	@Override
	public int size() {
		return 1;
	}

	@Override
	public boolean isEmpty() {
		return false;
	}

	@Override
	public Object get(int index) {
		return this.element;
	}

	@Override
	public HeldMatches below(int index, int edge) {
		return this.below[edge];
	}

	@Override
	public List<Object> asList() {
		return List.of(this.element);
	}

	@Override
	int edges() {
		return this.below.length;
	}

	@Override
	public boolean isReused() {
		return false;
	}

	@Override
	void dispose(Branch branch) {
		if (!this.delivered) {
			branch.counters.skipped(this.failed ? SkipReason.FAILED : SkipReason.UNMATCHED).increment();
		}
		this.list.remove(this);
		for (int i = 0; i < this.below.length; i++) {
			this.below[i].release(branch.edges[i].child);
		}
	}

	boolean isDelivered() {
		return this.delivered;
	}

	@Override
	void markDelivered() {
		if (!this.delivered) {
			this.delivered = true;
			for (HeldMatches matches : this.below) {
				matches.markDelivered();
			}
		}
	}

	@Override
	void fail(Branch branch) {
		if (!this.failed) {
			this.failed = true;
			for (int i = 0; i < this.below.length; i++) {
				this.below[i].fail(branch.edges[i].child);
			}
		}
	}

	@Override
	NotedStanding start() {
		return (this.noted != null) ? this.noted : Objects.requireNonNull(this.startPage).note(this.startIndex);
	}

	@Override
	Standing standing() {
		return (this.noted != null) ? this.noted : Objects.requireNonNull(this.startPage).standing(this.startIndex);
	}

	boolean startsOn(Page page) {
		return this.startPage == page;
	}

	@Override
	void keepStart(Page page) {
		if (this.startPage == page) {
			this.noted = start();
			this.startPage = null;
		}
	}

}
