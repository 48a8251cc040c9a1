package dev.watermill.spring.mill;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import dev.watermill.Mill;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops mills: each finishes the delivery it is at and commits. What does not return in
 * time is interrupted, and commits nothing any more, since what its function uses is gone
 * then. Thread-safe.
 */
final class MillShutdown {

	private static final Logger logger = LoggerFactory.getLogger(MillShutdown.class);

	private static final Duration BETWEEN_LOGS = Duration.ofSeconds(10);

	/** How long a function may take to see that it was interrupted. */
	private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

	/** Those that have been told so. */
	private final Set<Mill> abandoned = ConcurrentHashMap.newKeySet();

	private final Duration timeout;

	private final LongSupplier ticker;

	MillShutdown(Duration timeout, LongSupplier ticker) {
		this.timeout = timeout;
		this.ticker = ticker;
	}

	void stop(Collection<Mill> mills) {
		mills.forEach(Mill::stop);
		mills.stream().filter(Mill::isCurrentThread).forEach(this::abandon);
		long deadline = this.ticker.getAsLong() + this.timeout.toNanos();
		List<Mill> late = mills.stream().filter((mill) -> !mill.isCurrentThread() && !await(mill, deadline)).toList();
		late.forEach((mill) -> {
			logger.warn("Mill '{}' is still at work after {}: its function is interrupted, and what it has not "
					+ "committed is repeated at the next start", mill.name(), this.timeout);
			mill.abort();
		});
		long end = this.ticker.getAsLong() + AFTER_INTERRUPT.toNanos();
		late.stream()
			.filter((mill) -> !await(mill, end))
			.forEach((mill) -> logger.error("The function of mill '{}' does not return although it was interrupted. "
					+ "Nothing that it does is committed any more", mill.name()));
	}

	/**
	 * Nobody can wait for a function that waits for its own end.
	 */
	private void abandon(Mill mill) {
		if (this.abandoned.add(mill)) {
			logger.warn("The function of mill '{}' stops its own application: what the mill has not committed is "
					+ "repeated at the next start. Return EndOfStream to end the mill first, or stop the application "
					+ "on another thread", mill.name());
		}
		mill.abort();
	}

	private boolean await(Mill mill, long deadline) {
		try {
			while (true) {
				long left = deadline - this.ticker.getAsLong();
				if (mill.awaitEnd(Duration.ofNanos(Math.max(0, Math.min(left, BETWEEN_LOGS.toNanos()))))) {
					return true;
				}
				if (left <= BETWEEN_LOGS.toNanos()) {
					return false;
				}
				logger.info("Mill '{}' is still at work: waiting for its function to return", mill.name());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
