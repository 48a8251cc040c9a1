package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import dev.watermill.stream.SkipReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which elements are skipped or dead-lettered since they are bad: the first at once,
 * the others as exact totals at a limited rate, and all of them by the end. Used by the
 * lane's thread.
 */
final class SkipLog {

	private static final Logger logger = LoggerFactory.getLogger(SkipLog.class);

	static final Duration INTERVAL = Duration.ofSeconds(10);

	private final String mill;

	private final Clock clock;

	private final Map<Kind, Total> totals = new LinkedHashMap<>();

	/** Whether anything was counted that is not in the log. */
	private boolean pending;

	private Instant lastLogged = Instant.MIN;

	SkipLog(String mill, Clock clock) {
		this.mill = mill;
		this.clock = clock;
	}

	/**
	 * Begin with the next start of the mill.
	 */
	void begin() {
		this.totals.clear();
		this.pending = false;
	}

	void skipped(String stream, SkipReason reason, String problem) {
		count(new Kind(stream, reason, false), problem);
	}

	void deadLettered(String stream, SkipReason reason, String problem) {
		count(new Kind(stream, reason, true), problem);
	}

	private void count(Kind of, String problem) {
		Total total = this.totals.computeIfAbsent(of, (kind) -> new Total());
		total.count++;
		total.last = problem;
		if (total.count == 1 && total.logged == 0) {
			logger.warn("Mill '{}' {} elements of stream '{}' as {}, from here on counted: {}", this.mill,
					of.deadLetter() ? "dead-letters" : "skips", of.stream(), of.reason().label(), problem);
			total.logged = 1;
			this.lastLogged = this.clock.instant();
			return;
		}
		this.pending = true;
		tick();
	}

	/**
	 * What was counted is committed.
	 */
	void committed() {
		this.totals.values().forEach((total) -> total.committed = total.count);
	}

	/**
	 * A run begins, which counts what was not committed once more.
	 */
	void runs() {
		this.totals.values().forEach((total) -> total.count = total.committed);
	}

	/**
	 * Log the totals if it is time.
	 */
	void tick() {
		if (this.pending && !this.lastLogged.plus(INTERVAL).isAfter(this.clock.instant())) {
			publish();
		}
	}

	/**
	 * Log all that is not in the log yet.
	 */
	void publish() {
		this.totals.forEach((kind, total) -> {
			if (total.count > total.logged) {
				logger.warn("Mill '{}' has {} {} elements of stream '{}' as {}, {} more; the last at {}", this.mill,
						kind.deadLetter() ? "dead-lettered" : "skipped", number(total.count), kind.stream(),
						kind.reason().label(), number(total.count - total.logged), total.last);
				total.logged = total.count;
			}
		});
		this.pending = false;
		this.lastLogged = this.clock.instant();
	}

	private static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	private record Kind(String stream, SkipReason reason, boolean deadLetter) {

	}

	private static final class Total {

		private long count;

		private long committed;

		private long logged;

		private String last = "";

	}

}
