package dev.watermill.join.internal;

import java.util.List;

/**
 * Master elements of one window: from the one with which it was opened to the last one
 * that is held, or was when it was {@linkplain #seal() sealed}. It may be used again once
 * it was let go.
 *
 * @since 0.1.0
 */
public final class HeldWindow extends StartedMatches {

	private final HeldMaster master;

	/** The number of its first element. */
	private long from;

	/** Behind its last element, -1 as long as each that comes is one. */
	private long to;

	HeldWindow(HeldMaster master) {
		this.master = master;
	}

	/**
	 * Begin with the current element of the master, which is going to be added.
	 */
	void open(Cursor cursor) {
		this.from = this.master.end();
		this.to = -1;
		startsOn(cursor.page);
		startsAt(cursor.index);
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
	public long number(int index) {
		return this.master.number(this.from + index);
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
	void markDelivered(int commits) {
		this.master.delivered(this.from, to(), commits);
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
