package dev.watermill.spring.actuate.endpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.watermill.Mill;
import dev.watermill.spring.actuate.InMemoryMills;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is remembered of mills, and for how long.
 */
class MillHistoryTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	@Test
	void remembersTheLastMinutesAndNoMore() throws InterruptedException {
		try (InMemoryMills mills = new InMemoryMills()) {
			Mill mill = mills.addJoin("mill");
			AtomicReference<Instant> now = new AtomicReference<>(START);
			MillHistory history = new MillHistory(mills, clock(now::get));
			assertThat(history.of(mill)).isEmpty();
			for (int i = 0; i < 300; i++) {
				history.take();
				now.updateAndGet((time) -> time.plusSeconds(2));
			}
			List<MillSample> samples = history.of(mill);
			assertThat(samples).hasSize(151);
			assertThat(samples.get(0).at()).isEqualTo(samples.get(150).at().minus(MillHistory.LENGTH));
			// as after a machine that slept
			now.updateAndGet((time) -> time.plus(Duration.ofHours(1)));
			history.take();
			assertThat(history.of(mill)).hasSize(1);
			// and however often somebody looks
			for (int i = 0; i < 300; i++) {
				history.take();
			}
			assertThat(history.of(mill)).hasSize(151);
		}
	}

	@Test
	void isInWhatTheEndpointTellsOfOneMill() throws InterruptedException {
		try (InMemoryMills mills = new InMemoryMills()) {
			mills.addJoin("mill");
			MillHistory history = new MillHistory(mills, Clock.systemUTC());
			WaterMillEndpoint endpoint = new WaterMillEndpoint(mills, true, history);
			assertThat(endpoint.mill("mill").history()).isEmpty();
			history.start();
			try {
				Awaitility.await().until(() -> !endpoint.mill("mill").history().isEmpty());
			}
			finally {
				history.stop();
			}
			assertThat(endpoint.mill("mill").history().get(0).read()).isZero();
			assertThat(endpoint.mills().mills().get(0).history()).isNull();
			assertThat(new WaterMillEndpoint(mills).mill("mill").history()).isNull();
			assertThat(history.isRunning()).isFalse();
		}
	}

	private static Clock clock(InstantSource source) {
		return source.withZone(ZoneOffset.UTC);
	}

}
