package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.BrokerUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Waits as long as a test says, and remembers what it was given.
 */
final class TestWaiting implements Waiting {

	static final Duration WAIT = Duration.ofMillis(100);

	final List<String> rejected = new ArrayList<>();

	final List<String> deadLetters = new ArrayList<>();

	final List<Integer> attempts = new ArrayList<>();

	int pages;

	int consumed;

	int idle;

	final List<Awaited> awaited = new ArrayList<>();

	int timedOut;

	int available;

	/** How many waits there are until it is stopped. */
	int patience;

	@Nullable Duration dataTimeout;

	TestWaiting(int patience) {
		this.patience = patience;
	}

	@Override
	public void beforePage(boolean consumed) {
		this.pages++;
		this.consumed += consumed ? 1 : 0;
	}

	@Override
	public void nothingMatches() {
		throw new Stopped();
	}

	@Override
	public Duration idle(Awaited awaited) {
		if (this.idle == this.patience) {
			throw new Stopped();
		}
		this.idle++;
		this.awaited.add(awaited);
		return WAIT;
	}

	@Override
	public void goesOn() {
	}

	@Override
	public void timedOut() {
		this.timedOut++;
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
		return this.dataTimeout != null && silent.compareTo(this.dataTimeout) >= 0;
	}

	@Override
	public void unavailable(String stream, BrokerUnavailableException problem, int attempt) {
		this.attempts.add(attempt);
	}

	@Override
	public void available(String stream) {
		this.available++;
	}

	@Override
	public void interrupted() {
		throw new Stopped();
	}

	@Override
	public void deadLetter(String stream, Rejected element) {
		this.deadLetters.add(element.origin());
	}

	@Override
	public void rejected(String stream, Rejected element) {
		this.rejected.add(element.origin());
	}

	/** What a wait that is one too many throws, as a stop does. */
	static final class Stopped extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
