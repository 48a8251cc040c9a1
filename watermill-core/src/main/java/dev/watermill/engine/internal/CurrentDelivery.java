package dev.watermill.engine.internal;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.LaneId;
import dev.watermill.broker.OriginalElement;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.WindowBounds;
import dev.watermill.join.JoinTree;
import dev.watermill.join.internal.DeliveryView;
import dev.watermill.join.internal.HeldMatches;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.join.internal.Standing;
import dev.watermill.window.internal.OpenWindows;
import org.jspecify.annotations.Nullable;

/**
 * The delivery that a lane is at: what it consists of, where it begins, and whether it is
 * the last one. It is a view of the merge as it stands, which costs nothing while nobody
 * asks. Used by the thread that calls the function.
 */
final class CurrentDelivery {

	private final LaneId lane;

	private final MergeJoin merge;

	/** What the function is shown of it. */
	private final DeliveryView view;

	/** What commits during a call, {@code null} if nothing does. */
	private final @Nullable LongCalls longCalls;

	/** Whether deliveries have a key of their own, which is that of the window. */
	private final boolean keyed;

	private @Nullable HeldMatches elements;

	/** The window that it is, {@code null} if it is none. */
	private OpenWindows.@Nullable Window window;

	private @Nullable DeliveryContext context;

	private boolean endRequested;

	CurrentDelivery(LaneId lane, JoinTree tree, MergeJoin merge, @Nullable LongCalls longCalls) {
		this.lane = lane;
		this.merge = merge;
		this.keyed = tree.windowKey() != null;
		this.longCalls = longCalls;
		this.view = new DeliveryView(tree, this::context);
	}

	/**
	 * Become the deliveries of one master element after another.
	 */
	void of(HeldMatches single) {
		this.elements = single;
		this.view.show(single);
	}

	/**
	 * Become the delivery of a window.
	 */
	void of(OpenWindows.Window newWindow) {
		of(newWindow.elements());
		this.window = newWindow;
	}

	/**
	 * Become the delivery of a window of which something is known already.
	 */
	void of(OpenWindows.Window newWindow, DeliveryContext newContext) {
		of(newWindow);
		this.context = newContext;
		this.endRequested = false;
	}

	/**
	 * Where it begins.
	 */
	private Standing start() {
		return (this.window != null) ? this.window.elements().begin() : this.merge.start();
	}

	HeldMatches elements() {
		return Objects.requireNonNull(this.elements);
	}

	/**
	 * The name of the mill.
	 */
	String mill() {
		return this.lane.mill();
	}

	/**
	 * Which one it is.
	 */
	DeliveryId id() {
		return new DeliveryId(start().position(), (this.window != null) ? this.window.key() : null);
	}

	/**
	 * Where it begins, for people.
	 */
	String origin() {
		return start().origin();
	}

	/**
	 * The elements of the master as they were read.
	 */
	List<OriginalElement> originals() {
		return this.merge.originals(elements());
	}

	/**
	 * The headers of the element it begins with.
	 */
	Map<String, byte[]> headers() {
		return start().headers();
	}

	/**
	 * Note down what is known of it, for the function.
	 */
	DeliveryContext context() {
		DeliveryContext known = this.context;
		if (known == null) {
			known = (this.longCalls != null) ? this.longCalls.get(this::newContext) : newContext();
			this.context = known;
		}
		return known;
	}

	/**
	 * Note down what is known of it, for others than the function.
	 */
	DeliveryContext newContext() {
		Object from = (this.window != null) ? this.window.key() : null;
		Object end = (this.window != null) ? this.window.end() : null;
		return new DeliveryContext(this.lane, this.keyed ? from : start().key(),
				(from != null && end != null) ? new WindowBounds(from, end) : null, (this.window != null)
						? this.merge.positions().origins(this.window.elements()) : this.merge.positions().origins());
	}

	/**
	 * Note that a call begins, the first one or a further one.
	 */
	void begin() {
		if (this.context != null) {
			// mostly nobody asked for it, and a read costs less than a write
			this.context = null;
		}
	}

	/**
	 * What a function is shown that goes on when the next delivery is made.
	 * @param known what else is known of this one
	 */
	Delivery frozen(DeliveryContext known) {
		return this.view.frozen(known);
	}

	/**
	 * What the function is shown.
	 */
	Delivery view() {
		return this.view;
	}

	/**
	 * Note that a call failed, and with it whatever it asked for.
	 */
	void failed() {
		this.context = null;
		this.endRequested = false;
	}

	void endOfStream() {
		this.endRequested = true;
	}

	/**
	 * Whether the function ended the stream behind this delivery.
	 */
	boolean isEndRequested() {
		return this.endRequested || (this.context != null && this.context.isEndRequested());
	}

}
