package dev.watermill.simulation;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Many random schedules of lanes that come and go. {@code -Dsimulation.schedules} says
 * how many, {@code -Dsimulation.seed} which is the first one: what a failure names can be
 * run again alone by a seed and one schedule.
 */
class SimulationTests {

	private static final long SCHEDULES = Long.getLong("simulation.schedules", 10_000);

	private static final long FIRST = Long.getLong("simulation.seed", 1);

	private static final int AT_ONCE = 3;

	private final AtomicLong next = new AtomicLong(FIRST);

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	@Test
	void everyResultIsThereOnceAndInOrderWhateverBefallsTheInstances() throws Throwable {
		Thread[] runners = new Thread[AT_ONCE];
		for (int i = 0; i < AT_ONCE; i++) {
			runners[i] = new Thread(new ThreadGroup("simulation-" + i), this::run, "simulation-" + i);
			runners[i].start();
		}
		for (Thread runner : runners) {
			runner.join();
		}
		Throwable thrown = this.failure.get();
		if (thrown != null) {
			throw thrown;
		}
	}

	private void run() {
		long seed = this.next.getAndIncrement();
		while (seed < FIRST + SCHEDULES && this.failure.get() == null) {
			try {
				new Simulation(seed).run();
			}
			catch (Throwable ex) {
				this.failure.compareAndSet(null, ex);
			}
			seed = this.next.getAndIncrement();
		}
	}

}
