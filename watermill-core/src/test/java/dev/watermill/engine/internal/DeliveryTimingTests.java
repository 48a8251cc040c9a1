package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.engine.MillListener;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeliveryTimingTests {

	private final List<Long> told = new ArrayList<>();

	private long nanos;

	private final DeliveryTiming timing = new DeliveryTiming(new MillListener() {

		@Override
		public void delivered(long took) {
			DeliveryTimingTests.this.told.add(took);
		}

	}, () -> this.nanos);

	@Test
	void tellsOfEachDeliveryThatTakesLong() {
		deliver(1000, 20_000, 0);
		assertThat(this.told).hasSize(1000).containsOnly(20_000L);
	}

	@Test
	void tellsOfEachDeliveryWhereFewCome() {
		deliver(1000, 100, 20_000);
		assertThat(this.told).hasSize(1000).containsOnly(100L);
	}

	@Test
	void tellsOfOneInSixtyFourWhereManyCome() {
		deliver(64 + 640, 100, 0);
		assertThat(this.told).hasSize(64 + 10).containsOnly(100L);
	}

	@Test
	void tellsOfEachAgainWhenTheyTakeLonger() {
		deliver(64, 100, 0);
		deliver(64, 30_000, 0);
		this.told.clear();
		deliver(100, 30_000, 0);
		assertThat(this.told).hasSize(100);
	}

	@Test
	void readsNoClockWithoutAListener() {
		DeliveryTiming silent = new DeliveryTiming(null, () -> this.nanos++);
		long before = this.nanos;
		silent.begin();
		silent.end();
		assertThat(this.nanos).isEqualTo(before);
	}

	private void deliver(int count, long took, long between) {
		for (int i = 0; i < count; i++) {
			this.timing.begin();
			this.nanos += took;
			this.timing.end();
			this.nanos += between;
		}
	}

}
