package dev.watermill.join.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One element of a child, with its own matches below it, that may be a match of several
 * elements of the parent, among different neighbours: it is held once, in the list of its
 * edge, as long as any of them or the edge itself needs it.
 */
final class HeldElement extends StartedMatches {

	private static final HeldMatches[] NOTHING_BELOW = {};

	private static final Object GONE = "";

	/** Its right key, in one of both forms. */
	long number;

	@Nullable Object key;

	/** What has to be equal besides. */
	Object by = EqualValues.ALL;

	private final HeldElements list;

	private Object element = GONE;

	private HeldMatches[] below = NOTHING_BELOW;

	/** Its neighbours in the list. */
	@Nullable HeldElement previous;

	@Nullable HeldElement next;

	/** Whether the edge itself may still need it. */
	boolean open;

	/** After which commit it was delivered, 0 if it was not. */
	private int deliveredIn;

	private boolean failed;

	HeldElement(HeldElements list) {
		this.list = list;
	}

	/**
	 * Begin to be an element of a page, with its matches.
	 */
	void begin(Page page, int index, Edge[] matched) {
		this.element = page.elements[index];
		startsOn(page);
		startsAt(index);
		this.open = true;
		this.deliveredIn = 0;
		this.failed = false;
		if (matched.length > 0) {
			this.below = new HeldMatches[matched.length];
			for (int i = 0; i < matched.length; i++) {
				this.below[i] = matched[i].matches();
				this.below[i].hold();
			}
		}
	}

	/**
	 * Be an element no more, and keep nothing alive, for one who uses this again.
	 */
	void end() {
		this.element = GONE;
		forgetPage();
		this.below = NOTHING_BELOW;
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
	public long number(int index) {
		return number();
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
		branch.account.letGoHeld(number(), 1, this.deliveredIn, this.failed);
		for (int i = 0; i < this.below.length; i++) {
			this.below[i].release(branch.edges[i].child);
		}
		this.list.remove(this);
	}

	boolean isDelivered() {
		return this.deliveredIn > 0;
	}

	@Override
	void markDelivered(int commits) {
		if (this.deliveredIn == 0) {
			this.deliveredIn = commits;
			for (HeldMatches matches : this.below) {
				matches.markDelivered(commits);
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

}
