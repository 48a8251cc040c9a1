package dev.watermill.spring.mill;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops mills with their application. A mill that reads what another one
 * writes is started when that one has completed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MillLifecycle implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(MillLifecycle.class);

	private static final Duration BETWEEN_LOGS = Duration.ofSeconds(10);

	private final MillRegistry registry;

	private final WaterMillProperties properties;

	private final @Nullable CompletionExit exit;

	private final WaitingMills waiting;

	private volatile boolean running;

	/**
	 * Create a life cycle.
	 * @param registry the mills
	 * @param properties the settings
	 * @param exit what happens when all mills are over, {@code null} for nothing
	 */
	public MillLifecycle(MillRegistry registry, WaterMillProperties properties, @Nullable CompletionExit exit) {
		this.registry = registry;
		this.properties = properties;
		this.exit = exit;
		this.waiting = new WaitingMills(registry);
	}

	@Override
	public void start() {
		if (this.running) {
			return;
		}
		MillNetwork network = this.registry.network();
		List<Mill> mills = network.mills().stream().filter(this::isAutoStartup).toList();
		mills.forEach((mill) -> this.registry.startCheck().check(mill));
		mills.forEach(MillLifecycle::announce);
		this.registry.observe(this::changed);
		this.running = true;
		if (this.exit != null) {
			this.exit.begin(this.waiting::contains);
		}
		List<Mill> dependent = mills.stream().filter((mill) -> hasToWait(network.upstream(mill), mills)).toList();
		dependent.forEach(this.waiting::add);
		mills.stream().filter((mill) -> !dependent.contains(mill)).forEach(Mill::start);
	}

	private static boolean hasToWait(Set<Mill> upstream, List<Mill> starting) {
		return upstream.stream().anyMatch((mill) -> starting.contains(mill) || mill.state() != MillState.COMPLETED);
	}

	private static void announce(Mill mill) {
		logger.info("Mill '{}' reads {}{}", mill.name(),
				String.join(", ",
						mill.tree().nodes().stream().map((node) -> node.source().location()).distinct().toList()),
				mill.outputs().isEmpty() ? "" : " and writes " + String.join(", ",
						mill.outputs().stream().map((output) -> output.sink().location()).distinct().toList()));
	}

	private boolean isAutoStartup(Mill mill) {
		MillProperties settings = this.properties.findMill(mill.name());
		return settings == null || settings.isAutoStartup();
	}

	private void changed(Mill mill, MillState state) {
		if (!this.running) {
			return;
		}
		this.waiting.changed(mill, state);
		if (this.exit != null) {
			this.exit.changed(mill, state);
		}
	}

	@Override
	public void stop() {
		this.running = false;
		if (this.exit != null) {
			this.exit.end();
		}
		this.waiting.clear();
		this.registry.all().forEach(Mill::stop);
		this.registry.all().forEach(this::await);
	}

	@Override
	public void stop(Runnable callback) {
		Thread thread = new Thread(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		}, "watermill-stop");
		thread.setDaemon(true);
		thread.start();
	}

	private void await(Mill mill) {
		try {
			while (!mill.awaitEnd(BETWEEN_LOGS)) {
				logger.info("Mill '{}' is still at work: waiting for its function to return", mill.name());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
