package dev.watermill.demo.robots;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Broker;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * A broker of the user's own: robots that report their positions at a steady pace, for
 * ever. What a reading says follows from its number, so the number is all that has to be
 * remembered to go on after a restart.
 */
@Component("pacedRobots")
class PacedRobotsBroker implements Broker {

	private static final int ROBOTS = 3;

	private static final Duration DEFAULT_PACE = Duration.ofMillis(100);

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		String pace = definition.properties().get("pace");
		String robots = definition.properties().get("robots");
		return new RobotSource<>((robots != null) ? Integer.parseInt(robots) : ROBOTS,
				(pace != null) ? Duration.parse(pace) : DEFAULT_PACE);
	}

	private static RobotPosition reading(long tick, int robots) {
		int robot = (int) (tick % robots);
		return new RobotPosition(tick, robot, Math.round(100 * Math.sin(tick / (10.0 + robot)) * 10) / 10.0);
	}

	private static final class RobotSource<T> implements StreamSource<T> {

		private final int robots;

		private final Duration pace;

		RobotSource(int robots, Duration pace) {
			this.robots = robots;
			this.pace = pace;
		}

		@Override
		public String location() {
			return this.robots + " robots, of which one reports every " + this.pace.toMillis() + " ms";
		}

		@Override
		public Object resource() {
			return this;
		}

		@Override
		public StreamReader<T> open(LaneId lane, @Nullable Position from) {
			return new RobotReader<>(this.robots, this.pace, (from != null) ? from.number("tick") : 0);
		}

	}

	private static final class RobotReader<T> implements StreamReader<T> {

		private final int robots;

		private final Duration pace;

		private final ReentrantLock lock = new ReentrantLock();

		private final Condition never = this.lock.newCondition();

		private long tick;

		private long due = System.nanoTime();

		RobotReader(int robots, Duration pace, long tick) {
			this.robots = robots;
			this.pace = pace;
			this.tick = tick;
		}

		@Override
		public Batch<T> read(Duration timeout) throws InterruptedException {
			waitUntilDue(timeout.toNanos());
			long first = this.tick;
			List<RobotPosition> readings = new ArrayList<>();
			while (System.nanoTime() - this.due >= 0) {
				readings.add(reading(this.tick++, this.robots));
				this.due += this.pace.toNanos();
			}
			return new RobotBatch<>(first, readings);
		}

		private void waitUntilDue(long nanos) throws InterruptedException {
			long left = Math.min(nanos, this.due - System.nanoTime());
			this.lock.lock();
			try {
				while (left > 0) {
					left = this.never.awaitNanos(left);
				}
			}
			finally {
				this.lock.unlock();
			}
		}

		@Override
		public void close() {
		}

	}

	private record RobotBatch<T>(long first, List<RobotPosition> readings) implements Batch<T> {

		@Override
		public int size() {
			return this.readings.size();
		}

		@Override
		public Object element(int index) {
			return this.readings.get(index);
		}

		@Override
		public Position position(int index) {
			return Position.of("tick", this.first + index);
		}

		@Override
		public String origin(int index) {
			return "reading " + (this.first + index);
		}

		@Override
		public Status status() {
			return Status.CAUGHT_UP;
		}

	}

}
