package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The phases of a mill, as they follow each other.
 */
class MillPhaseTests {

	private final InMemoryBroker broker = new InMemoryBroker();

	private final List<MillPhase> phases = new ArrayList<>();

	private final MillBuilder builder = Mill.builder("mill").to("out", Integer.class, this.broker);

	private final Input<Integer> in = this.builder.from("in", Integer.class, this.broker);

	private Mill mill;

	private void build() {
		this.builder.listener(new MillListener() {

			@Override
			public void changed(MillState state) {
				MillPhase phase = MillPhaseTests.this.mill.status().phase();
				assertThat(phase.state()).isEqualTo(state);
				MillPhaseTests.this.phases.add(phase);
			}

		});
		this.mill = this.builder.build();
	}

	private MillPhase phase() {
		return this.mill.status().phase();
	}

	@Test
	void isStoppedAtFirst() {
		this.builder.process((delivery) -> delivery.get(this.in));
		build();
		assertThat(phase()).isEqualTo(new MillPhase.Stopped());
		assertThat(phase().isAtWork()).isFalse();
	}

	@Test
	void waitsThenStartsRunsAndCompletes() {
		this.builder.process((delivery) -> delivery.get(this.in));
		build();
		this.broker.<Integer>stream("in").append(1).end();
		this.mill.waitFor("another mill");
		assertThat(this.mill.status().detail()).isEqualTo("another mill");
		this.mill.run();
		assertThat(this.phases).containsExactly(new MillPhase.Waiting("another mill"), new MillPhase.Starting(),
				new MillPhase.Running(), new MillPhase.Completed());
	}

	@Test
	void failsWithTheCauseAndForgetsItAtTheNextStart() {
		this.builder.process((delivery) -> {
			throw new IllegalStateException("no");
		});
		build();
		this.broker.<Integer>stream("in").append(1).end();
		this.mill.run();
		assertThat(phase()).isInstanceOfSatisfying(MillPhase.Failed.class,
				(failed) -> assertThat(failed.cause()).hasRootCauseMessage("no"));
		assertThat(this.mill.status().lastError().message()).startsWith("mill 'mill'").contains("no");
		this.mill.waitFor("somebody");
		assertThat(this.mill.status().lastError()).isNull();
	}

	@Test
	void isTakenOverAndSaysByWhom() throws InterruptedException {
		this.builder.commitInterval(Duration.ofMillis(1)).process((delivery) -> delivery.get(this.in));
		build();
		this.mill.start();
		await().until(() -> phase() instanceof MillPhase.Running && !this.mill.lanes().isEmpty());
		try (CommitLog other = this.broker.commitPlace().open(CommitScope.of(new LaneId("mill", 0)))) {
			other.requireHeld();
			this.broker.<Integer>stream("in").append(1).append(2);
			assertThat(this.mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		}
		assertThat(phase()).isInstanceOf(MillPhase.TakenOver.class);
		assertThat(this.mill.state()).isEqualTo(MillState.STOPPED);
		assertThat(this.mill.status().detail()).isEqualTo(this.mill.status().unavailable()).isNotEmpty();
		assertThat(this.mill.status().unavailableSince()).isEqualTo(this.mill.status().since());
		assertThat(this.mill.status().lastError().message()).isEqualTo(this.mill.status().detail());
	}

}
