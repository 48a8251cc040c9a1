package dev.watermill.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryCoordinator;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: a mill of several instances, whose lanes are real, over streams, a
 * coordinator and a clock that are not. The seed decides whose turn it is, and when one
 * starts, stops, is killed, falls asleep, wakes, or is cut off; when elements come, and
 * marks. In the end each partition must hold what it has to, every result once and in
 * order, and one mark; nobody may have committed a lane that was not its own, nor have
 * said that the mill has completed before all lanes had.
 * <p>
 * To be run on a thread of a group of its own.
 */
final class Simulation {

	private static final int MOST_INSTANCES = 3;

	/** Some of what the engine waits for is measured by the clock on the wall. */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final long seed;

	private final Random random;

	private final Turns turns = new Turns();

	private final AtomicLong nanos = new AtomicLong();

	private final SimulatedMill mill;

	private final InMemoryBroker broker;

	private final InMemoryCoordinator coordinator;

	/** How many partitions there are now. */
	private int partitions;

	/** In which run the mill is, and which instance was the first one started in it. */
	private int run = 1;

	private int firstOfRun;

	private final List<SimulatedInstance> instances = new ArrayList<>();

	private final ConcurrentLinkedQueue<String> wrongs = new ConcurrentLinkedQueue<>();

	private final List<String> schedule = new ArrayList<>();

	Simulation(long seed) {
		this.seed = seed;
		this.random = new Random(seed);
		this.mill = SimulatedMill.random(seed, this.random, this.nanos::get);
		this.broker = new InMemoryBroker(1 + this.random.nextInt(4));
		this.coordinator = this.broker.coordinator().byHand();
		grow(this.mill.growing() ? 1 : this.mill.partitions());
	}

	/**
	 * Let the streams have so many partitions.
	 */
	private void grow(int count) {
		this.partitions = count;
		for (String stream : new String[] { SimulatedMill.OUT, SimulatedMill.MASTER, SimulatedMill.CHILD,
				letters(SimulatedMill.MASTER), letters(SimulatedMill.CHILD) }) {
			this.broker.stream(stream, count);
		}
	}

	private static String letters(String stream) {
		return stream + InMemoryBroker.DEAD_LETTERS_SUFFIX;
	}

	/**
	 * Run it.
	 * @throws AssertionError if anything is not as it has to be
	 */
	void run() throws InterruptedException {
		try {
			runOnce();
			while (this.run < this.mill.runs()) {
				note("run " + ++this.run);
				this.firstOfRun = this.instances.size();
				runOnce();
			}
			end();
			check();
		}
		catch (AssertionError | RuntimeException ex) {
			throw new AssertionError(ex.getMessage() + "\nseed " + this.seed + ": " + this.mill + "\n"
					+ String.join("\n", this.schedule) + "\n" + this.instances, ex);
		}
		finally {
			this.turns.end();
			this.instances.forEach(SimulatedInstance::end);
		}
	}

	private void runOnce() throws InterruptedException {
		start();
		for (int steps = 20 + this.random.nextInt(100); steps > 0; steps--) {
			step();
		}
		finish();
		check();
	}

	private void note(String what) {
		this.schedule.add(what);
	}

	private void start() {
		SimulatedInstance instance = new SimulatedInstance(this.instances.size(), this.turns, this.broker, this.mill,
				this.wrongs);
		this.instances.add(instance);
		note("start " + instance.number());
		instance.start();
	}

	private void step() throws InterruptedException {
		requireNoneTooEarly();
		this.nanos.addAndGet(this.random.nextInt(600_000));
		List<Turns.Turn> waiting = settle().stream().filter((turn) -> !instance(turn).isAsleep()).toList();
		if (!waiting.isEmpty() && this.random.nextInt(100) < 80) {
			give(choose(waiting));
		}
		else if (this.random.nextInt(100) < 55) {
			append(this.random.nextInt(this.partitions), this.random.nextBoolean());
		}
		else {
			befall();
		}
	}

	/**
	 * Wait until everybody waits.
	 * @return who waits for a turn in which anything happens
	 */
	private List<Turns.Turn> settle() {
		return this.turns.settle().stream().filter((turn) -> turn.isOfALane() || instance(turn).hasNews()).toList();
	}

	/**
	 * Choose whose turn it is: more often a lane than what hears of lanes.
	 */
	private Turns.Turn choose(List<Turns.Turn> waiting) {
		Turns.Turn one = waiting.get(this.random.nextInt(waiting.size()));
		return one.isOfALane() ? one : waiting.get(this.random.nextInt(waiting.size()));
	}

	private SimulatedInstance instance(Turns.Turn turn) {
		return this.instances.get(turn.instance());
	}

	private void give(Turns.Turn turn) {
		note(turn.toString());
		this.turns.give(turn);
	}

	/**
	 * Let the next element of a partition come, or its mark.
	 */
	private void append(int partition, boolean toMaster) {
		String name = toMaster ? SimulatedMill.MASTER : SimulatedMill.CHILD;
		InMemoryStream<Object> stream = this.broker.<Object>stream(name).partition(partition);
		List<@Nullable Integer> elements = this.mill.elements(name, partition, this.run);
		int there = stream.elements().size();
		if (there < elements.size()) {
			Integer element = elements.get(there);
			note("append " + element + " to " + stream);
			stream.append((element != null) ? element : new InvalidElement("none", null, null));
		}
		else if (!stream.isEnded()) {
			note("end " + stream);
			stream.end();
		}
	}

	/**
	 * Let something befall one of the instances, or the streams.
	 */
	private void befall() throws InterruptedException {
		if (this.partitions < this.mill.partitions() && this.random.nextInt(4) == 0) {
			note("grow to " + (this.partitions + 1));
			grow(this.partitions + 1);
			return;
		}
		List<SimulatedInstance> alive = this.instances.stream().filter(SimulatedInstance::isAtWork).toList();
		if (alive.isEmpty() || (alive.size() < MOST_INSTANCES && this.random.nextInt(4) == 0)) {
			if (!isOver()) {
				start();
			}
			return;
		}
		List<SimulatedInstance> away = alive.stream().filter(SimulatedInstance::isAway).toList();
		if (!away.isEmpty() && this.random.nextInt(10) < 6) {
			passTime(away.get(this.random.nextInt(away.size())));
		}
		else {
			befall(alive.get(this.random.nextInt(alive.size())));
		}
	}

	/**
	 * Let an instance be away for longer, or come back.
	 */
	private void passTime(SimulatedInstance away) {
		if (this.random.nextBoolean()) {
			Duration time = Duration.ofMillis(3_000 + this.random.nextInt(6_000));
			note("let " + time + " pass");
			this.coordinator.advance(time);
		}
		else {
			note("wake " + away.number());
			away.wake();
		}
	}

	private void befall(SimulatedInstance one) {
		switch (this.random.nextInt(4)) {
			case 0 -> {
				note("stop " + one.number());
				one.stop();
			}
			case 1 -> {
				note("kill " + one.number());
				one.crash();
			}
			case 2 -> {
				note("send to sleep " + one.number());
				one.sleep();
			}
			default -> {
				note("cut off " + one.number());
				one.cut();
			}
		}
	}

	/**
	 * Let all come that there is, and everybody do what is to be done.
	 */
	private void finish() throws InterruptedException {
		note("finish");
		// who counts partitions sees those of all streams before, or after
		this.turns.settle();
		grow(this.mill.partitions());
		for (int partition = 0; partition < this.mill.partitions(); partition++) {
			for (boolean toMaster : new boolean[] { true, false }) {
				for (int left = 0; left < 13; left++) {
					append(partition, toMaster);
				}
			}
		}
		this.instances.forEach(SimulatedInstance::wake);
		this.turns.settle();
		if (this.instances.stream().noneMatch(SimulatedInstance::isAtWork) && !isOver()) {
			start();
		}
		long since = System.nanoTime();
		for (int round = 0; !isOver(); round++) {
			requireNoneFailed();
			requireNoneTooEarly();
			if (System.nanoTime() - since > PATIENCE.toNanos()) {
				throw new AssertionError("the lanes do not complete: " + this.turns.describe());
			}
			this.nanos.addAndGet(1_000_000);
			if (round % 20 == 0) {
				this.coordinator.advance(InMemoryCoordinator.SESSION_TIMEOUT);
				if (this.instances.stream().noneMatch(SimulatedInstance::isAtWork)) {
					start();
				}
			}
			giveEach(settle(), round % 4 == 0);
		}
	}

	private void giveEach(List<Turns.Turn> waiting, boolean all) {
		boolean none = waiting.stream().noneMatch(Turns.Turn::isOfALane);
		for (Turns.Turn turn : waiting) {
			if (all || none || turn.isOfALane()) {
				give(turn);
				this.turns.settle();
			}
		}
		if (none) {
			this.turns.rest();
		}
	}

	private void requireNoneFailed() {
		for (SimulatedInstance instance : this.instances) {
			if (instance.isFailed()) {
				throw new AssertionError("failed: " + instance);
			}
		}
	}

	/**
	 * Nobody says that the mill has completed before it has, unless there are more
	 * partitions since.
	 */
	private void requireNoneTooEarly() throws InterruptedException {
		for (SimulatedInstance instance : this.instances) {
			if (instance.number() >= this.firstOfRun && !this.mill.growing() && instance.isCompleted() && !isOver()) {
				throw new AssertionError("completed before all lanes have: " + instance);
			}
		}
	}

	/**
	 * Whether all that the run has to write is written, in all partitions that there are.
	 */
	private boolean isOver() throws InterruptedException {
		for (int partition = 0; partition < this.partitions; partition++) {
			if (written(partition).size() < this.run) {
				return false;
			}
		}
		return true;
	}

	private void check() throws InterruptedException {
		if (!this.wrongs.isEmpty()) {
			throw new AssertionError(this.wrongs.toString());
		}
		for (int partition = 0; partition < this.mill.partitions(); partition++) {
			int lane = partition;
			List<List<String>> runs = IntStream.rangeClosed(1, this.run)
				.mapToObj((number) -> this.mill.expected(lane, number))
				.toList();
			List<String> expected = runs.stream().flatMap(List::stream).toList();
			List<Object> found = this.broker.stream(SimulatedMill.OUT).partition(partition).elements();
			if (!expected.equals(found)) {
				throw new AssertionError("partition " + partition + " holds " + found + ", but expected " + expected);
			}
			List<Integer> marks = runs.stream().map(List::size).toList();
			if (!marks.equals(written(partition))) {
				throw new AssertionError("partition " + partition + " has marks behind " + written(partition)
						+ " results, but expected them behind " + marks);
			}
			requireLetters(SimulatedMill.MASTER, partition);
			requireLetters(SimulatedMill.CHILD, partition);
		}
	}

	/**
	 * Each element that is none has to be in the dead letters once, up to where the lane
	 * has read.
	 */
	private void requireLetters(String stream, int partition) {
		Checkpoint.Input input = this.broker.committed(new LaneId("mill", partition))
			.orElseThrow()
			.inputs()
			.get(stream);
		Position upTo = (input.letters() != null) ? input.letters() : input.position();
		List<Long> expected = this.mill.expectedLetters(stream, partition,
				upTo.has("offset") ? upTo.number("offset") : 0);
		List<Object> found = this.broker.<DeadLetter>stream(letters(stream))
			.partition(partition)
			.elements()
			.stream()
			.map((letter) -> letter.element().origin().get("index"))
			.toList();
		if (!expected.equals(found)) {
			throw new AssertionError("the dead letters of '" + stream + "', partition " + partition + ", are " + found
					+ ", but expected " + expected + " up to " + upTo);
		}
	}

	/**
	 * How many results stand before each mark.
	 */
	private List<Integer> written(int partition) throws InterruptedException {
		StreamSource<String> source = this.broker.source(StreamDefinition.of(SimulatedMill.OUT, String.class));
		LaneId reading = new LaneId("check", partition);
		List<Integer> written = new ArrayList<>();
		@Nullable Position behind = null;
		boolean ended = true;
		while (ended) {
			int count = 0;
			try (StreamReader<String> reader = source.open(reading, behind)) {
				Batch<String> batch;
				do {
					batch = reader.read(Duration.ZERO);
					count += batch.size();
				}
				while (batch.status() == Batch.Status.OPEN);
				ended = batch.status() == Batch.Status.ENDED;
				behind = source.completed(batch.position(batch.size()), true);
			}
			if (ended) {
				written.add(count);
			}
		}
		return written;
	}

	private void end() throws InterruptedException {
		this.instances.forEach(SimulatedInstance::stop);
		this.turns.end();
		this.instances.forEach(SimulatedInstance::end);
		this.turns.awaitEnd();
	}

}
