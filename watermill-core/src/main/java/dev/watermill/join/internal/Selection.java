package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The matches of one element of the parent where they are held one by one, since other
 * elements have some of them among others.
 */
final class Selection extends HeldMatches {

	private final HeldElement[] elements;

	private @Nullable List<Object> list;

	private boolean delivered;

	private boolean failed;

	/**
	 * Create matches, which hold the elements.
	 * @param elements at least one, in the order of the stream
	 */
	Selection(HeldElement[] elements) {
		this.elements = elements;
		for (HeldElement element : elements) {
			element.hold();
		}
	}

	@Override
	public int size() {
		return this.elements.length;
	}

	@Override
	public boolean isEmpty() {
		return false;
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
			Object[] all = new Object[this.elements.length];
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
	public Matches frozen() {
		return frozen(new IdentityHashMap<>());
	}

	@Override
	Matches frozen(Map<HeldMatches, Matches> shared) {
		Matches known = shared.get(this);
		if (known != null) {
			return known;
		}
		int edges = this.elements[0].edges();
		Matches[] below = new Matches[this.elements.length * edges];
		for (int i = 0; i < below.length; i++) {
			below[i] = below(i / edges, i % edges).frozen(shared);
		}
		Matches frozen = new FrozenMatches(asList(), below, edges);
		shared.put(this, frozen);
		return frozen;
	}

	@Override
	void dispose(Branch branch) {
		for (HeldElement element : this.elements) {
			element.release(branch);
		}
	}

	@Override
	void markDelivered() {
		if (!this.delivered) {
			this.delivered = true;
			for (HeldElement element : this.elements) {
				element.markDelivered();
			}
		}
	}

	@Override
	void fail(Branch branch) {
		if (!this.failed) {
			this.failed = true;
			for (HeldElement element : this.elements) {
				element.fail(branch);
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
