package dev.watermill.spring.actuate.endpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.watermill.Mill;
import dev.watermill.spring.mill.Mills;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * The last minutes of mills, so that who looks at them can see how it came to what is
 * now. A thread of its own looks at their counters every other second; for each mill
 * there are at most so many samples as the minutes have. Thread-safe.
 */
final class MillHistory implements SmartLifecycle {

	static final Duration LENGTH = Duration.ofMinutes(5);

	private static final Duration PACE = Duration.ofSeconds(2);

	private static final Log logger = LogFactory.getLog(MillHistory.class);

	private final Mills mills;

	private final Clock clock;

	private final Map<String, Deque<MillSample>> samples = new HashMap<>();

	private @Nullable ScheduledExecutorService executor;

	MillHistory(Mills mills, Clock clock) {
		this.mills = mills;
		this.clock = clock;
	}

	@Override
	public synchronized void start() {
		if (this.executor != null) {
			return;
		}
		ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "watermill-history");
			thread.setDaemon(true);
			return thread;
		});
		started.scheduleWithFixedDelay(this::look, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
		this.executor = started;
	}

	@Override
	public synchronized void stop() {
		if (this.executor != null) {
			this.executor.shutdownNow();
			this.executor = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

	private void look() {
		try {
			take();
		}
		catch (RuntimeException ex) {
			// whatever it is, it may be well in two seconds
			logger.debug("Could not look at the mills", ex);
		}
	}

	/**
	 * Take a sample of each mill.
	 */
	void take() {
		Instant now = this.clock.instant();
		for (Mill mill : this.mills.all()) {
			add(mill.name(), MillSample.of(mill, now));
		}
	}

	private synchronized void add(String mill, MillSample sample) {
		Deque<MillSample> known = this.samples.computeIfAbsent(mill, (name) -> new ArrayDeque<>());
		known.addLast(sample);
		while (known.getFirst().at().isBefore(sample.at().minus(LENGTH)) || known.size() > LENGTH.dividedBy(PACE) + 1) {
			known.removeFirst();
		}
	}

	/**
	 * Return the samples of a mill.
	 * @return the oldest one first
	 */
	synchronized List<MillSample> of(Mill mill) {
		Deque<MillSample> known = this.samples.get(mill.name());
		return (known != null) ? List.copyOf(known) : List.of();
	}

}
