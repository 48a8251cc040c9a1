package dev.watermill.join.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The matches of one element of the parent where they are held one by one, since other
 * elements have some of them among others.
 */
final class Selection extends HeldMatches {

	private static final HeldElement[] NONE = {};

	/** What the edge holds, where this shows that and holds nothing itself. */
	private @Nullable HeldChain shown;

	/** What this holds else. */
	private final HeldElement[] elements;

	private int size;

	private @Nullable List<Object> list;

	private boolean delivered;

	private boolean failed;

	/**
	 * Create matches, which hold the elements.
	 * @param chain at least one, in the order of the stream
	 */
	Selection(HeldChain chain) {
		this.elements = chain.toArray();
		this.size = this.elements.length;
		this.list = chain.asList();
		for (HeldElement element : this.elements) {
			element.hold();
		}
	}

	private Selection() {
		this.elements = NONE;
	}

	/**
	 * Return matches that show one run of elements after another, each of which begins
	 * and ends no sooner than the one before, as long as the edge holds them; nobody else
	 * ever does.
	 */
	static Selection reused() {
		return new Selection();
	}

	/**
	 * Show another run of elements, which stays as it is until the next is shown.
	 */
	void show(@Nullable HeldChain run) {
		this.list = null;
		this.delivered = false;
		this.failed = false;
		this.shown = run;
		this.size = (run != null) ? run.size() : 0;
	}

	private HeldElement element(int index) {
		HeldChain run = this.shown;
		return (run != null) ? run.get(index) : this.elements[index];
	}

	@Override
	public int size() {
		return this.size;
	}

	@Override
	public boolean isEmpty() {
		return this.size == 0;
	}

	@Override
	public Object get(int index) {
		return element(index).get(0);
	}

	@Override
	public long number(int index) {
		return element(index).number();
	}

	@Override
	public HeldMatches below(int index, int edge) {
		return element(index).below(0, edge);
	}

	@Override
	public List<Object> asList() {
		List<Object> known = this.list;
		if (known == null) {
			known = (this.shown != null) ? this.shown.asList() : List.of();
			this.list = known;
		}
		return known;
	}

	@Override
	public boolean isReused() {
		return false;
	}

	@Override
	int edges() {
		return (this.size > 0) ? element(0).edges() : 0;
	}

	@Override
	void dispose(Branch branch) {
		for (HeldElement element : this.elements) {
			element.release(branch);
		}
	}

	@Override
	void markDelivered(int commits) {
		if (!this.delivered) {
			this.delivered = true;
			for (int i = (this.shown != null) ? firstUndelivered() : 0; i < this.size; i++) {
				element(i).markDelivered(commits);
			}
		}
	}

	/**
	 * Runs go on in one direction, so of a run those that were in one that was delivered
	 * are the first ones.
	 */
	private int firstUndelivered() {
		int index = this.size;
		while (index > 0 && !element(index - 1).isDelivered()) {
			index--;
		}
		return index;
	}

	@Override
	void fail(Branch branch) {
		if (!this.failed) {
			this.failed = true;
			for (int i = 0; i < this.size; i++) {
				element(i).fail(branch);
			}
		}
	}

	@Override
	NotedStanding start() {
		return element(0).start();
	}

	@Override
	long number() {
		return element(0).number();
	}

	@Override
	Standing standing() {
		return element(0).standing();
	}

	@Override
	void keepStart(Page page) {
		element(0).keepStart(page);
	}

}
