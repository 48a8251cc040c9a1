package dev.watermill.spring.mill;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes the states of mills as events of their application.
 */
final class StateEvents {

	private static final Logger logger = LoggerFactory.getLogger(StateEvents.class);

	private final ApplicationEventPublisher publisher;

	StateEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	void publish(Mill mill, MillState state) {
		try {
			this.publisher.publishEvent(new MillStateChangedEvent(mill, state));
		}
		catch (RuntimeException ex) {
			// The thread is the mill's, and the listener's trouble is not
			logger.warn("A listener of MillStateChangedEvent failed. Mill '{}' is {} nevertheless.", mill.name(), state,
					ex);
		}
	}

}
