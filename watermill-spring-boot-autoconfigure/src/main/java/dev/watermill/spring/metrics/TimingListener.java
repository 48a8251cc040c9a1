package dev.watermill.spring.metrics;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import dev.watermill.engine.MillListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Records what the threads of one mill measured. There are mostly no registries or one,
 * hence an array, which is replaced and never changed.
 */
final class TimingListener implements MillListener {

	private volatile MillMeters[] bound = {};

	synchronized void bind(Tags tags, MeterRegistry registry) {
		MillMeters[] longer = Arrays.copyOf(this.bound, this.bound.length + 1);
		longer[this.bound.length] = MillMeters.register(tags, registry);
		this.bound = longer;
	}

	@Override
	public void delivered(long nanos) {
		for (MillMeters meters : this.bound) {
			meters.process().record(nanos, TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public void committed(long nanos) {
		for (MillMeters meters : this.bound) {
			meters.commit().record(nanos, TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public void lanesAssigned(int lanes) {
		for (MillMeters meters : this.bound) {
			meters.assigned().increment();
		}
	}

	@Override
	public void laneRuns(long nanos) {
		for (MillMeters meters : this.bound) {
			meters.start().record(nanos, TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public void lanesRevoked(int lanes, boolean lost, long nanos) {
		for (MillMeters meters : this.bound) {
			(lost ? meters.lost() : meters.revoked()).increment();
			if (!lost) {
				meters.handOver().record(nanos, TimeUnit.NANOSECONDS);
			}
		}
	}

}
