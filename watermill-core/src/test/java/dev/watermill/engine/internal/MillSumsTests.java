package dev.watermill.engine.internal;

import java.util.List;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MillSumsTests {

	private final MillSums mill = new MillSums(List.of("a", "b"), List.of("out"), () -> 0);

	@Test
	void sumsWhatItsLanesCount() {
		LaneCounters first = this.mill.lane(0);
		LaneCounters second = this.mill.lane(3);
		first.nodes().get("a").read().add(7);
		second.nodes().get("a").read().add(5);
		second.nodes().get("a").skipped(SkipReason.INVALID).increment();
		second.nodes().get("b").read().increment();
		first.results().get("out").add(2);
		second.results().get("out").add(3);
		second.deliveries().increment();
		first.skippedDeliveries().increment();
		assertThat(this.mill.inputs().get("a").read().get()).as("before a commit").isZero();
		commit(first);
		commit(second);
		assertThat(this.mill.inputs().get("a").read().get()).isEqualTo(12);
		assertThat(this.mill.inputs().get("a").valid()).isEqualTo(11);
		assertThat(this.mill.inputs().get("b").read().get()).isEqualTo(1);
		assertThat(this.mill.results().get("out")).hasToString("5");
		assertThat(this.mill.deliveries().get()).isEqualTo(1);
		assertThat(this.mill.skippedDeliveries().get()).isEqualTo(1);
	}

	private static void commit(LaneCounters lane) {
		lane.nodes().values().forEach(NodeCounters::publish);
		lane.committed(new Checkpoint(Map.of(), Map.of(), false));
	}

	@Test
	void aLaneThatBeginsAgainGoesOnCountingWhereItWas() {
		this.mill.lane(1).deliveries().add(4);
		commit(this.mill.lane(1));
		this.mill.lane(1).deliveries().add(5);
		commit(this.mill.lane(1));
		assertThat(this.mill.deliveries().get()).isEqualTo(9);
	}

	@Test
	void tellsTheWindowsOfEachLaneApart() {
		this.mill.lane(0).windowSize(3);
		this.mill.lane(1).windowSize(4);
		assertThat(this.mill.windowSize()).isEqualTo(7);
		assertThat(this.mill.windowSize(1)).isEqualTo(4);
		assertThat(this.mill.windowSize(2)).isZero();
	}

	@Test
	void theRatesOfTheMillAreSampledByAnyLane() {
		long[] now = { 0 };
		MillSums timed = new MillSums(List.of(), List.of(), () -> now[0]);
		timed.lane(0).deliveries().add(10);
		timed.lane(1).deliveries().add(20);
		commit(timed.lane(0));
		commit(timed.lane(1));
		now[0] = 2_000_000_000L;
		timed.lane(1).sample(now[0]);
		assertThat(timed.deliveryRate().perSecond()).isEqualTo(15);
	}

}
