package dev.watermill.spring.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.watermill.MillBuilder;
import dev.watermill.spring.MillCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Measures how long each mill's deliveries and commits take. It listens to every mill
 * from the time it is built, and records once {@link MillMetrics} has bound it to a
 * registry; so mills need no registry to be built. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MillTimers implements MillCustomizer {

	private final Map<String, TimingListener> listeners = new ConcurrentHashMap<>();

	@Override
	public void customize(MillBuilder builder) {
		builder.listener(this.listeners.computeIfAbsent(builder.name(), (name) -> new TimingListener()));
	}

	void bind(String mill, Tags tags, MeterRegistry registry) {
		TimingListener listener = this.listeners.get(mill);
		if (listener != null) {
			listener.bind(tags, registry);
		}
	}

}
