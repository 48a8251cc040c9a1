package dev.watermill.spring.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Binds the meters of a child context's mills to the registries of its parent, which
 * Spring Boot does not do: it finds meters where the registries are. They are taken out
 * again when the child closes.
 */
final class InheritedRegistry implements SmartInitializingSingleton, DisposableBean {

	private final MillMetrics metrics;

	private final ObjectProvider<MeterRegistry> registries;

	private final List<Runnable> removals = new ArrayList<>();

	InheritedRegistry(MillMetrics metrics, ObjectProvider<MeterRegistry> registries) {
		this.metrics = metrics;
		this.registries = registries;
	}

	@Override
	public void afterSingletonsInstantiated() {
		MeterRegistry unique = this.registries.getIfUnique();
		if (unique != null) {
			bind(unique);
		}
		else {
			this.registries.forEach(this::bind);
		}
	}

	private void bind(MeterRegistry registry) {
		Set<Meter> before = new HashSet<>(registry.getMeters());
		this.metrics.bindTo(registry);
		registry.getMeters()
			.stream()
			.filter((meter) -> !before.contains(meter))
			.forEach((meter) -> this.removals.add(() -> registry.remove(meter)));
	}

	@Override
	public void destroy() {
		this.removals.forEach(Runnable::run);
	}

}
