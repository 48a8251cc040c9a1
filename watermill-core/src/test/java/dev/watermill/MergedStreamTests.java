package dev.watermill;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.watermill.broker.Broker;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Streams whose partitions are merged, besides what random trees show.
 */
class MergedStreamTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final InMemoryBroker broker = new InMemoryBroker(3);

	private final Broker merging = new MergingBroker(this.broker, (stream) -> 3);

	private Mill mill;

	@AfterEach
	void stop() {
		if (this.mill != null) {
			this.mill.stop();
		}
	}

	private void append(int partition, Object... elements) {
		this.broker.stream(MergingBroker.partition("in", partition)).appendAll(List.of(elements));
	}

	private void end(int... partitions) {
		IntStream.of(partitions)
			.forEach((partition) -> this.broker.stream(MergingBroker.partition("in", partition)).end());
	}

	private List<Object> out() {
		return this.broker.stream("out").elements();
	}

	private MillBuilder byWindow(KeyFunction<?> key, ErrorPolicy onBad) {
		MillBuilder builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(1));
		Input<Object> in = builder.from("in", Object.class, this.merging);
		in.onInvalid(onBad);
		in.onDisorder(onBad);
		builder.windowBy(key);
		builder.to("out", List.class, this.broker).process((delivery) -> List.copyOf(delivery.window(in)));
		return builder;
	}

	private static KeyFunction<Object> number() {
		return KeyFunction.ofLong("number", (element) -> (Integer) element);
	}

	@Test
	void windowsOfAMergedMasterHaveElementsOfAllPartitions() {
		append(0, 1, 1, 3);
		append(1, 1, 2);
		append(2, 3);
		end(0, 1, 2);
		this.mill = byWindow(number(), ErrorPolicy.FAIL).build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(List.of(1, 1, 1), List.of(2), List.of(3, 3));
	}

	@Test
	void namesTheSilentPartitionThatHoldsOthersBack() throws InterruptedException {
		append(0, 1, 2, 3, 4);
		append(2, 1, 9);
		this.mill = byWindow(number(), ErrorPolicy.FAIL).build();
		this.mill.start();
		String silent = this.broker.stream(MergingBroker.partition("in", 1)).toString();
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.mill.liveness().waitsFor()).isEqualTo(silent + " (stream 'in')"));
		assertThat(this.mill.liveness().activity()).isEqualTo(MillLiveness.Activity.WAITING);
		assertThat(this.mill.status().lanes().get(0).liveness().waitsFor()).startsWith(silent);
		assertThat(this.mill.lags()).containsEntry("in", 6L);
		append(1, 3);
		await().atMost(PATIENCE).until(() -> out().size() == 2);
		// of the last window nobody knows yet whether it is complete
		assertThat(out()).containsExactly(List.of(1, 1), List.of(2));
		end(0, 1, 2);
		assertThat(this.mill.awaitEnd(PATIENCE)).isTrue();
		assertThat(out()).endsWith(List.of(3, 3), List.of(4), List.of(9));
		assertThat(this.mill.liveness().waitsFor()).isNull();
	}

	@Test
	void nobodyIsHeldBackWhereNothingIsThere() {
		this.mill = byWindow(number(), ErrorPolicy.FAIL).build();
		this.mill.start();
		await().atMost(PATIENCE).until(() -> this.mill.liveness().activity() == MillLiveness.Activity.IDLE);
		assertThat(this.mill.liveness().waitsFor()).isNull();
	}

	/**
	 * Return partitions of a topic, so to speak: what is no batch can be silent.
	 */
	private List<InMemoryStream<Integer>> silentPartitions(String stream) {
		return IntStream.range(0, 3)
			.mapToObj((partition) -> this.broker.<Integer>stream(MergingBroker.partition(stream, partition), 1)
				.partition(0))
			.toList();
	}

	@Test
	void aPartitionThatWasSilentGoesOnBehindWhatWasMergedWithoutIt() {
		List<InMemoryStream<Integer>> in = silentPartitions("in");
		in.get(0).appendAll(List.of(1, 5, 6));
		in.get(1).append(1);
		in.get(2).appendAll(List.of(1, 5, 7));
		AtomicBoolean isLateCome = new AtomicBoolean();
		MillBuilder builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(1)).dataTimeout(Duration.ofMillis(50));
		Input<Integer> input = builder.from("in", Integer.class, this.merging);
		builder.windowBy(KeyFunction.ofLong("number", (Integer element) -> element));
		builder.to("out", List.class, this.broker).process((delivery) -> {
			List<Integer> window = delivery.window(input);
			if (window.get(0) == 5 && isLateCome.compareAndSet(false, true)) {
				in.get(1).appendAll(List.of(2, 3, 4, 4, 6, 8));
				in.forEach(InMemoryStream::end);
			}
			return List.copyOf(window);
		});
		this.mill = builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(List.of(1, 1, 1), List.of(5, 5), List.of(6, 6), List.of(7), List.of(8));
		assertThat(this.mill.counters().inputs().get("in").skipped(SkipReason.LATE).get()).isEqualTo(4);
		Accounting.assertAccounted(this.mill, "in", 9, 0);
	}

	@Test
	void whatComesOfAMergedStreamThatIsOverSinceItWasSilentIsLate() {
		InMemoryStream<Integer> a = this.broker.<Integer>stream("a", 1).partition(0);
		List<InMemoryStream<Integer>> in = silentPartitions("in");
		a.append(1);
		MillBuilder builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(1)).dataTimeout(Duration.ofMillis(50));
		Input<Integer> master = builder.from("a", Integer.class, this.broker);
		JoinOptional<Integer, Integer> match = builder.join(master, "in", Integer.class, this.merging)
			.onLong((left) -> left, (right) -> right)
			.optional()
			.first();
		builder.to("out", String.class, this.broker).process((delivery) -> {
			int element = delivery.get(master);
			if (element == 1) {
				in.get(1).appendAll(List.of(1, 2));
				in.get(2).append(2);
				a.append(2).end();
			}
			return element + "=" + delivery.match(match).orElse(0);
		});
		this.mill = builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1=0", "2=0");
		assertThat(this.mill.counters().inputs().get("in").skipped(SkipReason.LATE).get()).isEqualTo(3);
		Accounting.assertAccounted(this.mill, "in", 0, 0);
		assertThat(this.mill.lags()).containsEntry("in", 0L);
	}

	@Test
	void disorderWithinAPartitionIsNamedThere() {
		append(0, 1, 5);
		append(1, 3, 2);
		append(2, 1);
		end(0, 1, 2);
		this.mill = byWindow(number(), ErrorPolicy.FAIL).build();
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains(MergingBroker.partition("in", 1) + "[1]")
			.contains("went back: 2 after 3");
		// 1 is between partitions in order, 3 is next to what goes back
		assertThat(out().toString()).doesNotContain("3");
	}

	@Test
	void keysOfAnotherKindThanThoseOfOtherPartitionsAreInvalid() {
		append(0, 1, 4);
		append(1, "a", 3);
		append(2, 2, "b");
		end(0, 1, 2);
		this.mill = byWindow(KeyFunction.ofObject("it", Object.class, (element) -> element), ErrorPolicy.SKIP).build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(List.of(1), List.of(2), List.of(3), List.of(4));
		assertThat(this.mill.counters().inputs().get("in").skipped(SkipReason.INVALID).get()).isEqualTo(2);
		Accounting.assertAccounted(this.mill, "in", 4, 0);
	}

	@Test
	void refusesSeveralKeys() {
		MillBuilder builder = Mill.builder("mill").forEach((delivery) -> {
		});
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		Input<Integer> in = builder.join(a, "in", Integer.class, this.merging).onLong((x) -> x, (x) -> x).many();
		builder.join(in, "c", Integer.class, this.broker).onLong((x) -> x * 2, (x) -> x).many();
		assertThatIllegalArgumentException().isThrownBy(builder::build)
			.withMessageContaining("The partitions of the stream 'in'")
			.withMessageContaining("each of them may put its elements in another order");
	}

	@Test
	void refusesToMergeWithoutAKey() {
		MillBuilder builder = Mill.builder("mill").forEach((delivery) -> {
		});
		builder.from("in", Integer.class, this.merging);
		assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("no key is on it");
	}

	@Test
	void aPositionIsThatOfItsPartitions() {
		MergedSource<Integer> source = this.merging.source(definition()).merged().orElseThrow();
		Position start = source.start(new LaneId("mill", 0), new StartFrom.Earliest());
		assertThat(MergedSource.Parts.of(start).size()).isEqualTo(3);
		Position second = Position.of(Map.of("offset", 7L, "topic", "x"));
		MergedSource.Parts parts = MergedSource.Parts
			.of(List.of(MergedSource.Parts.part(Position.of("at", 1), null, true, 0),
					MergedSource.Parts.part(second, null, false, 2), Position.empty()));
		MergedSource.Parts again = MergedSource.Parts.of(Position.parse(parts.toPosition().toString()));
		assertThat(again.toPosition()).isEqualTo(parts.toPosition());
		assertThat(again.isOver(0)).isTrue();
		assertThat(again.ahead(0)).isZero();
		assertThat(again.position(1)).isEqualTo(second);
		assertThat(again.isOver(1)).isFalse();
		assertThat(again.ahead(1)).isEqualTo(2);
		assertThat(again.position(2)).isEqualTo(Position.empty());
	}

	@Test
	void aPartitionThatHasShownItsMarkIsAheadOfThoseThatOweIt() {
		MergedSource<Integer> source = this.merging.source(definition()).merged().orElseThrow();
		Position stopped = MergedSource.Parts
			.of(List.of(MergedSource.Parts.part(Position.of("offset", 1), null, true, 0), Position.of("offset", 2),
					MergedSource.Parts.part(Position.of("offset", 3), null, true, 0)))
			.toPosition();
		MergedSource.Parts owing = MergedSource.Parts.of(source.completed(stopped, false));
		assertThat(IntStream.range(0, 3).map(owing::ahead)).containsExactly(1, 0, 1);
		assertThat(IntStream.range(0, 3).mapToObj(owing::isOver)).containsOnly(false);
		MergedSource.Parts over = MergedSource.Parts.of(source.completed(stopped, true));
		assertThat(IntStream.range(0, 3).map(over::ahead)).containsOnly(0);
	}

	private static StreamDefinition<Integer> definition() {
		return StreamDefinition.of("in", Integer.class);
	}

}
