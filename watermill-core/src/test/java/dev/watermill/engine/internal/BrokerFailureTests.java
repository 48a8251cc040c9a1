package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import dev.watermill.FaultyBroker;
import dev.watermill.FaultyBroker.Operation;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BrokerFailureTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final InMemoryBroker broker = new InMemoryBroker(2);

	private FaultyBroker.Faults faults = (operation, stream) -> {
	};

	private final FaultyBroker faulty = new FaultyBroker(this.broker,
			(operation, stream) -> this.faults.before(operation, stream));

	private MillBuilder builder() {
		MillBuilder builder = Mill.builder("mill")
			.to("out", String.class, this.faulty)
			.commitInterval(Duration.ofNanos(1))
			.retry(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(2)));
		Input<Integer> master = builder.from("a", Integer.class, this.faulty);
		JoinMany<Integer, Integer> join = builder.join(master, "b", Integer.class, this.faulty)
			.onLong((left) -> left, (right) -> right)
			.many();
		builder.process((delivery) -> delivery.get(master) + "=" + delivery.get(join).get(delivery.get(master)).size());
		return builder;
	}

	private List<Object> out() {
		InMemoryStream<Object> out = this.broker.stream("out");
		return out.elements();
	}

	private void fill() {
		this.broker.stream("a").complete(List.of(1, 2, 3, 4, 5, 6));
		this.broker.stream("b").complete(List.of(1, 2, 2, 3, 4, 4, 5, 6));
	}

	private void assertWhole() {
		assertThat(out()).containsExactly("1=1", "2=2", "3=1", "4=2", "5=1", "6=1");
		assertThat(this.broker.stream("out").isEnded()).isTrue();
	}

	@ParameterizedTest
	@EnumSource(Operation.class)
	void waitsForABrokerThatIsAwayAndLosesAndRepeatsNothing(Operation away) {
		for (int from = 1; from <= 6; from++) {
			this.broker.stream("out");
			fill();
			int first = from;
			AtomicInteger count = new AtomicInteger();
			this.faults = (operation, stream) -> {
				if (operation == away) {
					int number = count.incrementAndGet();
					if (number >= first && number < first + 3) {
						throw new BrokerUnavailableException("the broker is away");
					}
				}
			};
			Mill mill = builder().build();
			assertThat(mill.run()).as("from %d on", from).isEqualTo(MillState.COMPLETED);
			assertWhole();
			assertThat(mill.status().unavailable()).isNull();
		}
	}

	@Test
	void looksSoonAgainForABrokerThatIsAwayHoweverLongItPausesForItsFunction() throws InterruptedException {
		fill();
		AtomicInteger count = new AtomicInteger(2);
		this.faults = (operation, stream) -> {
			if (count.getAndDecrement() > 0) {
				throw new BrokerUnavailableException("the broker is away");
			}
		};
		Mill mill = builder().retry(new RetryPolicy(2, Duration.ofMinutes(10), Duration.ofMinutes(10))).build();
		mill.start();
		assertThat(mill.awaitEnd(LONG)).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertWhole();
	}

	@Test
	void losesAndRepeatsNothingWhateverIsAwayWhenever() {
		for (int seed = 0; seed < 300; seed++) {
			fill();
			Random random = new Random(seed);
			this.faulty.timeLimit((seed % 2 == 0) ? null : Duration.ofMillis(1));
			this.faults = (operation, stream) -> {
				if (random.nextInt(10) == 0) {
					throw new BrokerUnavailableException("away");
				}
			};
			MillBuilder builder = builder().retry(new RetryPolicy(2, Duration.ZERO, Duration.ZERO));
			assertThat(builder.build().run()).as("seed %d", seed).isEqualTo(MillState.COMPLETED);
			assertWhole();
		}
	}

	@Test
	void knowsThatItCompletedThoughTheLastCommitWasNotAnswered() {
		for (int i = 0; i < 2; i++) {
			fill();
			AtomicInteger deliveries = new AtomicInteger();
			AtomicInteger lost = new AtomicInteger(2);
			this.faults = (operation, stream) -> {
				if (operation == Operation.COMMITTED && this.broker.stream("out").isEnded()
						&& lost.getAndDecrement() > 0) {
					throw new BrokerUnavailableException("away");
				}
			};
			Mill mill = builder().listener(new MillListener() {

				@Override
				public void delivered(long nanos) {
					deliveries.incrementAndGet();
				}

			}).build();
			assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
			assertThat(deliveries).hasValue(6);
			assertThat(mill.status().unavailable()).isNull();
			assertWhole();
		}
	}

	@Test
	void tellsWhatItWaitsForMeanwhile() throws InterruptedException {
		fill();
		this.faults = (operation, stream) -> {
			if (operation == Operation.READ && stream.equals("b")) {
				throw new BrokerUnavailableException("no answer from there");
			}
		};
		Mill mill = builder().build();
		mill.start();
		await().until(() -> mill.status().unavailable() != null);
		assertThat(mill.status().unavailable()).isEqualTo("b: no answer from there");
		assertThat(mill.state()).isEqualTo(MillState.RUNNING);
		this.faults = (operation, stream) -> {
		};
		assertThat(mill.awaitEnd(LONG)).isTrue();
		assertThat(mill.status().unavailable()).isNull();
		assertWhole();
	}

	@ParameterizedTest
	@EnumSource(value = Operation.class, names = { "READ", "OPEN_PLACE", "COMMIT" })
	void stopsWhileABrokerIsAway(Operation away) throws InterruptedException {
		fill();
		this.faults = (operation, stream) -> {
			if (operation == away) {
				throw new BrokerUnavailableException("away");
			}
		};
		Mill mill = builder().retry(new RetryPolicy(2, Duration.ofMinutes(1), Duration.ofMinutes(1))).build();
		mill.start();
		await().until(() -> mill.status().unavailable() != null);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(5))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.STOPPED);
	}

	@Test
	void failsWhereABrokerCanNotGoOn() {
		fill();
		this.faults = (operation, stream) -> {
			if (operation == Operation.READ && stream.equals("b")) {
				throw new BrokerException("b.json is a directory, expected a file");
			}
		};
		Mill mill = builder().build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "stream 'b'", "is a directory");
	}

	@Test
	void keepsWhatWasProcessedBeforeAReadThatFails() {
		fill();
		AtomicInteger reads = new AtomicInteger();
		this.faults = (operation, stream) -> {
			if (operation == Operation.READ && stream.equals("a") && reads.incrementAndGet() == 2) {
				throw new BrokerException("broken");
			}
		};
		Mill mill = builder().commitInterval(LONG).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(out()).containsExactly("1=1", "2=2");
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertWhole();
	}

	@Test
	void stopsWhenAnotherInstanceTakesOverAndDoesNotTakeItBack() throws InterruptedException {
		this.broker.stream("a").appendAll(List.of(1, 2));
		this.broker.stream("b").appendAll(List.of(1, 2, 3));
		Mill first = builder().pollTimeout(Duration.ofMillis(5)).build();
		Mill second = builder().pollTimeout(Duration.ofMillis(5)).build();
		first.start();
		await().until(() -> out().size() == 2);
		second.start();
		await().until(() -> second.lanes().size() == 1);
		this.broker.stream("a").append(3);
		this.broker.stream("b").append(4);
		assertThat(first.awaitEnd(LONG)).isTrue();
		assertThat(first.state()).isEqualTo(MillState.STOPPED);
		assertThat(first.status().detail()).contains("nother instance");
		assertThat(first.status().lastError().cause()).isInstanceOf(MillTakenOverException.class);
		await().until(() -> out().size() == 3);
		assertThat(out()).containsExactly("1=1", "2=1", "3=1");
		assertThat(second.state()).isEqualTo(MillState.RUNNING);
		assertThat(first.state()).isEqualTo(MillState.STOPPED);
		// until it is started again
		first.start();
		await().until(() -> first.state() == MillState.RUNNING);
		this.broker.stream("a").append(4).end();
		this.broker.stream("b").append(5).end();
		assertThat(second.awaitEnd(LONG)).isTrue();
		assertThat(second.state()).isEqualTo(MillState.STOPPED);
		assertThat(first.awaitEnd(LONG)).isTrue();
		assertThat(first.state()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1=1", "2=1", "3=1", "4=1");
	}

	@Test
	void closesEverythingThatWasOpenedWhenItCanNotStart() {
		fill();
		this.faults = (operation, stream) -> {
			if (operation == Operation.OPEN_SINK) {
				throw new BrokerException("no permission");
			}
		};
		Mill mill = builder().build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "no permission");
		assertThat(this.broker.committed(new LaneId("mill", 0))).isEmpty();
		this.faults = (operation, stream) -> {
		};
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertWhole();
	}

}
