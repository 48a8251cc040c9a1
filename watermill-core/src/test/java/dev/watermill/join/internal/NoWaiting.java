package dev.watermill.join.internal;

import java.time.Duration;

import dev.watermill.broker.BrokerUnavailableException;

/**
 * All elements are there, so nobody waits.
 */
public final class NoWaiting implements Waiting {

	@Override
	public void beforePage(boolean consumed) {
	}

	@Override
	public void nothingMatches() {
		throw new AssertionError();
	}

	@Override
	public Duration idle(Awaited awaited) {
		throw new AssertionError();
	}

	@Override
	public void goesOn() {
	}

	@Override
	public void timedOut() {
		throw new AssertionError();
	}

	@Override
	public boolean countsAsAll(Duration silent) {
		return false;
	}

	@Override
	public void silent(boolean master) {
	}

	@Override
	public boolean countsAsOver(Duration silent) {
		return false;
	}

	@Override
	public void unavailable(String stream, BrokerUnavailableException problem, int attempt) {
		throw problem;
	}

	@Override
	public void available(String stream) {
	}

	@Override
	public void interrupted() {
	}

	@Override
	public void deadLetter(String stream, Rejected element) {
	}

	@Override
	public void rejected(String stream, Rejected element) {
	}

}
