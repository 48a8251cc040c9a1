package dev.watermill;

import java.util.List;

import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;

/**
 * Several listeners, told in order.
 */
final class MillListeners implements MillListener {

	private final List<MillListener> listeners;

	MillListeners(List<MillListener> listeners) {
		this.listeners = List.copyOf(listeners);
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
	public void starting() {
		this.listeners.forEach(MillListener::starting);
	}

	@Override
	public void changed(MillState state) {
		this.listeners.forEach((listener) -> listener.changed(state));
	}

}
