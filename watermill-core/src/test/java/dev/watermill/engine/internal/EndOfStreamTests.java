package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EndOfStreamTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final List<Long> called = new ArrayList<>();

	private final MillBuilder builder = Mill.builder("mill").to("out", String.class, this.broker);

	private final Input<Long> master = this.builder.from("a", Long.class, this.broker);

	private InMemoryStream<Object> stream(String name) {
		return this.broker.stream(name);
	}

	private InMemoryStream<Object> stream(String name, long... elements) {
		InMemoryStream<Object> stream = stream(name);
		Arrays.stream(elements).forEach(stream::append);
		return stream;
	}

	private JoinMany<Long, Long> join(Input<Long> parent, String name) {
		return this.builder.join(parent, name, Long.class, this.broker).onLong((left) -> left, (right) -> right).many();
	}

	/** Join by the tens on the left and the number on the right. */
	private JoinMany<Long, Long> joinTens(Input<Long> parent, String name) {
		return this.builder.join(parent, name, Long.class, this.broker)
			.onLong((left) -> left / 10, (right) -> right)
			.many();
	}

	private void echo() {
		this.builder.process((delivery) -> {
			this.called.add(delivery.get(this.master));
			return "r" + delivery.get(this.master);
		});
	}

	private void assertCompletes(String... results) {
		Mill mill = this.builder.build();
		mill.start();
		assertEnds(mill);
		assertThat(stream("out").elements()).containsExactly((Object[]) results);
		assertThat(stream("out").isEnded()).isTrue();
		assertThat(lastCommit().completed()).isTrue();
	}

	private static void assertEnds(Mill mill) {
		try {
			boolean ended = mill.awaitEnd(LONG);
			MillState state = mill.state();
			mill.stop();
			assertThat(ended).as("ended, not " + state).isTrue();
			assertThat(state).isEqualTo(MillState.COMPLETED);
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private Checkpoint lastCommit() {
		return this.broker.committed(new LaneId("mill", 0)).orElseThrow();
	}

	private long position(String stream) {
		return lastCommit().inputs().get(stream).position().number("offset");
	}

	@Test
	void completesWhenTheMasterHasEnded() {
		stream("a", 1, 2, 3).end();
		stream("b", 2, 3);
		join(this.master, "b");
		stream("b", 5);
		echo();
		assertCompletes("r2", "r3");
		assertThat(position("a")).isEqualTo(3);
	}

	@Test
	void completesAnEndlessMasterWhenItsSecondaryIsEmptyFromTheStart() {
		stream("b").end();
		join(this.master, "b");
		echo();
		assertCompletes();
	}

	@Test
	void completesAnIdleMasterWhenItsSecondaryEndsLater() throws InterruptedException {
		join(this.master, "b");
		echo();
		Mill mill = this.builder.build();
		mill.start();
		assertThat(mill.awaitEnd(Duration.ofMillis(300))).isFalse();
		stream("b").end();
		assertEnds(mill);
	}

	@Test
	void servesMasterElementsFromTheOpenGroupAfterTheSecondaryHasEnded() throws InterruptedException {
		stream("a", 1);
		stream("b", 1).end();
		join(this.master, "b");
		echo();
		Mill mill = this.builder.build();
		mill.start();
		assertThat(mill.awaitEnd(Duration.ofMillis(300))).isFalse();
		stream("a", 1, 2);
		assertEnds(mill);
		assertThat(stream("out").elements()).containsExactly("r1", "r1");
	}

	@Test
	void completesWhenAStreamThreeLevelsBelowIsEmpty() {
		stream("b", 1, 2);
		stream("c", 1, 2);
		stream("d").end();
		JoinMany<Long, Long> b = join(this.master, "b");
		JoinMany<Long, Long> c = join(b, "c");
		join(c, "d");
		echo();
		assertCompletes();
	}

	@Test
	void completesAnIdleMasterWhenTheKeysBelowHavePassedTheLastGroup() {
		// the group of 1 served b's first element; b stands at 20 now, so never again
		stream("a", 10, 11);
		stream("b", 10, 20, 30);
		stream("c", 1).end();
		JoinMany<Long, Long> b = join(this.master, "b");
		joinTens(b, "c");
		echo();
		assertCompletes("r10");
	}

	@Test
	void completesAnIdleMasterThatHasPassedTheLastGroupOfAnotherEdge() {
		// a's 2 finds nothing in b, so c is not asked for it; still c has nothing from 2
		// on
		stream("a", 1, 2);
		stream("b", 1, 3);
		stream("c", 1).end();
		join(this.master, "b");
		join(this.master, "c");
		echo();
		assertCompletes("r1");
	}

	@Test
	void completesWhileOneSecondaryIsWaitedForAndAnotherHasEnded() {
		stream("a", 1, 2);
		stream("b", 1, 2);
		stream("c", 1).end();
		join(this.master, "b");
		join(this.master, "c");
		echo();
		assertCompletes("r1");
	}

	@Test
	void completesWhenASecondaryEndsWhileAnotherIsWaitedFor() throws InterruptedException {
		stream("a", 1, 4);
		stream("b", 1, 2);
		stream("c", 1, 2, 3);
		join(this.master, "b");
		join(this.master, "c");
		echo();
		Mill mill = this.builder.build();
		mill.start();
		assertThat(mill.awaitEnd(Duration.ofMillis(300))).isFalse();
		stream("c").end();
		assertEnds(mill);
		assertThat(stream("out").elements()).containsExactly("r1");
	}

	@Test
	void closesAGroupWhoseNextElementCanHaveNoMatch() {
		// b's 11 waits for c's next element, but d is over and has nothing for it
		stream("a", 1, 2);
		stream("b", 10, 11);
		stream("c", 10);
		stream("d", 10).end();
		JoinMany<Long, Long> b = this.builder.join(this.master, "b", Long.class, this.broker)
			.onLong((left) -> left, (right) -> right / 10)
			.many();
		join(b, "c");
		stream("c", 11);
		join(b, "d");
		echo();
		assertCompletes("r1");
	}

	@Test
	void contextEndsTheStreamAfterTheDeliveryThatAsksForIt() {
		stream("a", 1, 2, 3, 4);
		this.builder.process((delivery) -> {
			this.called.add(delivery.get(this.master));
			if (delivery.get(this.master) == 2) {
				delivery.context().endOfStream();
			}
			return "r" + delivery.get(this.master);
		});
		assertCompletes("r1", "r2");
		assertThat(this.called).containsExactly(1L, 2L);
		assertThat(position("a")).isEqualTo(2);
	}

	@Test
	void endOfStreamIsAResult() {
		stream("a", 1, 2, 3);
		this.builder.process(
				(delivery) -> (delivery.get(this.master) == 3) ? EndOfStream.INSTANCE : delivery.get(this.master) + "");
		assertCompletes("1", "2");
		assertThat(position("a")).isEqualTo(3);
	}

	@Test
	void endOfStreamIsTheLastOfAList() {
		stream("a", 1, 2, 3);
		this.builder.processAll((delivery) -> (delivery.get(this.master) == 2)
				? List.of("last", EndOfStream.INSTANCE, "never") : List.of("r"));
		assertCompletes("r", "last");
	}

	@Test
	void endOfStreamIsTheLastOfAStream() {
		stream("a", 1, 2, 3);
		List<String> closed = new ArrayList<>();
		this.builder.processStream((delivery) -> Stream
			.of("s" + delivery.get(this.master), (delivery.get(this.master) == 2) ? EndOfStream.INSTANCE : "t")
			.onClose(() -> closed.add("closed")));
		assertCompletes("s1", "t", "s2");
		assertThat(closed).hasSize(2);
	}

	@Test
	void leavesTheNextWindowUnprocessedWhenTheFunctionEndsTheStream() {
		stream("a", 10, 11, 20, 21, 30);
		this.builder.windowBy(KeyFunction.<Long>ofLong("tens", (element) -> element / 10));
		this.builder.process((delivery) -> {
			this.called.add(delivery.get(this.master));
			delivery.context().endOfStream();
			return "w" + delivery.window(this.master);
		});
		assertCompletes("w[10, 11]");
		assertThat(this.called).containsExactly(10L);
		assertThat(position("a")).isEqualTo(2);
	}

	@Test
	void deliversTheOpenWindowWhenTheMasterEnds() {
		stream("a", 10, 11, 20).end();
		this.builder.windowBy(KeyFunction.<Long>ofLong("tens", (element) -> element / 10));
		this.builder.process((delivery) -> "w" + delivery.window(this.master));
		assertCompletes("w[10, 11]", "w[20]");
	}

	@Test
	void deliversTheOpenWindowWhenASecondaryEnds() {
		stream("a", 10, 11, 12);
		stream("b", 10, 11).end();
		join(this.master, "b");
		this.builder.windowBy(KeyFunction.<Long>ofLong("tens", (element) -> element / 10));
		this.builder.process((delivery) -> "w" + delivery.window(this.master));
		assertCompletes("w[10, 11]");
		// 12 was read and is skipped
		assertThat(position("a")).isEqualTo(3);
	}

	@Test
	void theFunctionMayEndTheStreamInItsLastWindow() {
		stream("a", 10, 11).end();
		this.builder.windowBy(KeyFunction.<Long>ofLong("tens", (element) -> element / 10));
		this.builder.processAll((delivery) -> List.of("w" + delivery.window(this.master), EndOfStream.INSTANCE));
		assertCompletes("w[10, 11]");
	}

	@Test
	void startsAfreshAfterItCompleted() {
		stream("a", 1, 2).end();
		echo();
		assertCompletes("r1", "r2");
		assertCompletes("r1", "r2");
		assertThat(this.called).containsExactly(1L, 2L, 1L, 2L);
	}

	@Test
	void anEmptyMasterCompletesWithoutACall() {
		stream("a").end();
		echo();
		assertCompletes();
		assertThat(this.called).isEmpty();
	}

}
