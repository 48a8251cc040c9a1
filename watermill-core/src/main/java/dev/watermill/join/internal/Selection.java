package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The matches of one element of the parent where they are held one by one, since other
 * elements have some of them among others.
 */
final class Selection extends HeldMatches {

	private static final HeldElement[] NONE = {};

	/** Whether it shows what the edge holds, and holds nothing itself. */
	private final boolean reused;

	private HeldElement[] elements;

	private int size;

	private @Nullable List<Object> list;

	private boolean delivered;

	private boolean failed;

	/**
	 * Create matches, which hold the elements.
	 * @param elements at least one, in the order of the stream
	 */
	Selection(HeldElement[] elements) {
		this.elements = elements;
		this.size = elements.length;
		this.reused = false;
		for (HeldElement element : elements) {
			element.hold();
		}
	}

	private Selection() {
		this.elements = NONE;
		this.reused = true;
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
	 * Show another run of elements.
	 */
	void show(@Nullable Collection<HeldElement> run) {
		this.list = null;
		this.delivered = false;
		this.failed = false;
		this.size = (run != null) ? run.size() : 0;
		if (run != null && this.size > 0) {
			this.elements = run.toArray((this.elements.length >= this.size) ? this.elements : NONE);
		}
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
		return this.elements[index].get(0);
	}

	@Override
	public HeldMatches below(int index, int edge) {
		return this.elements[index].below(0, edge);
	}

	@Override
	public List<Object> asList() {
		List<Object> known = this.list;
		if (known == null) {
			Object[] all = new Object[this.size];
			for (int i = 0; i < all.length; i++) {
				all[i] = get(i);
			}
			known = Collections.unmodifiableList(Arrays.asList(all));
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
		return (this.size > 0) ? this.elements[0].edges() : 0;
	}

	@Override
	void dispose(Branch branch) {
		for (int i = 0; i < this.size && !this.reused; i++) {
			this.elements[i].release(branch);
		}
	}

	@Override
	void markDelivered() {
		if (!this.delivered) {
			this.delivered = true;
			for (int i = this.reused ? firstUndelivered() : 0; i < this.size; i++) {
				this.elements[i].markDelivered();
			}
		}
	}

	/**
	 * Runs go on in one direction, so of a run those that were in one that was delivered
	 * are the first ones.
	 */
	private int firstUndelivered() {
		int index = this.size;
		while (index > 0 && !this.elements[index - 1].isDelivered()) {
			index--;
		}
		return index;
	}

	@Override
	void fail(Branch branch) {
		if (!this.failed) {
			this.failed = true;
			for (int i = 0; i < this.size; i++) {
				this.elements[i].fail(branch);
			}
		}
	}

	@Override
	NotedStanding start() {
		return this.elements[0].start();
	}

	@Override
	Standing standing() {
		return this.elements[0].standing();
	}

	@Override
	void keepStart(Page page) {
		this.elements[0].keepStart(page);
	}

}
