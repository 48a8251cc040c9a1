package dev.watermill.spring.mill;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.watermill.Mill;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mills that wait until others have written their input. Thread-safe.
 * <p>
 * A mill calls with its own lock held, so nothing here takes one: whoever removes a mill
 * from the set starts it.
 */
final class WaitingMills {

	private static final Logger logger = LoggerFactory.getLogger(WaitingMills.class);

	private final MillRegistry registry;

	private final Set<Mill> waiting = ConcurrentHashMap.newKeySet();

	WaitingMills(MillRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Let a mill wait for those that write its input.
	 */
	void add(Mill mill) {
		this.waiting.add(mill);
		mill.waitFor(detail(mill));
	}

	boolean contains(Mill mill) {
		return this.waiting.contains(mill);
	}

	void clear() {
		this.waiting.clear();
	}

	/**
	 * Take note of a mill's new state.
	 */
	void changed(Mill mill, MillState state) {
		switch (state) {
			case RUNNING, STOPPED -> this.waiting.remove(mill);
			case STARTING -> {
				warnIfEarly(mill);
				waitAgain(mill);
			}
			default -> {
			}
		}
		if (state != MillState.PAUSED) {
			this.registry.network().downstream(mill).forEach(this::startIfReady);
		}
	}

	/**
	 * Whoever starts a mill that would have to wait may know better, but reads so.
	 */
	private void warnIfEarly(Mill mill) {
		if (!(mill.status().phase() instanceof MillPhase.Starting)) {
			return;
		}
		for (Mill writer : this.registry.network().upstream(mill)) {
			if (writer.state() != MillState.COMPLETED) {
				logger.warn("Mill '{}' is started although mill '{}', which writes its input, is {}: it reads what is "
						+ "there so far", mill.name(), writer.name(), writer.state());
			}
		}
	}

	/**
	 * A mill that begins again takes back what it wrote, so who read it has to read it
	 * again.
	 */
	private void waitAgain(Mill mill) {
		if (!this.waiting.contains(mill)) {
			this.registry.network()
				.downstream(mill)
				.stream()
				.filter((other) -> other.state() == MillState.COMPLETED)
				.forEach(this::add);
		}
	}

	private void startIfReady(Mill mill) {
		if (!this.waiting.contains(mill)) {
			return;
		}
		boolean ready = this.registry.network()
			.upstream(mill)
			.stream()
			.allMatch((other) -> other.state() == MillState.COMPLETED);
		String detail = detail(mill);
		if (!ready && !detail.equals(mill.status().detail())) {
			mill.waitFor(detail);
		}
		else if (ready && this.waiting.remove(mill)) {
			mill.start();
		}
	}

	private String detail(Mill mill) {
		return this.registry.network()
			.upstream(mill)
			.stream()
			.map((other) -> "mill '" + other.name() + "', which writes its input" + trouble(other.state()))
			.reduce((first, second) -> first + "; " + second)
			.orElse("");
	}

	private static String trouble(MillState state) {
		return switch (state) {
			case FAILED -> " and has failed";
			case STOPPED -> " and is stopped";
			default -> "";
		};
	}

}
