package dev.watermill.spring.health;

import java.time.Duration;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.spring.actuate.InMemoryMills;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MillsHealthIndicatorTests {

	private final InMemoryMills mills = new InMemoryMills();

	private final MillsHealthIndicator indicator = new MillsHealthIndicator(this.mills);

	@AfterEach
	void stopMills() throws InterruptedException {
		this.mills.close();
	}

	@Test
	void isUpWithoutMills() {
		assertThat(this.indicator.health()).isEqualTo(Health.up().build());
	}

	@Test
	void isUpWhileAMillWasNotStarted() {
		Mill mill = this.mills.addJoin("robot-speed");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(details("robot-speed"))
			.isEqualTo(Map.of("state", MillState.STOPPED, "since", mill.status().since()));
	}

	@Test
	void isUpWhileAMillWaitsForAnother() {
		this.mills.addJoin("robot-speed").waitFor("mill 'robots'");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(details("robot-speed")).containsEntry("state", MillState.STARTING)
			.containsEntry("detail", "mill 'robots'");
	}

	@Test
	void isUpWhileAMillRunsOrPausesOrWasStopped() {
		Mill mill = this.mills.addJoin("robot-speed");
		mill.start();
		awaitState(mill, MillState.RUNNING);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		mill.pause();
		awaitState(mill, MillState.PAUSED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		mill.stop();
		awaitState(mill, MillState.STOPPED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void isUpWhenAMillCompleted() {
		this.mills.addCompletedJoin("robot-speed");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(details("robot-speed")).containsEntry("state", MillState.COMPLETED);
	}

	@Test
	void isDownWithTheCauseWhenAMillFailed() {
		this.mills.addCompletedJoin("a-completed");
		Mill failed = this.mills.addFailedJoin("failed");
		this.mills.addCompletedJoin("z-completed");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(details("failed")).containsEntry("state", MillState.FAILED)
			.extractingByKey("lastError", InstanceOfAssertFactories.map(String.class, Object.class))
			.containsEntry("message", failed.status().lastError().message())
			.containsEntry("cause", "java.lang.IllegalStateException: broken sensor")
			.containsKey("at");
		assertThat(details("a-completed")).doesNotContainKey("lastError");
	}

	@Test
	void forgetsAFailureWhenTheMillIsStartedAgain() {
		Mill failed = this.mills.addFailedJoin("failed");
		failed.reset();
		this.mills.setReachable("failed", false);
		failed.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
		failed.stop();
		awaitState(failed, MillState.STOPPED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void isOutOfServiceWhileABrokerIsAway() {
		Mill mill = this.mills.addJoin("robot-speed");
		this.mills.setReachable("robot-speed", false);
		mill.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
		assertThat(details("robot-speed")).extractingByKey("unavailable", InstanceOfAssertFactories.STRING)
			.contains("the memory does not answer");
		this.mills.setReachable("robot-speed", true);
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP));
	}

	@Test
	void isOutOfServiceWhenAnotherInstanceTookOver() {
		Mill mill = this.mills.addJoin("robot-speed");
		mill.start();
		awaitState(mill, MillState.RUNNING);
		this.mills.takeOver("robot-speed");
		this.mills.appendLocations("robot-speed", "location", 2);
		this.mills.appendLocations("robot-speed", "next-step", 2);
		awaitState(mill, MillState.STOPPED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(details("robot-speed")).extractingByKey("detail", InstanceOfAssertFactories.STRING)
			.contains("took over");
	}

	@Test
	void isDownRatherThanOutOfService() {
		this.mills.addFailedJoin("failed");
		Mill waiting = this.mills.addJoin("waiting");
		this.mills.setReachable("waiting", false);
		waiting.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(details("waiting")).containsKey("unavailable"));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
	}

	private Map<String, Object> details(String mill) {
		assertThat(this.indicator.health().getDetails()).containsKey(mill);
		@SuppressWarnings("unchecked")
		Map<String, Object> details = (Map<String, Object>) this.indicator.health().getDetails().get(mill);
		return details;
	}

	private static void awaitState(Mill mill, MillState state) {
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(mill.state()).isEqualTo(state));
	}

}
