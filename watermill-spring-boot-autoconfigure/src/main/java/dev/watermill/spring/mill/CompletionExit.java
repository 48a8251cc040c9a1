package dev.watermill.spring.mill;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import dev.watermill.Mill;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Provides the exit code of an application with mills, and ends its process once they are
 * over: completed, failed, stopped, or waiting for one that is.
 * <p>
 * Under {@code watermill.exit-on-completion} the application's {@code run} returns when
 * they are, so that {@code main} can go on with
 * {@code System.exit(SpringApplication.exit(...))}; where it does not, and ends, the
 * process is ended in the same way. Without the setting that is done only for an
 * application without a web server whose mills have come to no good end: it would end
 * with 0 otherwise. Where no {@code main} method started the application, a test or a
 * servlet container did, whose process is left alone. Thread-safe.
 */
final class CompletionExit implements ExitCodeGenerator {

	private static final Logger logger = LoggerFactory.getLogger(CompletionExit.class);

	/**
	 * How long {@code main} may go on, where it did not wait for the mills and may stand
	 * only to keep the application alive.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final MillRegistry registry;

	private final ConfigurableApplicationContext context;

	private final boolean onCompletion;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final AtomicBoolean exiting = new AtomicBoolean();

	private volatile boolean worked;

	private volatile @Nullable Launch launch;

	private volatile @Nullable Predicate<Mill> waiting;

	/**
	 * Create an exit.
	 * @param registry the mills
	 * @param context the application
	 * @param onCompletion whether the application ends with its mills, however they end
	 */
	CompletionExit(MillRegistry registry, ConfigurableApplicationContext context, boolean onCompletion) {
		this.registry = registry;
		this.context = context;
		this.onCompletion = onCompletion;
	}

	/**
	 * Return 1 if a mill failed, else 2 if one is stopped because another instance holds
	 * its work, else 0.
	 */
	@Override
	public int getExitCode() {
		if (this.registry.all().stream().anyMatch((mill) -> mill.state() == MillState.FAILED)) {
			return 1;
		}
		return this.registry.all().stream().anyMatch(CompletionExit::isHeldByAnother) ? 2 : 0;
	}

	private static boolean isHeldByAnother(Mill mill) {
		return mill.status().phase() instanceof MillPhase.TakenOver;
	}

	/**
	 * Take note that the application is up; returns once its mills are over, if that is
	 * to be waited for.
	 */
	void ready(Launch newLaunch) {
		if (this.onCompletion && !newLaunch.springTest()) {
			awaitEnd();
		}
		this.launch = newLaunch;
		check();
	}

	private void awaitEnd() {
		this.lock.lock();
		try {
			while (!isOver()) {
				this.changed.await();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	void begin(Predicate<Mill> newWaiting) {
		this.waiting = newWaiting;
		this.exiting.set(false);
	}

	void end() {
		this.waiting = null;
		signal();
	}

	void changed(Mill mill, MillState state) {
		if (state == MillState.RUNNING || state == MillState.COMPLETED || state == MillState.FAILED
				|| isHeldByAnother(mill)) {
			this.worked = true;
		}
		if (state != MillState.RUNNING) {
			signal();
			check();
		}
	}

	private void signal() {
		this.lock.lock();
		try {
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void check() {
		Launch by = this.launch;
		if (by == null || !by.main() || !this.worked || this.waiting == null || !isOver()) {
			return;
		}
		int exitCode = getExitCode();
		if ((this.onCompletion || (by.batch() && exitCode != 0)) && this.exiting.compareAndSet(false, true)) {
			Thread thread = new Thread(() -> exit(by, exitCode), "watermill-exit");
			thread.setDaemon(false);
			thread.start();
		}
	}

	private void exit(Launch by, int exitCode) {
		try {
			if (this.onCompletion) {
				by.thread().join();
			}
			else {
				by.thread().join(PATIENCE.toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return;
		}
		if (!isOver()) {
			// Somebody has started one again
			this.exiting.set(false);
			check();
		}
		else if (this.context.isActive()) {
			logger.info("All mills are over: closing the application with exit code {}", exitCode);
			System.exit(SpringApplication.exit(this.context));
		}
		else if (exitCode != 0) {
			// Closed by main, as with try-with-resources
			System.exit(exitCode);
		}
	}

	/**
	 * Whether all mills are over, or the application is.
	 */
	private boolean isOver() {
		Predicate<Mill> isWaiting = this.waiting;
		return isWaiting == null || this.registry.all().stream().allMatch((mill) -> isOver(mill, isWaiting));
	}

	private boolean isOver(Mill mill, Predicate<Mill> isWaiting) {
		MillPhase phase = mill.status().phase();
		return switch (phase.state()) {
			case COMPLETED, STOPPED -> true;
			// unless it is one lane that failed, and the others go on
			case FAILED -> !phase.isAtWork();
			case STARTING -> isWaiting.test(mill) && this.registry.network()
				.upstream(mill)
				.stream()
				.anyMatch((other) -> other.state() != MillState.COMPLETED && isOver(other, isWaiting));
			case RUNNING, PAUSED -> false;
		};
	}

}
