package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.OriginalElement;
import dev.watermill.stream.SkipReason;

/**
 * The windows that hold elements of the master beyond the next one, in the order in which
 * they were opened. Used by one thread.
 *
 * @since 0.1.0
 */
public final class HeldWindows {

	private final Branch master;

	private final HeldMaster held;

	private final List<HeldWindow> open = new ArrayList<>();

	/** Whether elements of the master have to be known as they were read. */
	private boolean keepsOriginals;

	HeldWindows(Branch master) {
		this.master = master;
		this.held = new HeldMaster(master);
	}

	/**
	 * Those that are open, in the order in which they were opened.
	 * @return a list that stays up to date
	 */
	List<HeldWindow> open() {
		return this.open;
	}

	/**
	 * Return a window for master elements, which holds nothing until it is opened.
	 * @return the window
	 */
	public HeldWindow newWindow() {
		return new HeldWindow(this.held);
	}

	/**
	 * Open a window, which begins with the current master element once that is
	 * {@linkplain #hold() held}. Windows are let go in the order in which they were
	 * opened.
	 * @param window the window
	 */
	public void open(HeldWindow window) {
		window.open(this.master.cursor);
		this.open.add(window);
	}

	/**
	 * Put the current master element, with the matches that were found, into all windows
	 * that are open and not sealed, and pass it: a position that does not lead to it
	 * because it is held does not lead to it once it was delivered, whatever happens in
	 * between.
	 */
	public void hold() {
		this.held.add(this.keepsOriginals);
		this.master.cursor.advance();
	}

	/**
	 * Pass over the current master element, which has its matches but is in no window.
	 */
	public void unwindowed() {
		this.master.skip(SkipReason.UNWINDOWED);
	}

	/**
	 * Keep elements as they were read, since that may be asked for.
	 */
	void keepOriginals() {
		this.keepsOriginals = true;
	}

	/**
	 * The elements of a window as they were read.
	 */
	List<OriginalElement> originals(HeldWindow window) {
		return this.held.originals(window.from(), window.to());
	}

	/**
	 * Note that a window was delivered.
	 * @param window the window
	 */
	public void delivered(HeldWindow window) {
		window.markDelivered(this.master.account.commits());
	}

	/**
	 * Note that the delivery of a window failed, and is passed over.
	 * @param deadLettered whether its elements are in the dead letters
	 */
	void failed(HeldWindow window, boolean deadLettered) {
		this.held.failed(window.from(), window.to(), deadLettered);
	}

	/**
	 * Let go of the window that was opened first.
	 * @param window that window
	 */
	public void release(HeldWindow window) {
		if (this.open.remove(0) != window) {
			throw new IllegalStateException("Windows are let go in the order in which they were opened");
		}
		window.close();
		this.held.release(this.open.isEmpty() ? this.held.end() : this.open.get(0).from());
	}

	/**
	 * Let go of all that is held, whatever is open.
	 */
	void releaseAll() {
		this.held.release(this.held.end());
	}

}
