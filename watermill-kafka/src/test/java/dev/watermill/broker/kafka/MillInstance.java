package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.watermill.kafka.fixture.BrokerLink;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of several instances of a mill, each a process that is started again and again, and
 * what was done to it.
 */
final class MillInstance implements AutoCloseable {

	private final String name;

	private final MillSetup setup;

	private final Path directory;

	private @Nullable MillProcess process;

	/** When it is to be well again, as {@link System#nanoTime()} has it. */
	private long sickUntil;

	private boolean asleep;

	private @Nullable BrokerLink cut;

	/** Whether it was told to end. */
	private boolean told;

	MillInstance(String name, MillSetup setup, Path directory) {
		this.name = name;
		this.setup = setup;
		this.directory = directory;
	}

	MillInstance start() throws IOException {
		assertThat(isAlive()).isFalse();
		this.process = MillProcess.start(this.setup, this.directory);
		this.told = false;
		return this;
	}

	MillProcess process() {
		if (this.process == null) {
			throw new IllegalStateException(this.name + " was never started");
		}
		return this.process;
	}

	boolean isAlive() {
		return this.process != null && this.process.isAlive();
	}

	boolean isTold() {
		return this.told;
	}

	boolean isAsleep() {
		return this.asleep;
	}

	boolean isCut() {
		return this.cut != null;
	}

	/**
	 * Whether it is asleep or cut off.
	 */
	boolean isSick() {
		return this.asleep || this.cut != null;
	}

	/**
	 * Whether it was asleep or cut off for as long as it was meant to.
	 */
	boolean isToBeHealed() {
		return isSick() && System.nanoTime() - this.sickUntil > 0;
	}

	/**
	 * Whether it does its work, or soon will.
	 */
	boolean works() {
		return isAlive() && !isSick() && !this.told;
	}

	/**
	 * Tell it to stop.
	 */
	void stop() {
		this.told = true;
		process().stop();
	}

	boolean isStopping() {
		return this.told && isAlive();
	}

	void kill() throws InterruptedException {
		this.told = true;
		this.asleep = false;
		process().kill();
	}

	/**
	 * Put it to sleep, until somebody wakes it.
	 * @param duration for how long it is meant to sleep
	 */
	void sleep(Duration duration) throws IOException, InterruptedException {
		this.asleep = true;
		this.sickUntil = System.nanoTime() + duration.toNanos();
		process().signal("STOP");
	}

	void wake() throws IOException, InterruptedException {
		this.asleep = false;
		process().signal("CONT");
	}

	/**
	 * Cut it off, until somebody mends it.
	 * @param duration for how long it is meant to be cut off
	 */
	void cut(BrokerLink link, Duration duration) {
		this.cut = link;
		this.sickUntil = System.nanoTime() + duration.toNanos();
		link.cut();
	}

	void mend() {
		if (this.cut != null) {
			this.cut.mend();
			this.cut = null;
		}
	}

	void heal() throws IOException, InterruptedException {
		mend();
		if (this.asleep) {
			wake();
		}
	}

	/**
	 * What it says, if it ended although nobody has told it to.
	 */
	Optional<String> endedByItself() {
		return (this.process != null && !this.process.isAlive() && !this.told) ? Optional.of(this.process.toString())
				: Optional.empty();
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.close();
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
