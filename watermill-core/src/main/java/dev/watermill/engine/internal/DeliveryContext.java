package dev.watermill.engine.internal;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.LaneId;
import dev.watermill.delivery.MillContext;
import dev.watermill.delivery.WindowBounds;
import dev.watermill.join.internal.JoinPositions;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one delivery, noted down when it is asked for, so that it stays as it
 * was. Texts are made only when they are asked for.
 */
final class DeliveryContext implements MillContext {

	private final LaneId lane;

	private final @Nullable Object key;

	private final @Nullable WindowBounds window;

	private final JoinPositions.Origins origins;

	/** A function may go on, on another thread. */
	private volatile boolean endRequested;

	DeliveryContext(LaneId lane, @Nullable Object key, @Nullable WindowBounds window, JoinPositions.Origins origins) {
		this.lane = lane;
		this.key = key;
		this.window = window;
		this.origins = origins;
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
		return this.key;
	}

	@Override
	public @Nullable WindowBounds window() {
		return this.window;
	}

	@Override
	public Map<String, String> positions() {
		return this.origins.describe();
	}

	@Override
	public Map<String, byte[]> headers() {
		ElementMetadata metadata = this.origins.metadata();
		return (metadata != null) ? metadata.headers() : Map.of();
	}

	@Override
	public byte @Nullable [] recordKey() {
		ElementMetadata metadata = this.origins.metadata();
		return (metadata != null) ? metadata.key() : null;
	}

	@Override
	public @Nullable Instant timestamp() {
		ElementMetadata metadata = this.origins.metadata();
		return (metadata != null) ? metadata.timestamp() : null;
	}

	@Override
	public OptionalInt partition() {
		ElementMetadata metadata = this.origins.metadata();
		return (metadata != null && metadata.partition() >= 0) ? OptionalInt.of(metadata.partition())
				: OptionalInt.empty();
	}

	@Override
	public OptionalLong offset() {
		ElementMetadata metadata = this.origins.metadata();
		return (metadata != null && metadata.offset() >= 0) ? OptionalLong.of(metadata.offset()) : OptionalLong.empty();
	}

	@Override
	public void endOfStream() {
		this.endRequested = true;
	}

	/**
	 * Note that a call begins, the first one or a further one.
	 */
	void begins() {
		if (this.endRequested) {
			this.endRequested = false;
		}
	}

	boolean isEndRequested() {
		return this.endRequested;
	}

}
