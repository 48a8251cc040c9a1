package dev.watermill.engine.internal;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.LaneId;
import dev.watermill.engine.LaneContext;
import dev.watermill.join.internal.Group;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The delivery that a lane is at: what it consists of, where it begins, and whether it is
 * the last one. It is a view of the merge as it stands, which costs nothing while nobody
 * asks. Used by the thread that calls the function.
 */
final class CurrentDelivery implements LaneContext {

	private final LaneId lane;

	private final MergeJoin merge;

	/** What commits during a call, {@code null} if nothing does. */
	private final @Nullable LongCalls longCalls;

	/** Whether deliveries have a key of their own, which is that of the window. */
	private final boolean keyed;

	private @Nullable Group elements;

	private @Nullable Object windowKey;

	private boolean endRequested;

	CurrentDelivery(LaneId lane, MergeJoin merge, boolean keyed, @Nullable LongCalls longCalls) {
		this.lane = lane;
		this.merge = merge;
		this.keyed = keyed;
		this.longCalls = longCalls;
	}

	/**
	 * Become the delivery of other elements.
	 */
	void of(Group newElements, @Nullable Object newWindowKey) {
		this.elements = newElements;
		this.windowKey = newWindowKey;
	}

	Group elements() {
		return Objects.requireNonNull(this.elements);
	}

	/**
	 * Where it is to be taken up again.
	 */
	@Nullable Position position() {
		return this.merge.masterPosition();
	}

	/**
	 * Where it begins, for people.
	 */
	String origin() {
		return this.merge.origin();
	}

	@Override
	public String mill() {
		return this.lane.mill();
	}

	@Override
	public int lane() {
		return this.lane.lane();
	}

	@Override
	public @Nullable Object key() {
		return this.keyed ? this.windowKey : undisturbed(this.merge::key);
	}

	@Override
	public Map<String, String> positions() {
		return undisturbed(this.merge::origins);
	}

	@Override
	public @Nullable ElementMetadata metadata() {
		return undisturbed(this.merge::metadata);
	}

	private <V extends @Nullable Object> V undisturbed(Supplier<V> source) {
		return (this.longCalls != null) ? this.longCalls.get(source) : source.get();
	}

	@Override
	public void endOfStream() {
		this.endRequested = true;
	}

	/**
	 * Whether the function ended the stream behind this delivery.
	 */
	boolean isEndRequested() {
		return this.endRequested;
	}

	/**
	 * Note that a call failed, and with it whatever it asked for.
	 */
	void failed() {
		this.endRequested = false;
	}

}
