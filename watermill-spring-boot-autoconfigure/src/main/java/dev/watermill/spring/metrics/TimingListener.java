package dev.watermill.spring.metrics;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import dev.watermill.engine.MillListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Records what one mill's thread measured. There are mostly no timers or one of each
 * kind, hence arrays, which are replaced and never changed.
 */
final class TimingListener implements MillListener {

	private volatile Timer[] process = {};

	private volatile Timer[] commit = {};

	synchronized void bind(Tags tags, MeterRegistry registry) {
		this.process = append(this.process,
				Timer.builder(MeterNames.PROCESS)
					.tags(tags)
					.description("Calls of the processing function, the writing of their results included")
					.register(registry));
		this.commit = append(this.commit,
				Timer.builder(MeterNames.COMMIT)
					.tags(tags)
					.description("Commits of positions and of the results before them")
					.register(registry));
	}

	private static Timer[] append(Timer[] timers, Timer timer) {
		Timer[] longer = Arrays.copyOf(timers, timers.length + 1);
		longer[timers.length] = timer;
		return longer;
	}

	@Override
	public void delivered(long nanos) {
		record(this.process, nanos);
	}

	@Override
	public void committed(long nanos) {
		record(this.commit, nanos);
	}

	private static void record(Timer[] timers, long nanos) {
		for (Timer timer : timers) {
			timer.record(nanos, TimeUnit.NANOSECONDS);
		}
	}

}
