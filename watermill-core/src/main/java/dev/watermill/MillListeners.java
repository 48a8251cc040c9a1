package dev.watermill;

import java.util.List;

import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import org.jspecify.annotations.Nullable;

/**
 * Several listeners, told in order.
 */
final class MillListeners implements MillListener {

	private final List<MillListener> listeners;

	private MillListeners(List<MillListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	/**
	 * Make one listener of several.
	 * @return the listener, {@code null} if there are none
	 */
	static @Nullable MillListener of(List<MillListener> listeners) {
		return switch (listeners.size()) {
			case 0 -> null;
			case 1 -> listeners.get(0);
			default -> new MillListeners(listeners);
		};
	}

	@Override
	public void delivered(long nanos) {
		this.listeners.forEach((listener) -> listener.delivered(nanos));
	}

	@Override
	public void committed(long nanos) {
		this.listeners.forEach((listener) -> listener.committed(nanos));
	}

	@Override
	public void lanesAssigned(int lanes) {
		this.listeners.forEach((listener) -> listener.lanesAssigned(lanes));
	}

	@Override
	public void laneRuns(long nanos) {
		this.listeners.forEach((listener) -> listener.laneRuns(nanos));
	}

	@Override
	public void lanesRevoked(int lanes, boolean lost, long nanos) {
		this.listeners.forEach((listener) -> listener.lanesRevoked(lanes, lost, nanos));
	}

	@Override
	public void starting() {
		this.listeners.forEach(MillListener::starting);
	}

	@Override
	public void changed(MillState state) {
		this.listeners.forEach((listener) -> listener.changed(state));
	}

}
