package dev.watermill.spring.actuate.endpoint;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.watermill.Mill;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * What can be done to a mill, and in which states. Asking it for what it does already is
 * allowed and changes nothing; where nothing would follow, it is refused.
 */
enum MillAction {

	/**
	 * Also while it runs, since it may be about to stop, and while it waits for another
	 * mill, if somebody knows better.
	 */
	START(Mill::start, "resume it",
			EnumSet.of(MillState.STARTING, MillState.RUNNING, MillState.STOPPED, MillState.COMPLETED, MillState.FAILED),
			EnumSet.of(MillState.STOPPED, MillState.COMPLETED, MillState.FAILED), true),

	STOP(Mill::stop, "it is not at work",
			EnumSet.of(MillState.STARTING, MillState.RUNNING, MillState.PAUSED, MillState.STOPPED),
			EnumSet.of(MillState.STARTING, MillState.RUNNING, MillState.PAUSED), true),

	PAUSE(Mill::pause, "it is not at work", EnumSet.of(MillState.STARTING, MillState.RUNNING, MillState.PAUSED),
			EnumSet.of(MillState.RUNNING), false),

	RESUME(Mill::resume, "start it", EnumSet.of(MillState.STARTING, MillState.RUNNING, MillState.PAUSED),
			EnumSet.of(MillState.PAUSED), false),

	RESET(Mill::reset, "stop it first", EnumSet.of(MillState.STOPPED, MillState.COMPLETED, MillState.FAILED),
			EnumSet.of(MillState.STOPPED, MillState.COMPLETED, MillState.FAILED), true);

	private final Consumer<Mill> act;

	private final String advice;

	private final Set<MillState> states;

	/** The states in which something follows. */
	private final Set<MillState> useful;

	private final boolean whileWaiting;

	MillAction(Consumer<Mill> act, String advice, Set<MillState> states, Set<MillState> useful, boolean whileWaiting) {
		this.act = act;
		this.advice = advice;
		this.states = states;
		this.useful = useful;
		this.whileWaiting = whileWaiting;
	}

	static MillAction of(String text) {
		for (MillAction action : values()) {
			if (action.label().equalsIgnoreCase(text)) {
				return action;
			}
		}
		String known = Arrays.stream(values()).map(MillAction::label).collect(Collectors.joining(", "));
		throw refusal("There is no action '" + text + "', only " + known + ".");
	}

	/**
	 * Whether a mill in this state does something else when it is asked to.
	 */
	boolean isUseful(MillStatus status) {
		if (isWaiting(status)) {
			return this.whileWaiting && this.states.contains(status.state());
		}
		boolean failed = status.phase() instanceof MillPhase.LaneFailed
				|| status.phase() instanceof MillPhase.Restarting;
		return (this == START && failed) || this.useful.contains(stateFor(status));
	}

	/**
	 * A mill of which one lane has failed is at work with the others, and one that is
	 * started again by itself is about to be.
	 */
	private static MillState stateFor(MillStatus status) {
		if (status.phase() instanceof MillPhase.Restarting) {
			return MillState.STARTING;
		}
		return (status.phase() instanceof MillPhase.LaneFailed) ? MillState.RUNNING : status.state();
	}

	private static boolean isWaiting(MillStatus status) {
		return status.phase() instanceof MillPhase.Waiting;
	}

	void applyTo(Mill mill) {
		MillStatus status = mill.status();
		if (!this.states.contains(stateFor(status))) {
			throw refusal("The mill '" + mill.name() + "' is " + status.state() + " and can't " + label() + ": "
					+ this.advice + ".");
		}
		if (isWaiting(status) && !this.whileWaiting) {
			throw refusal("The mill '" + mill.name() + "' can't " + label() + " before it runs: it waits for "
					+ status.detail() + ".");
		}
		try {
			this.act.accept(mill);
		}
		catch (IllegalStateException ex) {
			String message = String.valueOf(ex.getMessage());
			throw (this == RESET) ? new MillInUseException(message) : refusal(message);
		}
	}

	String label() {
		return name().toLowerCase(Locale.ROOT);
	}

	private static InvalidEndpointRequestException refusal(String message) {
		return new InvalidEndpointRequestException(message, message);
	}

	/**
	 * Another instance is at work on the mill.
	 */
	static final class MillInUseException extends InvalidEndpointRequestException {

		private MillInUseException(String message) {
			super(message, message);
		}

	}

}
