package dev.watermill.join.internal;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Master elements of one window: from the one with which it was opened to the last one
 * that is held, or was when it was {@linkplain #seal() sealed}. It may be used again once
 * it was let go.
 *
 * @since 0.1.0
 */
public final class HeldWindow extends HeldMatches {

	private final HeldMaster master;

	/** The number of its first element. */
	private long from;

	/** Behind its last element, -1 as long as each that comes is one. */
	private long to;

	private @Nullable Page startPage;

	private int startIndex;

	/** What is to be known of the start when its page is gone. */
	private @Nullable NotedStanding noted;

	HeldWindow(HeldMaster master) {
		this.master = master;
	}

	/**
	 * Begin with the current element of the master, which is going to be added.
	 */
	void open(Cursor cursor) {
		this.from = this.master.end();
		this.to = -1;
		this.startPage = cursor.page;
		this.startIndex = cursor.index;
		this.noted = null;
	}

	/**
	 * Hold no further elements.
	 */
	public void seal() {
		this.to = to();
	}

	/**
	 * Hold nothing any more.
	 */
	void close() {
		this.to = this.from;
	}

	long from() {
		return this.from;
	}

	long to() {
		return (this.to >= 0) ? this.to : this.master.end();
	}

	/**
	 * Where the first element stands.
	 * @return where
	 */
	public Standing begin() {
		return standing();
	}

	@Override
	public int size() {
		return (int) (to() - this.from);
	}

	@Override
	public boolean isEmpty() {
		return size() == 0;
	}

	@Override
	public Object get(int index) {
		return this.master.get(this.from + index);
	}

	@Override
	public HeldMatches below(int index, int edge) {
		return this.master.below(this.from + index, edge);
	}

	@Override
	public List<Object> asList() {
		return this.master.asList(this.from, to());
	}

	@Override
	public boolean isReused() {
		return false;
	}

	@Override
	int edges() {
		return this.master.edges();
	}

	@Override
	NotedStanding start() {
		return (this.noted != null) ? this.noted : Objects.requireNonNull(this.startPage).note(this.startIndex);
	}

	@Override
	Standing standing() {
		return (this.noted != null) ? this.noted : Objects.requireNonNull(this.startPage).standing(this.startIndex);
	}

	@Override
	void keepStart(Page page) {
		if (this.startPage == page) {
			this.noted = start();
			this.startPage = null;
		}
	}

	@Override
	void markDelivered() {
		this.master.delivered(this.from, to());
	}

	@Override
	void fail(Branch branch) {
		this.master.failed(this.from, to(), false);
	}

	@Override
	void dispose(Branch branch) {
		throw new IllegalStateException("A window has no holders");
	}

}
