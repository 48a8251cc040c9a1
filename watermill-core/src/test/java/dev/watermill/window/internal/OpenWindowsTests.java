package dev.watermill.window.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.join.internal.MatchConsumer;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.join.internal.NoWaiting;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.StreamException;
import dev.watermill.window.WindowPolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What is in which window, over a merge of streams in memory.
 */
class OpenWindowsTests {

	private static final KeyFunction<Integer> SELF = KeyFunction.ofLong("self", (element) -> element);

	private static final KeyFunction<Integer> TENS = KeyFunction.ofLong("tens", (element) -> element / 10);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final List<String> delivered = new ArrayList<>();

	private long nanos;

	private int maxSize = 10;

	private OpenWindows windows;

	private MergeJoin merge;

	private JoinNode node(String stream, int parent) {
		return new JoinNode(stream, this.broker.source(StreamDefinition.of(stream, Integer.class)), parent,
				(parent < 0) ? null : SELF, (parent < 0) ? null : SELF, JoinNode.Take.ALL, ErrorPolicy.FAIL,
				ErrorPolicy.FAIL, ErrorPolicy.FAIL);
	}

	private void open(WindowPolicy policy, List<Integer> elements, List<Integer> matches) {
		this.broker.<Integer>stream("a").appendAll(elements).end();
		this.broker.<Integer>stream("b").appendAll(matches).end();
		JoinTree tree = new JoinTree(List.of(node("a", -1), node("b", 0)), policy.key(), policy.isOrdered(), 10);
		this.merge = new MergeJoin(tree, new LaneId("mill", 0), null, Map.of(), true, new NoWaiting());
		this.windows = OpenWindows.of(policy, tree, this.merge, this.maxSize, null, () -> this.nanos);
		this.merge.open();
	}

	private void run() {
		this.merge.run(new MatchConsumer.OfAll() {

			@Override
			public boolean arrived() {
				OpenWindowsTests.this.windows.arrived();
				deliverDue();
				return true;
			}

			@Override
			public boolean matched() {
				OpenWindowsTests.this.windows.add();
				deliverDue();
				return true;
			}

		});
	}

	private void deliverDue() {
		for (OpenWindows.Window due = this.windows.due(); due != null; due = this.windows.due()) {
			this.delivered.add(due.key() + due.elements().asList().toString());
			this.windows.take();
			this.windows.release(due);
		}
	}

	private long position() {
		return this.merge.positions().get().get("a").position().number("offset");
	}

	@Test
	void aWindowHoldsARunOfOneKeyAndIsDueBeforeTheNext() {
		open(new WindowPolicy.ByKey(TENS), List.of(1, 2, 11, 12, 30), List.of(1, 2, 11, 12, 30));
		run();
		assertThat(this.delivered).containsExactly("0[1, 2]", "1[11, 12]");
		assertThat(this.windows.size()).isEqualTo(1);
		this.windows.end();
		deliverDue();
		assertThat(this.delivered).endsWith("3[30]");
		assertThat(this.windows.size()).isZero();
		assertThat(this.windows.due()).isNull();
	}

	@Test
	void anElementWithoutAMatchEndsAWindowAndIsInNone() {
		open(new WindowPolicy.ByKey(TENS), List.of(1, 11, 21, 22, 23), List.of(1, 22, 30));
		run();
		this.windows.end();
		deliverDue();
		assertThat(this.delivered).containsExactly("0[1]", "2[22]");
	}

	/**
	 * A stop may come before the merge goes on.
	 */
	@Test
	void anElementThatWasDeliveredIsPassedAtOnce() {
		open(new WindowPolicy.Count(2), List.of(1, 2, 3), List.of(1, 2, 3, 4));
		List<Long> positions = new ArrayList<>();
		this.merge.run(() -> {
			this.windows.add();
			deliverDue();
			positions.add(position());
			return true;
		});
		assertThat(this.delivered).containsExactly("null[1, 2]");
		assertThat(positions).containsExactly(0L, 2L, 2L);
	}

	@Test
	void nothingIsDueWhereNothingIsHeld() {
		open(new WindowPolicy.ByKey(TENS), List.of(1, 11, 21), List.of(30));
		run();
		this.windows.waited(true);
		assertThat(this.windows.due()).isNull();
		this.windows.end();
		assertThat(this.windows.due()).isNull();
	}

	@Test
	void thePositionIsThatOfTheFirstElementThatIsHeld() {
		open(new WindowPolicy.ByKey(TENS), List.of(1, 2, 11, 12), List.of(1, 2, 11, 12));
		run();
		assertThat(position()).isEqualTo(2);
		this.windows.end();
		deliverDue();
		assertThat(position()).isEqualTo(4);
	}

	@Test
	void aWindowByTheClockIsDueWhenItIsOver() {
		open(new WindowPolicy.Every(Duration.ofNanos(10)), List.of(1, 2), List.of(1, 2));
		assertThat(this.windows.untilDue(Duration.ofNanos(50))).isEqualTo(Duration.ofNanos(50));
		run();
		this.nanos = 9;
		assertThat(this.windows.untilDue(Duration.ofNanos(50))).isEqualTo(Duration.ofNanos(1));
		this.windows.waited(false);
		assertThat(this.windows.due()).isNull();
		this.nanos = 10;
		this.windows.waited(false);
		deliverDue();
		assertThat(this.delivered).containsExactly("null[1, 2]");
		assertThat(this.windows.untilDue(Duration.ofNanos(50))).isEqualTo(Duration.ofNanos(50));
	}

	@Test
	void aFunctionThatFailedIsAskedAgainForTheSameElement() {
		List<Object> asked = new ArrayList<>();
		open(new WindowPolicy.ByFunction((element) -> {
			asked.add(element);
			if (asked.size() == 2) {
				throw new IllegalStateException("not now");
			}
			return element;
		}), List.of(1, 2), List.of(1, 2));
		assertThatIllegalStateException().isThrownBy(this::run).withMessage("not now");
		assertThat(this.windows.due()).isNull();
		this.windows.arrived();
		deliverDue();
		assertThat(this.delivered).containsExactly("null[1]");
		assertThat(asked).containsExactly(1, 2, 2);
	}

	@Test
	void refusesMoreElementsThanAWindowMayHave() {
		this.maxSize = 2;
		open(new WindowPolicy.ByKey(TENS), List.of(1, 2, 3), List.of(1, 2, 3));
		assertThatExceptionOfType(StreamException.class).isThrownBy(this::run)
			.withMessageContainingAll("a[2]", "more than 2 elements", "max-window-size");
	}

}
