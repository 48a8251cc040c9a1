package dev.watermill.window.internal;

import java.time.Duration;

import dev.watermill.join.JoinTree;
import dev.watermill.join.internal.MergeJoin;
import org.jspecify.annotations.Nullable;

/**
 * Windows that are runs of consecutive elements: one is open at a time, and a trigger
 * says where it ends.
 */
final class RunWindows extends OpenWindows {

	private final WindowTrigger trigger;

	private final JoinTree tree;

	private final MergeJoin merge;

	private final int maxSize;

	private OpenWindows.Window run;

	/** The window key of the current master element, if windows are made by key. */
	private @Nullable Object key;

	private boolean due;

	RunWindows(WindowTrigger trigger, JoinTree tree, MergeJoin merge, int maxSize) {
		super(merge);
		this.trigger = trigger;
		this.tree = tree;
		this.merge = merge;
		this.maxSize = maxSize;
		this.run = newWindow();
	}

	@Override
	public void arrived() {
		this.key = (this.tree.windowKey() != null) ? this.merge.windowKey() : null;
		this.due = this.trigger.closesBefore(this.merge.element(), this.key) && !this.run.isEmpty();
	}

	@Override
	public void add() {
		if (this.run.isEmpty()) {
			this.trigger.opened();
			this.merge.windows().open(this.run.elements());
			this.run.begin(this.key);
		}
		else if (size() == this.maxSize) {
			throw tooLarge(this.tree, this.merge, this.maxSize);
		}
		this.merge.windows().hold();
		this.run.end(this.key);
		this.trigger.added(this.key);
		this.due = this.trigger.isFull(size());
	}

	@Override
	public void waited(boolean pollTimedOut) {
		this.due = !this.run.isEmpty() && this.trigger.closesWithout(pollTimedOut);
	}

	@Override
	public boolean silent(boolean master) {
		this.due = !this.run.isEmpty();
		return false;
	}

	@Override
	public void end() {
		this.due = !this.run.isEmpty();
	}

	@Override
	public OpenWindows.@Nullable Window due() {
		return this.due ? this.run : null;
	}

	@Override
	public void take() {
		this.due = false;
		this.run.elements().seal();
		this.run = newWindow();
	}

	@Override
	public Duration untilDue(Duration atMost) {
		return this.run.isEmpty() ? atMost : this.trigger.untilClose(atMost);
	}

	@Override
	public int size() {
		return this.run.elements().size();
	}

}
