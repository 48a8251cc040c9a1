package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.List;

import dev.watermill.JoinCondition;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.join.JoinKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs of a mill, each up to the marks of its streams: whatever of one was held when the
 * mill was stopped before its end does not get into the next one.
 */
class NextRunTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final List<String> STREAMS = List.of("a", "b", "c");

	private final InMemoryBroker broker = new InMemoryBroker();

	private Mill mill(Tree tree) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofMillis(1))
			.to("out", String.class, this.broker);
		Input<Long> master = builder.from("a", Long.class, this.broker);
		tree.join(builder, master, this.broker);
		builder.process((delivery) -> "r" + delivery.get(master));
		return builder.build();
	}

	private InMemoryStream<Long> stream(String name) {
		return this.broker.<Long>stream(name).partition(0);
	}

	private List<Object> out() {
		return this.broker.stream("out").partition(0).elements();
	}

	private void append(String name, long... elements) {
		for (long element : elements) {
			stream(name).append(element);
		}
	}

	private void runToTheEnd(Mill mill) throws InterruptedException {
		assertThat(mill.awaitEnd(LONG)).as("%s", mill.status()).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
	}

	@ParameterizedTest
	@EnumSource
	void meetsNothingOfTheRunBefore(Tree tree) throws InterruptedException {
		meetsNothingOfTheRunBefore(tree, 0, true);
	}

	@ParameterizedTest
	@EnumSource
	void meetsNothingOfTheRunBeforeThoughTheMillWasStoppedInIt(Tree tree) throws InterruptedException {
		meetsNothingOfTheRunBefore(tree, 1, true);
	}

	@ParameterizedTest
	@EnumSource
	void meetsNothingOfTheRunBeforeThoughTheMillWasStoppedInItAgainAndAgain(Tree tree) throws InterruptedException {
		meetsNothingOfTheRunBefore(tree, 3, true);
	}

	@ParameterizedTest
	@EnumSource
	void goesOnBehindWhatWasReadOfStreamsThatOweTheirMarks(Tree tree) throws InterruptedException {
		meetsNothingOfTheRunBefore(tree, 0, false);
	}

	@ParameterizedTest
	@EnumSource
	void goesOnBehindWhatWasReadOfStreamsThatOweTheirMarksThoughTheMillWasStopped(Tree tree)
			throws InterruptedException {
		meetsNothingOfTheRunBefore(tree, 2, false);
	}

	private void meetsNothingOfTheRunBefore(Tree tree, int stops, boolean marks) throws InterruptedException {
		STREAMS.forEach((name) -> this.broker.stream(name, 1));
		this.broker.stream("out", 1);
		STREAMS.forEach((name) -> append(name, 1, 2));
		for (String child : List.of("b", "c")) {
			if (marks) {
				stream(child).end();
			}
			else {
				append(child, 20);
			}
		}
		Mill mill = mill(tree);
		mill.start();
		await().untilAsserted(() -> assertThat(out()).containsExactly("r1", "r2"));
		for (int i = 0; i < stops; i++) {
			mill.stop();
			assertThat(mill.awaitEnd(LONG)).isTrue();
			assertThat(mill.state()).isEqualTo(MillState.STOPPED);
			mill = mill(tree);
			mill.start();
			Mill started = mill;
			await().until(() -> started.state() == MillState.RUNNING);
		}
		stream("a").end();
		runToTheEnd(mill);
		if (!marks) {
			stream("b").end();
			stream("c").end();
		}
		append("a", 2, 3);
		append("b", tree.second());
		append("c", 7);
		STREAMS.forEach((name) -> stream(name).end());
		mill.start();
		runToTheEnd(mill);
		assertThat(out()).containsExactly("r1", "r2");
		assertThat(mill.counters().inputs().get("a").read().get()).isEqualTo((stops == 0) ? 4 : 2);
	}

	/**
	 * What is joined, and how.
	 */
	private enum Tree {

		MANY {

			@Override
			void join(MillBuilder builder, Input<Long> master, InMemoryBroker broker) {
				equal(builder, master, "b", broker).many();
			}

		},

		FIRST {

			@Override
			void join(MillBuilder builder, Input<Long> master, InMemoryBroker broker) {
				equal(builder, master, "b", broker).first();
			}

		},

		AS_OF {

			@Override
			void join(MillBuilder builder, Input<Long> master, InMemoryBroker broker) {
				equal(builder, master, "b", broker).asOf(JoinKind.Direction.BACKWARD).match();
			}

		},

		NEAREST {

			@Override
			void join(MillBuilder builder, Input<Long> master, InMemoryBroker broker) {
				equal(builder, master, "b", broker).asOf(JoinKind.Direction.NEAREST).tolerance(2).match();
			}

		},

		WITHIN {

			@Override
			void join(MillBuilder builder, Input<Long> master, InMemoryBroker broker) {
				equal(builder, master, "b", broker).within(1, 0).many();
			}

		},

		CHAIN {

			@Override
			void join(MillBuilder builder, Input<Long> master, InMemoryBroker broker) {
				equal(builder, equal(builder, master, "b", broker).many(), "c", broker).many();
			}

			@Override
			long[] second() {
				return new long[] { 2, 3 };
			}

		};

		abstract void join(MillBuilder builder, Input<Long> master, InMemoryBroker broker);

		long[] second() {
			return new long[] { 7 };
		}

		private static JoinCondition<Long, Long>.Matches equal(MillBuilder builder, Input<Long> parent, String name,
				InMemoryBroker broker) {
			return builder.join(parent, name, Long.class, broker).onLong((left) -> left, (right) -> right);
		}

	}

}
