package dev.watermill.spring.mill;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Ends the application once all of its mills are over: completed, failed, stopped on
 * purpose, or waiting for one that is. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CompletionExit
		implements ExitCodeGenerator, ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(CompletionExit.class);

	private final MillRegistry registry;

	private final ApplicationContext context;

	private final ApplicationExit exit;

	private final AtomicBoolean exiting = new AtomicBoolean();

	/** Whether the application is up, so that closing it cuts nothing short. */
	private volatile boolean ready;

	private volatile boolean worked;

	private volatile @Nullable Predicate<Mill> waiting;

	/**
	 * Create an exit.
	 * @param registry the mills
	 * @param context the application
	 * @param exit ends the application
	 */
	public CompletionExit(MillRegistry registry, ApplicationContext context, ApplicationExit exit) {
		this.registry = registry;
		this.context = context;
		this.exit = exit;
		// A SpringApplication tells when its runners have run; other contexts are ready
		// once started
		this.ready = !context.containsBean("springApplicationArguments");
	}

	@Override
	public int getExitCode() {
		return this.registry.all().stream().anyMatch((mill) -> mill.state() == MillState.FAILED) ? 1 : 0;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		// The last that a SpringApplication does before it returns
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC && event.getSource() == this.context) {
			this.ready = true;
			check();
		}
	}

	void begin(Predicate<Mill> newWaiting) {
		this.waiting = newWaiting;
		this.exiting.set(false);
	}

	void end() {
		this.waiting = null;
	}

	void changed(MillState state) {
		if (state == MillState.RUNNING || state == MillState.COMPLETED || state == MillState.FAILED) {
			this.worked = true;
		}
		if (state != MillState.RUNNING) {
			check();
		}
	}

	private void check() {
		Predicate<Mill> isWaiting = this.waiting;
		if (isWaiting == null || !this.ready || !this.worked
				|| !this.registry.all().stream().allMatch((mill) -> isOver(mill, isWaiting))) {
			return;
		}
		if (this.exiting.compareAndSet(false, true)) {
			logger.info("All mills are over: closing the application, as watermill.exit-on-completion says");
			Thread thread = new Thread(() -> this.exit.exit(this.context, this), "watermill-exit");
			thread.setDaemon(false);
			thread.start();
		}
	}

	private boolean isOver(Mill mill, Predicate<Mill> isWaiting) {
		return switch (mill.state()) {
			case COMPLETED, FAILED -> true;
			case STOPPED -> this.registry.isStoppedOnPurpose(mill);
			case STARTING -> isWaiting.test(mill) && this.registry.network()
				.upstream(mill)
				.stream()
				.anyMatch((other) -> other.state() != MillState.COMPLETED && isOver(other, isWaiting));
			case RUNNING, PAUSED -> false;
		};
	}

}
