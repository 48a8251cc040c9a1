package dev.watermill.spring.mill;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.watermill.Mill;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextPausedEvent;
import org.springframework.context.event.ContextStoppedEvent;

/**
 * Starts and stops mills with their application, after all that they may use has started
 * and before any of it stops. A mill that reads what another one writes is started when
 * that one has completed. After a pause of the application, or a checkpoint of its JVM,
 * those mills go on that were at work before, and no others. Thread-safe.
 */
final class MillLifecycle implements SmartLifecycle, SmartInitializingSingleton, BeanNameAware, ApplicationContextAware,
		ApplicationListener<ApplicationContextEvent> {

	private static final Logger logger = LoggerFactory.getLogger(MillLifecycle.class);

	private final MillRegistry registry;

	private final WaterMillProperties properties;

	private final @Nullable CompletionExit exit;

	private final WaitingMills waiting;

	private String beanName = "watermillLifecycle";

	private @Nullable ApplicationContext context;

	/** Until all mills have stopped: what they use must not stop before. */
	private volatile boolean running;

	private volatile boolean stopping;

	private boolean resetDone;

	/** What was at work when the application was paused, and whether it was paused. */
	private volatile @Nullable Map<Mill, MillState> atWork;

	/**
	 * Create a life cycle.
	 * @param registry the mills
	 * @param properties the settings
	 * @param exit what happens when all mills are over, {@code null} for nothing
	 */
	MillLifecycle(MillRegistry registry, WaterMillProperties properties, @Nullable CompletionExit exit) {
		this.registry = registry;
		this.properties = properties;
		this.exit = exit;
		this.waiting = new WaitingMills(registry);
	}

	@Override
	public void setBeanName(String name) {
		this.beanName = name;
	}

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.context = applicationContext;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.registry.startBefore(this.beanName);
	}

	@Override
	public void onApplicationEvent(ApplicationContextEvent event) {
		if (event.getApplicationContext() != this.context) {
			return;
		}
		if (event instanceof ContextClosedEvent) {
			this.registry.gate().closeForGood("its application closes.");
		}
		else if (event instanceof ContextStoppedEvent) {
			this.registry.gate().open();
			if (!(event instanceof ContextPausedEvent)) {
				// who stops and starts it by hand begins anew
				this.atWork = null;
			}
		}
	}

	@Override
	public synchronized void start() {
		if (this.running) {
			return;
		}
		this.stopping = false;
		this.registry.gate().open();
		Map<Mill, MillState> before = this.atWork;
		MillNetwork network = this.registry.network();
		List<Mill> mills = network.mills()
			.stream()
			.filter((before != null) ? before::containsKey : this::isAutoStartup)
			.toList();
		if (!this.resetDone) {
			new RequestedResets(this.properties.getReset()).apply(network.mills());
			this.resetDone = true;
		}
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
		if (before != null) {
			before.forEach((mill, state) -> {
				if (state == MillState.PAUSED) {
					mill.pause();
				}
			});
		}
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
		return this.properties.isAutoStartup() && (settings == null || settings.isAutoStartup());
	}

	private void changed(Mill mill, MillState state) {
		if (!this.running || this.stopping) {
			return;
		}
		if (this.properties.isAutoStartup()) {
			this.waiting.changed(mill, state);
		}
		if (this.exit != null) {
			this.exit.changed(mill, state);
		}
	}

	@Override
	public synchronized void stop() {
		if (!this.running) {
			return;
		}
		this.stopping = true;
		if (this.exit != null) {
			this.exit.end();
		}
		this.atWork = atWork();
		this.waiting.clear();
		this.registry.stop();
		this.running = false;
	}

	private Map<Mill, MillState> atWork() {
		Map<Mill, MillState> states = new LinkedHashMap<>();
		for (Mill mill : this.registry.all()) {
			MillPhase phase = mill.status().phase();
			if (phase.isAtWork()) {
				states.put(mill, phase.state());
			}
		}
		return states;
	}

	/**
	 * Stops on the calling thread: the container stops what mills use as soon as this has
	 * returned.
	 */
	@Override
	public void stop(Runnable callback) {
		try {
			stop();
		}
		finally {
			callback.run();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
